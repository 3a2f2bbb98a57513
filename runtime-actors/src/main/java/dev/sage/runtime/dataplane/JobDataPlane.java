package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Partitioning;
import dev.sage.runtime.plan.Chain;
import dev.sage.runtime.plan.Exchange;
import dev.sage.runtime.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the tasks of one job together: their operators, and the channels between them. Nothing of the job is kept
 * anywhere but in the tasks, and a closed task lets go of its part.
 */
public final class JobDataPlane {
    private JobDataPlane() {}

    /**
     * All tasks of a job that runs in this JVM, in the order of the plan's chains and their instances. Nothing runs
     * before a task is started; tasks may be started in any order.
     *
     * @param epoch the attempt of the job
     */
    public static List<TaskControl> assemble(
            Plan plan,
            int epoch,
            DataPlaneSettings settings,
            TaskletExecutor executor,
            BlockingThreads blocking,
            Commands commands,
            RemotePools remotePools) {
        long quantumNanos = settings.quantum().toNanos();
        List<List<ChainTasklet>> tasklets = new ArrayList<>();
        for (Chain chain : plan.chains()) {
            List<ChainTasklet> instances = new ArrayList<>();
            for (int instance = 0; instance < chain.parallelism(); instance++) {
                instances.add(new ChainTasklet(executor, chain, instance, epoch, quantumNanos));
            }
            tasklets.add(instances);
        }
        List<ExchangeChannels> exchanges = new ArrayList<>();
        for (Exchange exchange : plan.exchanges()) {
            exchanges.add(channels(plan, exchange, tasklets, settings));
        }
        JobParts parts = new JobParts(plan, epoch, settings, blocking, commands, remotePools, exchanges);
        tasklets.forEach(instances -> instances.forEach(tasklet -> tasklet.assemble(parts)));
        return tasklets.stream().<TaskControl>flatMap(List::stream).toList();
    }

    private static ExchangeChannels channels(
            Plan plan, Exchange exchange, List<List<ChainTasklet>> tasklets, DataPlaneSettings settings) {
        List<ChainTasklet> producers = tasklets.get(exchange.fromChain());
        List<ChainTasklet> consumers = tasklets.get(exchange.toChain());
        if (exchange.partitioning() instanceof Partitioning.Feedback) {
            String loop = plan.chains().get(exchange.toChain()).head().name();
            return ExchangeChannels.ofLoop(loop, producers.size(), consumers, settings);
        }
        return ExchangeChannels.of(exchange, plan.isForward(exchange), producers, consumers, settings);
    }
}
