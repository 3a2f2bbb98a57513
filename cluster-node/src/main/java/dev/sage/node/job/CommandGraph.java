package dev.sage.node.job;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.ProcessService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.wire.CommandLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The graph of a job that is a program: recorded as an author's would be, and run by nobody here. */
final class CommandGraph extends GraphEnvironment {
    private @Nullable JobGraph recorded;

    private CommandGraph(String name) {
        super(name);
    }

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
        CommandGraph graph = new CommandGraph(name);
        graph.command(name, program);
        graph.explain();
        JobGraph result = graph.recorded;
        if (result == null) {
            throw new IllegalStateException("The graph of command " + name + " was not recorded.");
        }
        return result;
    }

    @Override
    protected String explain(JobGraph graph) {
        recorded = graph;
        return "";
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions options) {
        throw new UnsupportedOperationException("Graphs are only recorded here.");
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw new UnsupportedOperationException("Graphs are only recorded here.");
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public Resources resources() {
        throw new UnsupportedOperationException("Graphs are only recorded here.");
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
