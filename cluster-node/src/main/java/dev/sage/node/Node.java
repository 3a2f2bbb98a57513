package dev.sage.node;

import com.typesafe.config.Config;
import dev.sage.api.SageException;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.SageVersion;
import dev.sage.node.code.ArtifactSettings;
import dev.sage.node.code.ArtifactStore;
import dev.sage.node.config.ClusterConfig;
import dev.sage.node.config.ClusterKey;
import dev.sage.node.config.NodeSettings;
import dev.sage.node.http.HttpApi;
import dev.sage.node.http.HttpBinding;
import dev.sage.node.http.HttpParts;
import dev.sage.node.http.HttpSettings;
import dev.sage.node.http.Tokens;
import dev.sage.node.job.HistoryStore;
import dev.sage.node.job.JobFiles;
import dev.sage.node.job.JobRegistry;
import dev.sage.node.job.NodeJobs;
import dev.sage.node.job.Preparation;
import dev.sage.node.job.Registry;
import dev.sage.node.job.RegistryClient;
import dev.sage.node.job.RegistrySettings;
import dev.sage.node.journal.FinishedJobs;
import dev.sage.node.journal.JournalConfig;
import dev.sage.node.journal.JournalSettings;
import dev.sage.node.journal.Schema;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.local.Engine;
import dev.sage.runtime.local.LocalCaretaker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.persistence.Persistence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node from its start to its end. Its end is Pekko's coordinated shutdown: no more jobs are taken; those that run get
 * their time, if the settings give them some, and are cancelled; their outcomes are written down; HTTP, cluster and journal
 * end. Jobs that wait stay in the journal.
 */
