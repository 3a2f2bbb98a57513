package dev.sage.node.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.journal.FinishedJobs;
import dev.sage.node.journal.JournalConfig;
import dev.sage.node.journal.JournalSettings;
import dev.sage.node.journal.Schema;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** A node of which only the registry is there: its own actor system, its own connections, and a runner that takes notes. */
final class TestRegistry implements AutoCloseable {
    final String instance = UUID.randomUUID().toString();
    final List<RegisteredJob> run = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final List<String> archived = new CopyOnWriteArrayList<>();
    final List<String> forgotten = new CopyOnWriteArrayList<>();
    final CompletableFuture<Done> ready = new CompletableFuture<>();
    /** What the runner and the history had in the moment in which the registry was ready. */
    final CompletableFuture<Handed> handedWhenReady;

    final HistoryStore history;
    final Registry registry;

    private final ActorSystem<JobRegistry.Command> system;

    record Handed(List<String> run, List<String> archived) {}

    static Config config(Map<String, ?> values) {
        return ConfigFactory.parseMap(values)
                .withFallback(ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.log-dead-letters = 0"))
                .withFallback(ConfigFactory.load());
    }

    TestRegistry(JournalSettings journal, Config config) {
        Schema.prepare(journal);
        HistoryStore opened = FinishedJobs.open(journal);
        history = opened;
        handedWhenReady = ready.thenApply(done -> new Handed(
                run.stream().map(RegisteredJob::id).toList(),
                opened.find("0").stream().map(found -> found.view().id()).toList()));
        RegistrySettings settings = RegistrySettings.read(config);
        Runner runner = new Runner() {
            @Override
            public void run(RegisteredJob job) {
                run.add(job);
            }

            @Override
            public void cancel(String id, String reason) {
                cancelled.add(id);
            }

            @Override
            public void archived(String id) {
                archived.add(id);
            }

            @Override
            public void forgotten(List<String> ids) {
                forgotten.addAll(ids);
            }
        };
        system = ActorSystem.create(
                JobRegistry.behavior(
                        new JobRegistry.Setup(runner, history, settings, instance, Clock.systemUTC(), ready)),
                "registry",
                JournalConfig.of(journal).withFallback(config));
        registry = new RegistryClient(system, system, history, settings, instance);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** As a crash does: nothing is finished that was begun, and nothing is said to the database. */
    @Override
    public void close() {
        system.terminate();
        get(system.getWhenTerminated());
        history.close();
    }
}
