package dev.sage.node.http;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobEvent;
import dev.sage.api.JobLeases;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.TaskReport;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.JobWork;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.job.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Jobs that keep their promises and do nothing. */
final class FakeJobs implements Jobs {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    final AtomicInteger followed = new AtomicInteger();
    final Feed<JobChange> changes = new Feed<>(followed);
    final List<String> reasons = Collections.synchronizedList(new ArrayList<>());
    private final boolean endAtOnce;
    private final Path file;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, Job> keys = new HashMap<>();

    final class Job {
        final String id;
        final JobSubmission submission;
        final String owner;
        final Optional<String> key;
        final Feed<JobEvent> events = new Feed<>(followed);
        final Feed<OutputLine> lines = new Feed<>(followed);
        volatile JobState state = JobState.QUEUED;

        Job(String id, JobSubmission submission, String owner, Optional<String> key) {
            this.id = id;
            this.submission = submission;
            this.owner = owner;
            this.key = key;
        }

        void become(JobState next, String reason) {
            events.tell(new JobEvent.StateChanged(Duration.ofMillis(500), state, next, reason));
            state = next;
            changes.tell(new JobChange(view(), new JobWork(10, 0, 0)));
            if (next.isTerminal()) {
                events.tell(new JobEvent.Ended(Duration.ofSeconds(1), result(reason)));
                events.end();
                lines.end();
            }
        }

        JobResult result(String reason) {
            return new JobResult(
                    id,
                    submission.name(),
                    state,
                    reason,
                    Optional.empty(),
                    List.of(),
                    tasks(),
                    Map.of(),
                    new CleanupReport(List.of(new CleanupReport.Line(
                            "gpu", "0", "release", CleanupReport.Outcome.RELEASED, "", Duration.ofMillis(2)))),
                    Duration.ofSeconds(1));
        }

        List<TaskReport> tasks() {
            return List.of(new TaskReport("count/0", 0, List.of("count"), 10, 10, 0, 0));
        }

        JobView view() {
            boolean running = !state.isTerminal();
            Instant ended = running ? null : NOON.plusSeconds(2);
            return new JobView(
                    id,
                    submission.name(),
                    owner,
                    state,
                    submission.options().autostop(),
                    submission.options().detached(),
                    submission.options().priority(),
                    1,
                    running ? 1 : 0,
                    0,
                    running,
                    running ? null : true,
                    running ? null : "asked for",
                    key.orElse(null),
                    NOON,
                    NOON.plusSeconds(1),
                    ended);
        }
    }

    FakeJobs(boolean endAtOnce, Path file) {
        this.endAtOnce = endAtOnce;
        this.file = file;
        changes.tell(JobChange.RESET);
    }

    @Override
    public CompletionStage<Accepted> submit(JobSubmission submission, Optional<String> key, String owner) {
        return answer(() -> {
            Job before = key.map(keys::get).orElse(null);
            if (before != null && !before.submission.equals(submission)) {
                throw new NodeException(Kind.CONFLICT, "key.reused", "The key is that of another job.", "Use another.");
            }
            if (before != null) {
                return new Accepted(before.view(), true);
            }
            return new Accepted(add(submission, key, owner).view(), false);
        });
    }

    synchronized Job add(JobSubmission submission, Optional<String> key, String owner) {
        String id = jobs.isEmpty() ? "0badcafe" : "%08x".formatted(0x1badcafeL + 16L * jobs.size());
        Job job = new Job(id, submission, owner, key);
        jobs.put(id, job);
        key.ifPresent(text -> keys.put(text, job));
        job.become(JobState.RUNNING, "its turn has come");
        job.lines.tell(new OutputLine("train", "hello"));
        if (endAtOnce) {
            job.become(JobState.COMPLETED, "all tasks have ended");
            changes.end();
        }
        return job;
    }

    synchronized Job get(String id) {
        List<Job> found =
                jobs.values().stream().filter(job -> job.id.startsWith(id)).toList();
        if (found.size() > 1) {
            throw new NodeException(Kind.CONFLICT, "job.ambiguous", "Several jobs begin with " + id + ".", "Say more.");
        }
        if (found.isEmpty()) {
            throw new NodeException(Kind.UNKNOWN, "job.unknown", "There is no job " + id + ".", "List them.");
        }
        return found.get(0);
    }

