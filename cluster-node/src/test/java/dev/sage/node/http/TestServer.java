package dev.sage.node.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The HTTP API over fakes, on a port of its own. */
final class TestServer implements AutoCloseable {
    static final String TOKEN = "correct-horse";
    static final JobSubmission TRAIN = new JobSubmission(
            "train",
            new JobOptions(true, true, null, null, null, 0, 0, 0, null, null),
            null,
            new CommandLine(List.of("python", "train.py"), null, null, 0, 0));

    final FakeJobs jobs;
    final FakeNode node = new FakeNode();
    final FakeArtifacts artifacts = new FakeArtifacts();
    final HttpBinding binding;
    private final ActorSystem<Void> system;
    private final Path file;

    private TestServer(boolean endAtOnce, int port, Map<String, Object> settings) throws Exception {
        file = Files.createTempFile("sage-http", ".txt");
        Files.writeString(file, "one\ntwo\nthree\n");
        jobs = new FakeJobs(endAtOnce, file);
        Map<String, Object> keys = new HashMap<>();
        settings.forEach((key, value) -> keys.put("sage.node.http." + key, value));
        Config config = ConfigFactory.parseMap(keys)
                .withFallback(ConfigFactory.parseString("""
                        pekko { daemonic = on, loglevel = WARNING, stdout-loglevel = OFF, coordinated-shutdown.exit-jvm = off,
                          coordinated-shutdown.run-by-jvm-shutdown-hook = off,
                          loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"], actor.provider = local }
                        """))
                .withFallback(ConfigFactory.load());
        system = ActorSystem.create(Behaviors.empty(), "http-test", config);
        binding = new HttpApi(
                        system,
                        jobs,
                        node,
                        artifacts,
                        Tokens.single(TOKEN, "ann"),
                        HttpParts.make(HttpSettings.of(config, "127.0.0.1", port), config))
                .bind()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    static TestServer start() throws Exception {
        return new TestServer(false, 0, Map.of());
    }

    static TestServer start(Map<String, Object> settings) throws Exception {
        return new TestServer(false, 0, settings);
    }

    static TestServer ofEndedJobs() throws Exception {
        return new TestServer(true, 0, Map.of());
    }

    FakeJobs.Job train() {
        return jobs.add(TRAIN, Optional.empty(), "ann");
    }

    int port() {
        return binding.port();
    }

    List<Route> routes() {
        return ((HttpApi.Bound) binding).routes();
    }

    Web web() {
        return new Web(port());
    }

    @Override
    public void close() throws IOException {
        binding.terminate(Duration.ofSeconds(2)).toCompletableFuture().join();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
        Files.deleteIfExists(file);
    }

    /** For a look at the page, and for tools: the port as the first argument. Ends with its standard input. */
    public static void main(String[] args) throws Exception {
        try (TestServer server = new TestServer(args.length > 1, Integer.parseInt(args[0]), Map.of())) {
            server.train();
            server.train().become(dev.sage.api.JobState.PAUSED, "asked for by ann");
            System.out.println("ready at http://127.0.0.1:" + server.port() + " token " + TOKEN);
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
