package dev.sage.node.job;

import dev.sage.api.ProcessService;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.client.wire.CommandLine;
import java.nio.file.Path;
import java.util.Map;

/** The graph of a job that is a program. */
final class CommandGraph {
    private CommandGraph() {}

    /** @throws dev.sage.api.InvalidGraphException when the command cannot be */
    static JobGraph of(String name, CommandLine command) {
        ProcessService program = ProcessService.command(command.arguments()).gpus(command.gpus());
        if (command.ports() > 0) {
            program = program.ports(command.ports());
        }
        String directory = command.directory();
        if (directory != null) {
            program = program.directory(Path.of(directory));
        }
        Map<String, String> environment = command.environment();
        if (environment != null) {
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                program = program.env(variable.getKey(), variable.getValue());
            }
        }
        RecordedGraph recording = new RecordedGraph(name);
        recording.command(name, program);
        return recording.graph();
    }
}