    @Override
    public synchronized CompletionStage<JobPage> list(Query query) {
        List<Job> newest = new ArrayList<>(jobs.values());
        Collections.reverse(newest);
        List<JobView> all = newest.stream()
                .filter(job -> query.states().isEmpty() || query.states().contains(job.state))
                .filter(job -> query.name().map(job.submission.name()::equals).orElse(true))
                .filter(job -> query.owner().map(job.owner::equals).orElse(true))
                .dropWhile(job -> query.after()
                        .filter(jobs::containsKey)
                        .map(id -> job.id.compareTo(id) >= 0)
                        .orElse(false))
                .map(Job::view)
                .toList();
        List<JobView> page = all.stream().limit(query.limit()).toList();
        String next = page.size() < all.size() ? page.get(page.size() - 1).id() : null;
        return CompletableFuture.completedFuture(new JobPage(page, next));
    }

    @Override
    public CompletionStage<JobDetails> show(String id) {
        return answer(() -> {
            Job job = get(id);
            return new JobDetails(
                    job.view(),
                    new JobProgress(job.state, job.tasks()),
                    new JobLeases(Map.of("", new JobLeases.Lease(List.of(0), List.of(38000)))),
                    List.of("train"),
                    List.of("sums"),
                    job.state.isTerminal() ? job.result("asked for") : null);
        });
    }

    @Override
    public CompletionStage<JobView> order(String id, Order order, String reason) {
        return answer(() -> {
            Job job = get(id);
            if (job.state.isTerminal()) {
                throw new NodeException(Kind.CONFLICT, "job.ended", "Job " + job.id + " has ended.", "Nothing to do.");
            }
            reasons.add(reason);
            job.become(
                    switch (order) {
                        case PAUSE -> JobState.PAUSED;
                        case RESUME -> JobState.RUNNING;
                        case STOP -> JobState.STOPPED;
                        case CANCEL -> JobState.CANCELLED;
                    },
                    reason);
            return job.view();
        });
    }

    @Override
    public CompletionStage<LeaseView> renew(String id) {
        return answer(() -> new LeaseView(get(id).id, Duration.ofSeconds(30)));
    }

    @Override
    public CompletionStage<String> plan(String id) {
        return answer(() -> "plan of " + get(id).id + "\n");
    }

    @Override
    public CompletionStage<Following> events(String id, long after, boolean follow, Listener<JobEvent> listener) {
        return answer(() -> get(id).events.follow(after, listener));
    }

    @Override
    public CompletionStage<Following> progress(String id, Listener<JobProgress> listener) {
        return answer(() -> {
            Job job = get(id);
            Feed<JobProgress> feed = new Feed<>(followed);
            feed.tell(new JobProgress(job.state, job.tasks()));
            feed.end();
            return feed.follow(0, listener);
        });
    }

    @Override
    public CompletionStage<Following> output(
            String id, Optional<String> name, long after, OptionalLong tail, Listener<OutputLine> listener) {
        return answer(() -> {
            name.ifPresent(FakeJobs::requireTrain);
            return get(id).lines.follow(after, listener);
        });
    }

    @Override
    public CompletionStage<Following> changes(long after, Listener<JobChange> listener) {
        return answer(() -> changes.follow(after, listener));
    }

    @Override
    public CompletionStage<Path> outputFile(String id, String name) {
        return answer(() -> {
            get(id);
            requireTrain(name);
            return file;
        });
    }

    @Override
    public CompletionStage<Path> collected(String id, String operator) {
        return answer(() -> {
            get(id);
            if (!operator.equals("sums")) {
                throw new NodeException(
                        Kind.UNKNOWN, "operator.unknown", "There is no " + operator + ".", "See the job.");
            }
            return file;
        });
    }

    @Override
    public CompletionStage<byte[]> call(String id, String service, byte[] call) {
        return answer(() -> {
            get(id);
            if (service.equals("broken")) {
                throw new IllegalStateException("a secret of the node");
            }
            if (!service.equals("model")) {
                throw new NodeException(
                        Kind.UNKNOWN, "service.unknown", "There is no " + service + ".", "See the job.");
            }
            return call;
        });
    }

    private static void requireTrain(String name) {
        if (!name.equals("train")) {
            throw new NodeException(Kind.UNKNOWN, "output.unknown", "There is no output " + name + ".", "See the job.");
        }
    }

    private static <T> CompletionStage<T> answer(Supplier<@Nullable T> work) {
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
