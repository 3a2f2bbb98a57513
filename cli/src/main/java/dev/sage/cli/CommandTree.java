package dev.sage.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * A command and those below it, made when needed. Each one that picocli is given costs it milliseconds, so of the
 * subcommands only the one that was typed is made, and all of them where one was not: for the help, and for guesses at what
 * was meant.
 */
record CommandTree(String name, Supplier<CommandLine> command, List<CommandTree> children) {

    static CommandTree leaf(String name, Supplier<Object> command) {
        return new CommandTree(name, () -> new CommandLine(command.get()), List.of());
    }

    static CommandTree group(String name, Supplier<Object> command, CommandTree... children) {
        return new CommandTree(name, () -> new CommandLine(command.get()), List.of(children));
    }

    /** @param typed behind this command's name */
    CommandLine make(List<String> typed) {
        CommandLine made = command.get();
        List<CommandTree> wanted = children.stream()
                .filter(child -> !typed.isEmpty() && child.name.equals(typed.get(0)))
                .toList();
        if (wanted.isEmpty()) {
            children.forEach(child -> made.addSubcommand(child.name, child.make(List.of())));
        } else {
            wanted.forEach(child -> made.addSubcommand(child.name, child.make(typed.subList(1, typed.size()))));
        }
        return made;
    }
}
