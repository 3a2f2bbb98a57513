package dev.sage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The page on the commands is what the commands say; {@code -Dsage.docs.write=true} writes it anew. */
class CliPageTest {
    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final int WIDTH = 100;

    @Test
    void thePageIsWhatTheCommandsSay() throws IOException {
        String page = page();
        if (Boolean.getBoolean("sage.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    @Test
    void everyCommandHasAnExample() {
        assertThat(leaves(whole()))
                .filteredOn(command -> !command.getUsageMessage(Help.Ansi.OFF).contains("Example"))
                .isEmpty();
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # The sage command

                What each command says with `--help`. Exit codes are on the page on [operations](operations.md#exit-codes).
                Every command that asks a node has `--node`, `--token` and `--json`; those that start or end one,
                or a cluster of Ray, have the last. On a terminal the states of jobs have colours;
                `NO_COLOR=1` turns them off.
                """);
        for (CommandLine command : leaves(whole())) {
            page.append("\n## ")
                    .append(command.getCommandSpec().qualifiedName())
                    .append("\n\n```text\n")
                    .append(help(command).strip())
                    .append("\n```\n");
        }
        return page.toString();
    }

    private static String help(CommandLine command) {
        command.setUsageHelpWidth(WIDTH);
        return command.getUsageMessage(Help.Ansi.OFF)
                .lines()
                // The programs are those of the class path, and no programs of tests.
                .takeWhile(line -> !line.startsWith("Programs, each"))
                .map(String::stripTrailing)
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    private static CommandLine whole() {
        return SageCommand.whole(new CommandRun().context());
    }

    private static List<CommandLine> leaves(CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            return List.of(command);
        }
        List<CommandLine> leaves = new ArrayList<>();
        command.getSubcommands().values().stream()
                .flatMap(below -> Stream.of(leaves(below)))
                .forEach(leaves::addAll);
        return leaves;
    }
}
