package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.job.Jobs;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What goes on in a job, or in all of them, as server-sent events, and what its programs print. */
final class StreamRoutes {
    private static final int MOST_LINES = 100_000;
    private static final ClassValue<String> TYPES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> event) {
            return kebab(event.getSimpleName());
        }
    };

    private final Jobs jobs;
    private final Streams streams;
    private final Files files;

    StreamRoutes(Jobs jobs, Streams streams, Files files) {
        this.jobs = jobs;
        this.streams = streams;
        this.files = files;
    }

    List<Route> routes() {
        return List.of(
                guarded("GET", "/v1/events", this::changes, "after"),
                guarded("GET", "/v1/jobs/{id}/events", this::events, "after", "follow"),
                guarded("GET", "/v1/jobs/{id}/progress", this::progress),
                guarded("GET", "/v1/jobs/{id}/logs", this::logs, "name", "follow", "tail", "after"));
    }

    private CompletionStage<HttpResponse> changes(Call call) {
        long after = after(call);
        return streams.<JobChange>answer(
                call, change -> change.job() == null ? "reset" : "job", listener -> jobs.changes(after, listener));
    }

    private CompletionStage<HttpResponse> events(Call call) {
        String id = call.jobId();
        long after = after(call);
        boolean follow = call.query("follow").map(StreamRoutes::flag).orElse(true);
        return streams.<JobEvent>answer(
                call, event -> TYPES.get(event.getClass()), listener -> jobs.events(id, after, follow, listener));
    }

    private CompletionStage<HttpResponse> progress(Call call) {
        String id = call.jobId();
        return streams.<JobProgress>answer(call, progress -> "progress", listener -> jobs.progress(id, listener));
    }

    private CompletionStage<HttpResponse> logs(Call call) {
        String id = call.jobId();
        Optional<String> name = call.query("name");
        boolean follow = call.query("follow").map(StreamRoutes::flag).orElse(false);
        long after = after(call);
        long tail = call.number("tail", 0, MOST_LINES, -1);
        if (follow) {
            // Who resumes has had the last lines already.
            OptionalLong last = tail < 0 || after > 0 ? OptionalLong.empty() : OptionalLong.of(tail);
            return streams.<OutputLine>answer(
                    call, line -> "line", listener -> jobs.output(id, name, after, last, listener));
        }
        refuse(call, "after", "with follow=true");
        if (name.isPresent()) {
            return jobs.outputFile(id, name.get()).thenCompose(file -> files.text(file, tail));
        }
        return jobs.show(id).thenCompose(job -> {
            if (job.outputs().size() != 1) {
                throw Refusal.QUERY_INVALID.because(
                        "The job has " + (job.outputs().isEmpty() ? "no output" : "the outputs " + job.outputs()) + ".",
                        "Say which one with name=, or follow=true for all of them.");
            }
            return jobs.outputFile(id, job.outputs().get(0)).thenCompose(file -> files.text(file, tail));
        });
    }

    private static void refuse(Call call, String parameter, String where) {
        call.query(parameter).ifPresent(value -> {
            throw Refusal.QUERY_INVALID.because(
                    "The query parameter " + parameter + " means something only " + where + ".", "Leave it away.");
        });
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw Refusal.QUERY_INVALID.because(
                    "follow is " + Call.printable(text) + "; it must be true or false.", "Correct it.");
        }
        return text.equals("true");
    }

    /** After which event to go on. The header is newer: a browser that reconnects repeats the first address. */
    private static long after(Call call) {
        long asked = call.number("after", 0, Long.MAX_VALUE - 1, 0);
        return call.header("Last-Event-ID")
                .map(text -> Call.parse(text.strip(), 0, Long.MAX_VALUE - 1)
                        .orElseThrow(() -> Refusal.HEADER_INVALID.because(
                                "Last-Event-ID is " + Call.printable(text) + ".",
                                "It must be the id of an event, a number from 0 on.")))
                .orElse(asked);
    }

    static String kebab(String name) {
        return name.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
