package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;

import dev.sage.api.JobState;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.node.core.Nearest;
import dev.sage.node.job.Jobs;
import dev.sage.node.job.Jobs.Order;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Submit, list, show and order jobs. */
final class JobRoutes {
    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 1_000;
    private static final int LONGEST_KEY = 255;
    private static final JobOptions DEFAULTS = new JobOptions(false, false, null, null, null, 0, 0, 0, null, null);

    private final Jobs jobs;

    /** The body of an order. */
    record Why(@Nullable String reason) {}

    JobRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
                guarded("POST", "/v1/jobs", this::submit),
                guarded("GET", "/v1/jobs", this::list, "state", "name", "owner", "after", "limit"),
                guarded("GET", "/v1/jobs/{id}", call -> jobs.show(call.jobId()).thenApply(Call.ok())),
                guarded("POST", "/v1/jobs/{id}/pause", call -> order(call, Order.PAUSE)),
                guarded("POST", "/v1/jobs/{id}/resume", call -> order(call, Order.RESUME)),
                guarded("POST", "/v1/jobs/{id}/stop", call -> order(call, Order.STOP)),
                guarded("POST", "/v1/jobs/{id}/cancel", call -> order(call, Order.CANCEL)),
                guarded(
                        "PUT",
                        "/v1/jobs/{id}/lease",
                        call -> jobs.renew(call.jobId()).thenApply(Call.ok())),
                guarded(
                        "GET",
                        "/v1/jobs/{id}/graph",
                        call -> jobs.plan(call.jobId()).thenApply(Replies::text)));
    }

    private CompletionStage<HttpResponse> submit(Call call) {
        Optional<String> key = key(call);
        return call.json(JobSubmission.class)
                .thenCompose(given -> jobs.submit(checked(given, key), key, call.owner()))
                .thenApply(JobRoutes::accepted);
    }

    private static HttpResponse accepted(Jobs.Accepted accepted) {
        HttpResponse response = Replies.json(accepted.repeated() ? 200 : 201, accepted.job())
                .addHeader(Location.create("/v1/jobs/" + accepted.job().id()));
        return accepted.repeated() ? response.addHeader(RawHeader.create("Idempotent-Replayed", "true")) : response;
    }

    private static Optional<String> key(Call call) {
        Optional<String> key = call.header("Idempotency-Key");
        key.filter(text -> text.isBlank()
                        || text.length() > LONGEST_KEY
                        || !text.chars().allMatch(c -> c > 31 && c < 127))
                .ifPresent(text -> {
                    throw Refusal.HEADER_INVALID.because(
                            "Idempotency-Key is " + Call.printable(text) + ".",
                            "It must have from 1 to " + LONGEST_KEY + " ASCII characters.");
                });
        return key;
    }

    /** The same with its defaults; refused when a job cannot be meant by it. */
    static JobSubmission checked(JobSubmission given, Optional<String> key) {
        if (given.name() == null || given.name().isBlank() || given.name().length() > 255) {
            throw Refusal.JSON_INVALID.because(
                    "name is " + (given.name() == null ? "absent" : Call.printable(given.name())) + ".",
                    "Give the job a name of 1 to 255 characters.");
        }
        if ((given.code() == null) == (given.command() == null)) {
            throw Refusal.JSON_INVALID.because(
                    given.code() == null ? "Neither code nor command is there." : "Both code and command are there.",
                    "Send a pipeline as code, or a program as command.");
        }
        JobSubmission submission = new JobSubmission(
                given.name(), given.options() == null ? DEFAULTS : given.options(), given.code(), given.command());
        SubmissionCheck.check(submission);
        try {
            var unused = submission.options().toOptions(key.orElse(null));
        } catch (IllegalArgumentException e) {
            throw Refusal.OPTIONS_INVALID.because("options: " + e.getMessage(), "Correct it.");
        }
        return submission;
    }

    private CompletionStage<HttpResponse> list(Call call) {
        Jobs.Query query = new Jobs.Query(
                states(call.list("state")), call.query("name"), call.query("owner"), call.query("after"), (int)
                        call.number("limit", 1, LONGEST_PAGE, PAGE));
        return jobs.list(query).thenApply(Call.ok());
    }

    private static Set<JobState> states(List<String> names) {
        List<String> known = Arrays.stream(JobState.values()).map(Enum::name).toList();
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String name : names) {
            if (!known.contains(name)) {
                throw Refusal.QUERY_INVALID.because(
                        "There is no state " + Call.printable(name) + "."
                                + Nearest.to(name, known)
                                        .map(nearest -> " Did you mean " + nearest + "?")
                                        .orElse(""),
                        "States are " + String.join(", ", known) + ", with commas between several.");
            }
            states.add(JobState.valueOf(name));
        }
        return states;
    }

    private CompletionStage<HttpResponse> order(Call call, Order order) {
        String id = call.jobId();
        return call.json(Why.class, new Why(null))
                .thenCompose(why -> jobs.order(id, order, reason(why, call.owner())))
                .thenApply(job -> Replies.json(202, job));
    }

    private static String reason(Why why, String owner) {
        return why.reason() == null || why.reason().isBlank() ? "asked for by " + owner : why.reason();
    }
}
