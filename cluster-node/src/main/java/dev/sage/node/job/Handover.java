package dev.sage.node.job;

import dev.sage.node.core.RegisteredJob;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives each attempt to the runner once, even where the registry itself was started again in this JVM: then it knows only
 * what the journal says, and not what the runner has.
 */
final class Handover {
    private final Runner runner;
    private final Map<String, Integer> given = new ConcurrentHashMap<>();

    Handover(Runner runner) {
        this.runner = runner;
    }

    void run(RegisteredJob job) {
        Integer before = given.put(job.id(), job.attempt());
        if (before == null || before < job.attempt()) {
            runner.run(job);
        }
    }

    void cancel(String id, String reason) {
        runner.cancel(id, reason);
    }

    void forget(String id) {
        given.remove(id);
    }
}
