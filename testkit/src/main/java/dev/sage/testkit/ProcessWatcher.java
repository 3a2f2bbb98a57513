package dev.sage.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Sees child processes of this JVM, and theirs. */
final class ProcessWatcher implements Watcher {
    private final Set<ProcessHandle> before =
            ProcessHandle.current().descendants().collect(Collectors.toUnmodifiableSet());

    @Override
    public List<String> leaks() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> !before.contains(process) && process.isAlive())
                .map(ProcessWatcher::describe)
                .toList();
    }

    private static String describe(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        String command = info.commandLine().or(info::command).orElse("(its command is unknown)");
        return "process " + process.pid() + ": " + command;
    }
}
