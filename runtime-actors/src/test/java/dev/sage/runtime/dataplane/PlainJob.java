package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.BatchFunction;
import dev.sage.api.Environment;
import dev.sage.api.ErrorCounts;
import dev.sage.api.JobFailure;
import dev.sage.api.ProcessService;
import dev.sage.api.graph.Operator;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.runtime.plan.Plan;
import dev.sage.runtime.plan.Planner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a graph on the data plane alone, in the order of events in which actors would. Every wait has a limit. */
final class PlainJob implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** What a task told, and of which task. */
    record News(TaskControl task, String what, Optional<JobFailure> failure) {}

    final List<TaskControl> tasks;
    private final TaskletExecutor executor;
    private final BlockingThreads blocking;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    /** Told while something else was awaited. */
    private final List<News> passed = new ArrayList<>();

    private PlainJob(Plan plan, DataPlaneSettings settings) {
        executor = TaskletExecutor.create("plain", settings);
        blocking = BlockingThreads.create("plain");
        tasks = JobDataPlane.assemble(plan, 1, settings, executor, blocking, PlainJob::noCommands, PlainJob::noPools);
    }

    static PlainJob of(DataPlaneSettings settings, Consumer<Environment> pipeline) {
        RecordedGraph env = new RecordedGraph("recorded");
        pipeline.accept(env);
        return new PlainJob(Planner.plan(env.graph(), settings.keyGroups()), settings);
    }

    /** Runs a job to its good end. */
    static void run(DataPlaneSettings settings, Consumer<Environment> pipeline) throws InterruptedException {
        try (PlainJob job = of(settings, pipeline)) {
            job.start();
            job.awaitEnd();
        }
    }

    /** Runs a job that must fail, and cancels it then. */
    static JobFailure fail(DataPlaneSettings settings, Consumer<Environment> pipeline) throws InterruptedException {
        try (PlainJob job = of(settings, pipeline)) {
            job.start();
            JobFailure failure = job.await("failed").failure().orElseThrow();
            job.cancel();
            return failure;
        }
    }

    void start() {
        // Downstream tasks last: an order in which everything must wait for something.
        tasks.forEach(task -> task.start(listener(task)));
    }

    /** Waits for all tasks to end, commits them, and waits until they have closed. */
    void awaitEnd() throws InterruptedException {
        await("ended", tasks.size());
        tasks.forEach(task -> task.finish(true));
        assertThat(await("closed", tasks.size()))
                .allMatch(closed -> closed.failure().isEmpty());
    }

    void cancel() throws InterruptedException {
        tasks.forEach(TaskControl::cancel);
        await("closed", tasks.size());
    }

    News await(String what) throws InterruptedException {
        return await(what, 1).get(0);
    }

    /** In any order: what is told meanwhile, as by a task that ends before another one has started, is for who awaits that. */
    List<News> await(String what, int times) throws InterruptedException {
        List<News> found = new ArrayList<>();
        for (News before : List.copyOf(passed)) {
            if (found.size() < times && before.what().equals(what)) {
                passed.remove(before);
                found.add(before);
            }
        }
        List<News> all = new ArrayList<>();
        while (found.size() < times) {
            News next = news.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).as("%d times '%s', after %s", times, what, all).isNotNull();
            all.add(next);
            if (next.what().equals(what)) {
                found.add(next);
            } else {
                assertThat(next.what())
                        .as("instead of '%s', after %s", what, all)
                        .isNotEqualTo("failed");
                passed.add(next);
            }
        }
        return found;
    }

    /** What was told since the last wait. */
    List<News> rest() {
        List<News> rest = new ArrayList<>();
        news.drainTo(rest);
        return Collections.unmodifiableList(rest);
    }

    /** What the error policies of all tasks did. */
    ErrorCounts errors() {
        return tasks.stream().map(task -> task.report().errors()).reduce(ErrorCounts.NONE, ErrorCounts::plus);
    }

    TaskControl task(String name) {
        return tasks.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        executor.close();
        blocking.close();
        try {
            assertThat(executor.awaitEnd(LIMIT)).as("workers have ended").isTrue();
            assertThat(blocking.awaitEnd(LIMIT))
                    .as("blocking threads have ended")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TaskListener listener(TaskControl task) {
        return new TaskListener() {
            @Override
            public void started() {
                tell("started", Optional.empty());
            }

            @Override
            public void ended() {
                tell("ended", Optional.empty());
            }

            @Override
            public void failed(JobFailure failure) {
                tell("failed", Optional.of(failure));
            }

            @Override
            public void closed(Optional<JobFailure> failure) {
                tell("closed", failure);
            }

            private void tell(String what, Optional<JobFailure> failure) {
                news.add(new News(task, what, failure));
            }
        };
    }

    private static BatchFunction<?> noCommands(String operator, ProcessService program) {
        throw new IllegalStateException("Command " + operator + " in a test of the data plane alone.");
    }

    private static RemotePool noPools(String name, int instance, int instances, Operator operator) {
        throw new IllegalStateException("Operator " + name + " runs elsewhere in a test of the data plane alone.");
    }
}
