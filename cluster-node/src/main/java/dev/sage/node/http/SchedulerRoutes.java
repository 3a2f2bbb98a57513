package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sage.api.JobState;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import dev.sage.node.job.Jobs;
import dev.sage.node.job.Jobs.Order;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The established endpoints of GPU schedulers, with their field names, for clients that have them: a thin layer over the same
 * jobs. A submission becomes a program with GPUs that needs no client; what has no counterpart is refused and not ignored.
 */
final class SchedulerRoutes {
    private static final int PAGE = 1_000;

    private final Jobs jobs;

    record Config(
            @Nullable String name,
            @Nullable List<String> command,
            @Nullable Map<String, String> env,
            @Nullable String cwd,
            @JsonProperty("num_gpus") @Nullable Integer numGpus,
            @JsonProperty("num_ports") @Nullable Integer numPorts,
            @Nullable Integer priority) {}

    record Submit(
            @Nullable Config config,
            @JsonProperty("enable_agent_loop") boolean enableAgentLoop,
            @JsonProperty("wandb_key") @Nullable String wandbKey,
            @JsonProperty("num_gpus") @Nullable Integer numGpus) {}

    record Reply(@JsonProperty("job_id") String jobId, String status, String message) {}

    record Status(
            @JsonProperty("job_id") String jobId,
            String status,
            @JsonProperty("gpu_ids") List<Integer> gpuIds,
            @Nullable Integer port,
            @JsonProperty("server_url") @Nullable String serverUrl,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("started_at") @Nullable Instant startedAt,
            @JsonProperty("completed_at") @Nullable Instant completedAt,
            @JsonProperty("error_message") @Nullable String errorMessage) {}

    record Listing(List<Status> jobs) {}

    SchedulerRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
                guarded("POST", "/submit_job", this::submit),
                guarded(
                        "GET",
                        "/job_status/{id}",
                        call -> jobs.show(call.jobId()).thenApply(details -> Replies.json(200, status(details)))),
                guarded("GET", "/list_jobs", this::list),
                guarded("DELETE", "/cancel_job/{id}", call -> order(call, Order.CANCEL)),
                guarded("POST", "/complete_job/{id}", call -> order(call, Order.STOP)));
    }

    private CompletionStage<HttpResponse> submit(Call call) {
        return call.jsonWithNulls(Submit.class)
                .thenCompose(submit -> jobs.submit(
                        JobRoutes.checked(submission(submit), Optional.empty()), Optional.empty(), call.owner()))
                .thenApply(accepted -> Replies.json(
                        200,
                        new Reply(
                                accepted.job().id(),
                                name(accepted.job().state()),
                                "Job " + accepted.job().id() + " is accepted.")));
    }

    private static JobSubmission submission(Submit submit) {
        if (submit.enableAgentLoop()) {
            throw unmapped("enable_agent_loop", "Start what the loop needs in the command.");
        }
        Config config = submit.config();
        if (config == null || config.command() == null) {
            throw unmapped(
                    "a config without command",
                    "Give config.command, the program and its arguments as a list of texts.");
        }
        Map<String, String> environment = new HashMap<>(config.env() == null ? Map.of() : config.env());
        if (submit.wandbKey() != null) {
            environment.put("WANDB_API_KEY", submit.wandbKey());
        }
        if (config.numGpus() != null) {
            // Also where the one outside wins: who sends nonsense is told.
            SubmissionCheck.gpus("config.num_gpus", config.numGpus());
        }
        int gpus = orZero(submit.numGpus() == null ? config.numGpus() : submit.numGpus());
        int priority = orZero(config.priority());
        return new JobSubmission(
                config.name() == null || config.name().isBlank() ? "job" : config.name(),
                new JobOptions(true, true, null, null, null, priority, 0, 0, null, null),
                null,
                new CommandLine(config.command(), environment, config.cwd(), gpus, orZero(config.numPorts())));
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static RefusedException unmapped(String what, String next) {
        return Refusal.SCHEDULER_UNMAPPED.because("Sage has nothing that stands for " + what + ".", next);
    }

    private CompletionStage<HttpResponse> list(Call call) {
        return jobs.list(new Jobs.Query(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), PAGE))
                .thenApply(page -> Replies.json(
                        200,
                        new Listing(page.jobs().stream()
                                .map(job -> status(job, List.of(), List.of()))
                                .toList())));
    }

    /** A job that is unknown or has ended already is no error here: those who clean up call this last. */
    private CompletionStage<HttpResponse> order(Call call, Order order) {
        String given = call.variable("id");
        String id;
        try {
            id = call.jobId();
        } catch (RefusedException e) {
            return java.util.concurrent.CompletableFuture.completedFuture(unknown(given));
        }
        return jobs.order(id, order, "asked for by " + call.owner())
                .thenApply(
                        job -> Replies.json(200, new Reply(job.id(), name(job.state()), "Job " + job.id() + " ends.")))
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause instanceof NodeException node && node.code().equals("job.unknown")) {
                        return java.util.concurrent.CompletableFuture.completedFuture(unknown(given));
                    }
                    if (cause instanceof NodeException node && node.code().equals("job.ended")) {
                        return jobs.show(id)
                                .thenApply(ended -> Replies.json(
                                        200,
                                        new Reply(
                                                ended.job().id(),
                                                name(ended.job().state()),
                                                "Job " + ended.job().id() + " has ended already.")));
                    }
                    return java.util.concurrent.CompletableFuture.failedFuture(failure);
                });
    }

    private static HttpResponse unknown(String id) {
        return Replies.json(200, new Reply(id, "NOT_FOUND", "There is no such job."));
    }

    private static Status status(JobDetails details) {
        return status(details.job(), details.leases().gpus(), details.leases().ports());
    }

    private static Status status(JobView job, List<Integer> gpus, List<Integer> ports) {
        Integer port = ports.isEmpty() ? null : ports.get(0);
        boolean failed = job.state() == JobState.FAILED || job.state() == JobState.TIMED_OUT;
        return new Status(
                job.id(),
                name(job.state()),
                gpus,
                port,
                port == null ? null : "http://127.0.0.1:" + port,
                job.submittedAt(),
                job.startedAt(),
                job.endedAt(),
                failed ? job.cause() : null);
    }

    /** The states that such clients know. */
    private static String name(JobState state) {
        return switch (state) {
            case QUEUED, STARTING, RUNNING, COMPLETED, CANCELLED, FAILED -> state.name();
            case PAUSED, IDLE, STOPPING, CLEANING -> JobState.RUNNING.name();
            case STOPPED -> JobState.COMPLETED.name();
            case TIMED_OUT -> JobState.FAILED.name();
        };
    }
}