final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final NodeHome home;
    private final Engine engine;
    private final NodeView view;
    private final CompletableFuture<Done> stopAsked;

    private Node(NodeHome home, Engine engine, NodeView view, CompletableFuture<Done> stopAsked) {
        this.home = home;
        this.engine = engine;
        this.view = view;
        this.stopAsked = stopAsked;
    }

    /**
     * Starts a node; blocks until it is ready.
     *
     * @param overrides settings that win over every file and property
     * @throws SageException naming what is in the way
     */
    static Node start(Map<String, ?> overrides) throws IOException, InterruptedException {
        SageSettings settings = SageSettings.load(overrides);
        NodeSettings node = NodeSettings.of(settings.config());
        HttpSettings http = HttpSettings.of(settings.config(), node.host(), node.port());
        NodeHome home = NodeHome.open(LocalCaretaker.home(settings).folder());
        try {
            return start(overrides, settings.config(), node, http, home);
        } catch (RuntimeException | IOException | InterruptedException | Error e) {
            home.close();
            throw e;
        }
    }

    private static Node start(
            Map<String, ?> overrides, Config config, NodeSettings settings, HttpSettings http, NodeHome home)
            throws IOException, InterruptedException {
        JournalSettings journal = JournalSettings.read(config, home.home());
        RegistrySettings registrySettings = RegistrySettings.read(config);
        Tokens tokens = Tokens.single(home.token(), System.getProperty("user.name", "unknown"));
        System.setProperty("org.sqlite.tmpdir", home.libraries().toString());
        // Opened while the actors start.
        CompletableFuture<HistoryStore> history = CompletableFuture.supplyAsync(() -> {
            Schema.prepare(journal);
            return FinishedJobs.open(journal);
        });
        Map<String, Object> all = new HashMap<>(
                ClusterConfig.of(ClusterKey.in(home.folder()), settings.jobs().finishWithin(), settings.drainWithin()));
        JournalConfig.of(journal)
                .entrySet()
                .forEach(entry -> all.put(entry.getKey(), entry.getValue().unwrapped()));
        all.putAll(overrides);
        SageSettings engineSettings = SageSettings.load(all);
        CompletableFuture<HttpParts> parts =
                CompletableFuture.supplyAsync(() -> HttpParts.make(http, engineSettings.config()));
        try {
            Engine engine = Engine.start("node", engineSettings);
            try {
                return start(
                        engine,
                        await(history, "the journal to be opened"),
                        registrySettings,
                        settings,
                        parts,
                        tokens,
                        home);
            } catch (RuntimeException | IOException | InterruptedException | Error e) {
                engine.close();
                throw e;
            }
        } catch (RuntimeException | IOException | InterruptedException | Error e) {
            var unused = CompletableFuture.allOf(
                    history.thenAccept(HistoryStore::close), parts.thenAccept(HttpParts::close));
            throw e;
        }
    }

    private static Node start(
            Engine engine,
            HistoryStore history,
            RegistrySettings registrySettings,
            NodeSettings settings,
            CompletableFuture<HttpParts> parts,
            Tokens tokens,
            NodeHome home)
            throws IOException, InterruptedException {
        ActorSystem<?> system = engine.system();
        // Makes the journal's queries while the cluster forms.
        Persistence.get(system.classicSystem());
        Clock clock = Clock.systemUTC();
        String instance = UUID.randomUUID().toString();
        ArtifactStore artifacts = ArtifactStore.open(
                home.folder(), ArtifactSettings.of(engine.settings().config()), clock);
        JobFiles files = JobFiles.open(home.folder());
        NodeJobs jobs = new NodeJobs(engine, new Preparation(engine, artifacts, files), files, settings.jobs(), clock);

        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        CompletableFuture<Done> recovered = new CompletableFuture<>();
        ActorRef<JobRegistry.Command> singleton = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                        JobRegistry.behavior(
                                new JobRegistry.Setup(jobs, history, registrySettings, instance, clock, recovered)),
                        "jobs"));
        Registry registry = new RegistryClient(system, singleton, history, registrySettings, instance);
        jobs.connect(registry);
        CompletableFuture<Done> stopAsked = new CompletableFuture<>();
        NodeFacade facade = new NodeFacade(engine, jobs, registry, stopAsked);
        HttpApi api = new HttpApi(
                system,
                jobs,
                facade,
                new StoredArtifacts(artifacts),
                tokens,
                await(parts, "what the HTTP API is made of"));
        await(recovered, "the journal to be read");
        Tidying tidying = new Tidying(registry, artifacts);
        await(
                tidying.afterStart(history, files, system.dispatchers().lookup(DispatcherSelector.blocking()))
                        .toCompletableFuture(),
                "the files that nobody needs to be deleted");
        tidying.goOn(system, registrySettings.sweepEvery());

        HttpBinding binding = await(
                api.bind().toCompletableFuture().exceptionally(failure -> {
                    throw unbound(settings, failure);
                }),
                "the HTTP API to be bound");
        NodeView view = new NodeView(
                instance,
                SageVersion.here(),
                Runtime.version().feature(),
                ProcessHandle.current().pid(),
                binding.host(),
                binding.port(),
                clock.instant(),
                home.home().toString());
        facade.ready(view);
        hangIntoShutdown(system, jobs, history, binding, settings);
        home.describe(NodeDescription.of(view));
        log.info(
                "Ready at http://{}:{} (pid {}, instance {}, Sage {}, Java {}), home {}",
                view.host(),
                view.port(),
                view.pid(),
                view.instance(),
                view.sage(),
                view.java(),
                view.home());
        return new Node(home, engine, view, stopAsked);
    }

    private static void hangIntoShutdown(
            ActorSystem<?> system, NodeJobs jobs, HistoryStore history, HttpBinding binding, NodeSettings settings) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        // Before the engine takes no more: what it refuses then is known to belong to the next node.
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "node-takes-no-more-jobs", (Supplier<
                        CompletionStage<Done>>)
                () -> {
                    jobs.stopIntake();
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
        shutdown.addTask("sage-finish-jobs", "node-lets-jobs-finish", () -> {
            Duration within = settings.jobs().finishWithin();
            return jobs.startedEnded()
                    .toCompletableFuture()
                    .completeOnTimeout(Done.getInstance(), within.toMillis(), TimeUnit.MILLISECONDS);
        });
        shutdown.addTask("sage-end-jobs", "node-writes-outcomes", jobs::allWritten);
        shutdown.addTask(
                CoordinatedShutdown.PhaseServiceUnbind(),
                "node-ends-http",
                () -> binding.terminate(settings.drainWithin()).thenApply(ended -> Done.getInstance()));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "node-closes-history", () -> {
            history.close();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    /** The end that is under way has less patience. */
    void hurry() {
        engine.hurry();
    }

    NodeView view() {
        return view;
    }

    /**
     * Blocks until the node has ended: after it was asked to, or because it cannot go on.
     *
     * @return the exit code
     */
    int awaitEnd() throws IOException {
        CompletableFuture<Done> lost = engine.lost().toCompletableFuture();
        CompletableFuture<Done> terminated = engine.terminated().toCompletableFuture();
        CompletableFuture.anyOf(stopAsked, lost, terminated).join();
        boolean broken = lost.isDone() && !stopAsked.isDone() && !terminated.isDone();
        if (broken) {
            log.error(
                    "The node cannot run jobs any more, and ends. Those that ran are ended as its next start decides");
        }
        engine.close();
        home.close();
        log.info("Ended");
        return broken ? 1 : 0;
    }

    private static SageException unbound(NodeSettings settings, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new SageException(
                "node.port",
                "Port " + settings.port() + " of " + settings.host() + " cannot be listened on: " + cause.getMessage()
                        + ". Give another one with --port (sage.node.port), or end the program that has it.",
                failure);
    }

    private static <T> T await(CompletableFuture<T> future, String what) throws InterruptedException {
        try {
            return future.get(STARTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SageException("node.timeout", "Waited " + STARTS_WITHIN + " for " + what + ".", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof SageException known
                    ? known
                    : new SageException("node.failed", "Waiting for " + what + " failed: " + cause, cause);
        }
    }
}
