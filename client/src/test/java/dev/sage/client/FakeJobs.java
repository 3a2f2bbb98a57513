package dev.sage.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sage.api.CleanupReport;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailure;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.client.http.FakeNode;
import dev.sage.client.http.FakeNode.Answer;
import dev.sage.client.http.FakeNode.Request;
import dev.sage.client.ship.Records;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.OutputLine;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Plays the jobs of a node: each takes its course as it is told to, and ends when a test says so. */
final class FakeJobs implements Function<Request, Answer> {
    static final Duration TIME_TO_LIVE = Duration.ofMillis(300);

    final List<JobSubmission> submitted = new CopyOnWriteArrayList<>();
    final Map<String, List<Object>> records = new ConcurrentHashMap<>();
    final List<String> printed = new CopyOnWriteArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);
    private final Map<String, String> jobsByKey = new ConcurrentHashMap<>();
    volatile NodeView node = new NodeView(
            "i1", SageVersion.here(), Runtime.version().feature(), 1, "127.0.0.1", 1, Instant.EPOCH, "/home");
    volatile Function<Request, Optional<Answer>> first = request -> Optional.empty();
    volatile JobState end = JobState.COMPLETED;
    volatile Optional<JobFailure> failure = Optional.empty();
    volatile boolean detached;

    @Override
    public Answer apply(Request request) {
        return first.apply(request).orElseGet(() -> answered(request));
    }

    JobResult result() {
        return new JobResult(
                "j1",
                "app",
                end,
                "because",
                failure,
                List.of(),
                List.of(),
                Map.of(),
                new CleanupReport(List.of()),
                Duration.ofSeconds(1));
    }

    Answer answered(Request request) {
        String path = request.path().replaceAll("\\?.*", "");
        if (path.equals("/v1/nodes")) {
            return FakeNode.json(200, List.of(node));
        }
        if (request.method().equals("HEAD")) {
            return FakeNode.answer(200, "x/y", new byte[0]);
        }
        if (request.line().equals("POST /v1/jobs")) {
            submitted.add(request.as(JobSubmission.class));
            String key = request.headers().get("idempotency-key");
            return FakeNode.json(201, view(jobsByKey.computeIfAbsent(key, k -> "j" + (jobsByKey.size() + 1))));
        }
        if (path.endsWith("/cancel") || path.endsWith("/stop")) {
            end = path.endsWith("/cancel") ? JobState.CANCELLED : JobState.STOPPED;
            ended.countDown();
            return FakeNode.json(202, view("j1"));
        }
        if (path.endsWith("/lease")) {
            return FakeNode.json(200, new LeaseView("j1", TIME_TO_LIVE));
        }
        if (path.endsWith("/events")) {
            awaitEnd();
            return FakeNode.events(events(request.after()), true);
        }
        if (path.endsWith("/logs")) {
            awaitEnd();
            return FakeNode.events(
                    printed.stream()
                            .skip(request.after())
                            .map(line -> FakeNode.frame(
                                    1 + printed.indexOf(line), "line", json(new OutputLine("print", line))))
                            .toList(),
                    true);
        }
        if (path.contains("/collected/")) {
            return FakeNode.answer(200, "application/octet-stream", bytes(records.get(path.replaceAll(".*/", ""))));
        }
        return FakeNode.json(200, details());
    }

    private void awaitEnd() {
        try {
            ended.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JobDetails details() {
        boolean over = ended.getCount() == 0;
        return new JobDetails(
                view("j1"),
                new JobProgress(over ? end : JobState.RUNNING, List.of()),
                JobLeases.NONE,
                List.of(),
                over ? List.copyOf(records.keySet()) : List.of(),
                over ? result() : null);
    }

    private JobView view(String id) {
        return new JobView(
                id,
                "app",
                "me",
                JobState.QUEUED,
                true,
                detached,
                0,
                1,
                0,
                0,
                true,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                null);
    }

    private List<String> events(long after) {
        List<JobEvent> events = List.of(
                new JobEvent.StateChanged(Duration.ZERO, JobState.QUEUED, JobState.STARTING, ""),
                new JobEvent.StateChanged(Duration.ZERO, JobState.STARTING, JobState.RUNNING, ""),
                new JobEvent.StateChanged(Duration.ZERO, JobState.RUNNING, end, "because"),
                new JobEvent.Ended(Duration.ZERO, result()));
        List<String> frames = new ArrayList<>();
        for (int i = (int) after; i < events.size(); i++) {
            frames.add(FakeNode.frame(i + 1, Wire.typeOf(events.get(i).getClass()), json(events.get(i))));
        }
        return frames;
    }

    private static byte[] bytes(List<Object> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Records.write(values, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String json(Object value) {
        try {
            return Wire.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
