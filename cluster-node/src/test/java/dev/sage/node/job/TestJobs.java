package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobEvent;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.code.ArtifactSettings;
import dev.sage.node.code.ArtifactStore;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.local.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The jobs of a node with the real engine, and a registry that does as it is told. */
final class TestJobs implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    /** So many jobs that have ended stay in memory. */
    static final int ENDED_KEPT = 10;

    /** The time stands still. */
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    final Path home;
    final Engine engine;
    final JobFiles files;
    final Preparation preparation;
    final NodeJobs jobs;
    final FakeRegistry registry;

    TestJobs(Path home, Map<String, ?> overrides, Duration lease) throws IOException {
        this(home, overrides, lease, 0, 0);
    }

    private TestJobs(
            Path home, Map<String, ?> overrides, Duration lease, long journalGraphBytes, long journalGraphsBytes)
            throws IOException {
        this.home = home;
        Map<String, Object> settings = new HashMap<>(Map.of(
                "sage.home", home.toString(),
                "sage.locks-folder", home.resolve("locks").toString(),
                "sage.gpus.ids", ""));
        settings.putAll(overrides);
        engine = Engine.start("test", SageSettings.load(settings));
        Path node = Files.createDirectories(home.resolve("node"));
        files = JobFiles.open(node);
        ArtifactStore artifacts =
                ArtifactStore.open(node, ArtifactSettings.of(engine.settings().config()), Clock.systemUTC());
        preparation = new Preparation(engine, artifacts, files);
        jobs = new NodeJobs(
                engine,
                preparation,
                files,
                new JobSettings(
                        lease,
                        ENDED_KEPT,
                        100,
                        1_000,
                        Duration.ofMillis(50),
                        journalGraphBytes,
                        journalGraphsBytes,
                        Duration.ZERO),
                Clock.fixed(NOW, ZoneOffset.UTC));
        registry = new FakeRegistry(jobs);
    }

    static TestJobs connected(Path home) throws IOException {
        TestJobs jobs = new TestJobs(home, Map.of(), Duration.ofSeconds(30));
        jobs.jobs.connect(jobs.registry);
        return jobs;
    }

    /** With graphs in the journal, each of up to so many bytes of Base64, and all together. */
    static TestJobs withGraphsInJournal(Path home, long each, long together) throws IOException {
        TestJobs jobs = new TestJobs(home, Map.of(), Duration.ofSeconds(30), each, together);
        jobs.jobs.connect(jobs.registry);
        return jobs;
    }

    static JobSubmission program(boolean detached, String... arguments) {
        return new JobSubmission(
                "program",
                new JobOptions(true, detached, null, null, null, 0, 0, 0, null, null),
                null,
                new CommandLine(List.of(arguments), null, null, 0, 0));
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    String submit(JobSubmission submission) {
        return get(jobs.submit(submission, Optional.empty(), "someone")).job().id();
    }

    List<Path> graphs() throws IOException {
        try (var entries = Files.list(home.resolve("node/graphs"))) {
            return entries.toList();
        }
    }

    List<Numbered<JobEvent>> events(String id, long after, boolean follow) throws InterruptedException {
        return all(listener -> jobs.events(id, after, follow, listener));
    }

    List<String> output(String id, Optional<String> name, OptionalLong tail) throws InterruptedException {
        List<Numbered<OutputLine>> lines = all(listener -> jobs.output(id, name, 0, tail, listener));
        return lines.stream().map(line -> line.value().line()).toList();
    }

    /** Those of all jobs, from now on. */
    BlockingQueue<JobChange> changes() {
        BlockingQueue<JobChange> heard = new LinkedBlockingQueue<>();
        var unused = get(jobs.changes(0, new Listener<JobChange>() {
            @Override
            public void next(Numbered<JobChange> value) {
                heard.add(value.value());
            }

            @Override
            public void end() {}
        }));
        return heard;
    }

    /** All of a stream, up to its end. */
    private static <T> List<Numbered<T>> all(Function<Listener<T>, CompletionStage<Following>> start)
            throws InterruptedException {
        BlockingQueue<Optional<Numbered<T>>> heard = new LinkedBlockingQueue<>();
        Following following = get(start.apply(new Listener<>() {
            @Override
            public void next(Numbered<T> value) {
                heard.add(Optional.of(value));
            }

            @Override
            public void end() {
                heard.add(Optional.empty());
            }
        }));
        try {
            List<Numbered<T>> all = new ArrayList<>();
            while (true) {
                Optional<Numbered<T>> next = heard.poll(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(next).as("the next after %s", all).isNotNull();
                if (next.isEmpty()) {
                    return all;
                }
                all.add(next.get());
            }
        } finally {
            following.close();
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
