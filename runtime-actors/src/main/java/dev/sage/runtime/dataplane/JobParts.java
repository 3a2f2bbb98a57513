package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Vertex;
import dev.sage.runtime.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tasks of one job share while they are put together. */
final class JobParts {
    private final Plan plan;
    private final int epoch;
    private final DataPlaneSettings settings;
    private final BlockingThreads blocking;
    private final Commands commands;
    private final RemotePools remotePools;
    private final List<ExchangeChannels> exchanges;
    private final Map<Integer, FileSet> fileSets = new HashMap<>();
    private final Map<Integer, Collected> collected = new HashMap<>();

    JobParts(
            Plan plan,
            int epoch,
            DataPlaneSettings settings,
            BlockingThreads blocking,
            Commands commands,
            RemotePools remotePools,
            List<ExchangeChannels> exchanges) {
        this.plan = plan;
        this.epoch = epoch;
        this.settings = settings;
        this.blocking = blocking;
        this.commands = commands;
        this.remotePools = remotePools;
        this.exchanges = exchanges;
    }

    Plan plan() {
        return plan;
    }

    int epoch() {
        return epoch;
    }

    DataPlaneSettings settings() {
        return settings;
    }

    BlockingThreads blocking() {
        return blocking;
    }

    Commands commands() {
        return commands;
    }

    RemotePools remotePools() {
        return remotePools;
    }

    ExchangeChannels channels(int exchange) {
        return exchanges.get(exchange);
    }

    FileSet files(Vertex vertex, Operator.FileSource source) {
        return fileSets.computeIfAbsent(
                vertex.id(),
                id -> new FileSet(
                        source.files(),
                        !RecordDecoder.hasQuotes(source.format()),
                        vertex.parallelism(),
                        settings.maxFiles()));
    }

    Collected collected(Vertex vertex, Operator.Collect collect) {
        return collected.computeIfAbsent(
                vertex.id(), id -> new Collected(collect, vertex.parallelism(), settings.collectMaxRecords()));
    }
}
