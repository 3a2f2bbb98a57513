package dev.sage.client;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.RestartPolicy;
import dev.sage.api.SageException;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs of one job at a node that run beside its client, as a job of the local runtime that has nothing else. */
final class BesideJob {
    private static final Logger log = LoggerFactory.getLogger(BesideJob.class);

    private final JobHandle local;
    private final Set<String> names;
    private final Duration endWithin;
    private volatile boolean ending;

    private BesideJob(JobHandle local, Set<String> names, Duration endWithin) {
        this.local = local;
        this.names = names;
        this.endWithin = endWithin;
    }

    /** Waits until all are ready; ends them when one does not start. */
    static BesideJob ready(JobHandle local, List<ServiceSpec> services, RemoteOptions options) {
        Set<String> names = services.stream().map(ServiceSpec::name).collect(Collectors.toUnmodifiableSet());
        BesideJob beside = new BesideJob(local, names, options.closeTimeout());
        try {
            beside.awaitReady(options.times().giveUp());
            return beside;
        } catch (InterruptedException e) {
            beside.end();
            Thread.currentThread().interrupt();
            throw new SageException("client.interrupted", "Interrupted while " + names + " were started here.", e);
        } catch (RuntimeException e) {
            beside.end();
            throw e;
        }
    }

    /** How long a start may take is for the runtime to say; only the wait for GPUs and ports has no other end. */
    private void awaitReady(Duration queueTime) throws InterruptedException {
        CompletableFuture<JobState> begun = new CompletableFuture<>();
        local.events(event -> {
            if (event instanceof JobEvent.StateChanged changed) {
                begun.complete(changed.to());
            }
        });
        if (Waiting.get(begun, Optional.of(queueTime)).isEmpty()) {
            throw new SageException(
                    "service.timeout",
                    "The services " + names + " have waited " + queueTime + " for GPUs and ports at the client. See who"
                            + " has them with \"sage check\", or raise RemoteOptions.giveUpAfter.");
        }
        local.awaitIdle();
        if (local.state() != JobState.IDLE) {
            JobResult result = result();
            throw new SageException(
                    "service.failed",
                    "The services " + names + " were to run at the client, and do not: "
                            + result.failure().map(JobFailure::describe).orElse(result.reason()));
        }
    }

    boolean has(String program) {
        return names.contains(program);
    }

    Set<String> names() {
        return names;
    }

    /** What tells of them: their output. */
    JobHandle local() {
        return local;
    }

    /** The graph as it is sent: with the addresses of what runs here. */
    JobGraph known(JobGraph graph, String host) {
        return new JobGraph(
                graph.name(),
                graph.vertices(),
                graph.services().stream()
                        .map(service -> has(service.name()) ? at(host, service) : service)
                        .toList());
    }

    /** Restarts are made here, and the start is over. */
    private ServiceSpec at(String host, ServiceSpec service) {
        ProcessEndpoint here = local.service(service.name(), ProcessEndpoint.class);
        return new ServiceSpec(
                service.name(),
                new ServiceBody.BesideClient(host, here.pid(), here.ports(), here.gpus()),
                service.concurrency(),
                service.callTimeout(),
                RestartPolicy.never(),
                service.dependsOn(),
                service.bind());
    }

    /** Tells when one has ended for good before it was to: which, and why. On a thread that may block. */
    void onDeath(BiConsumer<String, String> told) {
        local.result().thenAccept(result -> {
            if (!ending) {
                told.accept(
                        result.failure()
                                .map(JobFailure::name)
                                .filter(names::contains)
                                .orElseGet(() -> names.iterator().next()),
                        result.failure().map(JobFailure::message).orElse(result.reason()));
            }
        });
    }

    /** Ends them; blocks until that is done. What became of them, but for lines of no interest; empty when asked again. */
    synchronized List<CleanupReport.Line> end() {
        if (ending) {
            return List.of();
        }
        ending = true;
        local.cancel();
        List<CleanupReport.Line> lines = new ArrayList<>();
        try {
            for (CleanupReport.Line line : result().cleanup().lines()) {
                lines.add(new CleanupReport.Line(
                        line.kind(),
                        line.name() + " (at the client)",
                        line.step(),
                        line.outcome(),
                        line.reason(),
                        line.duration()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SageException late) {
            log.warn("{}", late.getMessage());
        }
        return lines;
    }

    private JobResult result() throws InterruptedException {
        try {
            return local.awaitClean(endWithin);
        } catch (JobFailedException failed) {
            return failed.result();
        } catch (TimeoutException late) {
            throw new SageException(
                    "environment.timeout",
                    "The programs of " + names + " at the client have not ended within " + endWithin + ".",
                    late);
        }
    }
}
