package dev.sage.client;

import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.ship.Records;
import java.io.ObjectStreamException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings back what a job's {@code collect()} operators have collected. Used by one thread. */
final class Collected {
    private final NodeApi api;
    private final String job;
    private final Map<String, Consumer<List<Object>>> missing = new LinkedHashMap<>();

    Collected(NodeApi api, String job, JobGraph graph) {
        this.api = api;
        this.job = job;
        graph.vertices().forEach(vertex -> {
            if (vertex.operator() instanceof Operator.Collect collect) {
                missing.put(vertex.name(), collect.publish());
            }
        });
    }

    /**
     * Publishes what the node has and was not published before.
     *
     * @param state that the job is in; after a good end everything has to be there
     * @return what went wrong
     */
    Optional<SageException> fetch(JobState state) {
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        try {
            // After a good end the node has them all, and need not be asked which.
            List<String> there = state == JobState.COMPLETED
                    ? List.copyOf(missing.keySet())
                    : api.show(job).collected();
            for (String operator : there) {
                Consumer<List<Object>> publish = missing.get(operator);
                if (publish != null) {
                    publish.accept(read(operator));
                    missing.remove(operator);
                }
            }
        } catch (NodeProblemException refused) {
            return Optional.of(
                    refused.code().equals("collected.unknown")
                            ? lost("the node does not have the records of " + missing.keySet(), refused)
                            : refused);
        } catch (SageException failed) {
            return Optional.of(failed);
        }
        return Optional.empty();
    }

    private List<Object> read(String operator) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return api.retried(() -> api.http()
                .download(NodeApi.path(job) + "/collected/" + NodeApi.escaped(operator), in -> {
                    try {
                        return Records.read(in, loader);
                    } catch (ClassNotFoundException e) {
                        throw lost("a record of '" + operator + "' has a class that is not here: " + e.getMessage(), e);
                    } catch (ObjectStreamException e) {
                        throw lost("the records of '" + operator + "' cannot be read: " + e, e);
                    }
                }));
    }

    private SageException lost(String why, Throwable cause) {
        return new SageException("results.unavailable", "Job " + job + " has ended, but " + why + ".", cause);
    }
}
