package dev.sage.node.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.Service;
import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.Records;
import dev.sage.client.wire.ShippedCode;
import dev.sage.node.NodeException;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.dispatch.StartGate;
import dev.sage.runtime.local.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose classes are in jars that the node's own class loader does not have. */
class JobCodeTest {
    @TempDir
    Path folder;

    private Engine engine;
    private UserProgram program;

    @BeforeEach
    void start() throws IOException {
        engine = Engine.start(
                "code",
                SageSettings.load(Map.of("sage.home", folder.resolve("home").toString())));
        program = new UserProgram(folder)
                .with(
                        "library",
                        Map.of("library.Greeting", source("Greeting")),
                        Map.of("META-INF/services/library.Greeting", "library.Greeting$Polite"))
                .with("user", Map.of("user.Words", source("Words"), "user.Failing", source("Failing")), Map.of());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static String source(String name) throws IOException {
        try (InputStream in = JobCodeTest.class.getResourceAsStream("user/" + name + ".java")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a client would see of a job. */
    private static final class Client implements JobCode.Hooks {
        final List<String> printed = Collections.synchronizedList(new ArrayList<>());
        final ByteArrayOutputStream collected = new ByteArrayOutputStream();

        @Override
        public Consumer<List<Object>> collect(String operator) {
            return records -> {
                try {
                    Records.write(records, collected);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
        }

        @Override
        public Consumer<String> print() {
            return printed::add;
        }

        @Override
        public ServiceCaller shared(String home, String service, ClassLoader loader) {
            throw new AssertionError("Nothing is shared.");
        }
    }

    private JobResult run(String id, JobCode code) throws InterruptedException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(code.loader());
        Engine.Running job;
        try {
            job = engine.submit(id, "job", code.graph(), SubmitOptions.autostop(), StartGate.OPEN);
        } finally {
            thread.setContextClassLoader(before);
        }
        return job.result().toCompletableFuture().join();
    }

    private Path words() throws IOException {
        return Files.writeString(folder.resolve("words.jsonl"), """
                {"text": "a", "number": 1}
                {"text": "b", "number": 2}
                {"text": "a", "number": 3}
                """);
    }

    @Test
    void jobRunsFromItsJarsAlone() throws Exception {
        Client client = new Client();
        byte[] graph = program.graph("user.Words", words().toString());
        try (JobCode code = JobCode.load("1", program.jars(), graph, client)) {
            JobResult result = run("1", code);
            assertThat(result.state()).as(result.toString()).isEqualTo(JobState.COMPLETED);
            List<Object> records =
                    Records.read(new ByteArrayInputStream(client.collected.toByteArray()), code.loader());
            assertThat(records)
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder(
                            "Counted[word=Word[text=dear a/captured!, number=0], times=2]",
                            "Counted[word=Word[text=dear b/captured!, number=0], times=1]");
            assertThat(records.get(0).getClass().getClassLoader()).isSameAs(code.loader());
            assertThat(client.printed).containsExactlyInAnyOrder("n=0", "n=1");
        }
    }

    @Test
    void exceptionOfTheUserIsTheFailure() throws Exception {
        byte[] graph = program.graph("user.Failing", "no ");
        try (JobCode code = JobCode.load("1", program.jars(), graph, new Client())) {
            JobResult result = run("1", code);
            assertThat(result.state()).isEqualTo(JobState.FAILED);
            assertThat(result.failure().orElseThrow().cause().orElseThrow().getClass())
                    .isEqualTo(code.loader().loadClass("user.Failing$Odd"));
        }
    }

    @Test
    void classesOfAJobGoWithIt() throws Exception {
        byte[] words = program.graph("user.Words", words().toString());
        byte[] failing = program.graph("user.Failing", "no ");
        List<Path> jars = program.jars();
        for (int i = 0; i < 2; i++) {
            awaitRelease(ran("warm" + i, jars, i == 0 ? words : failing));
        }
        int before = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            loaders.add(ran("job" + i, jars, i % 5 == 4 ? failing : words));
        }
        loaders.forEach(JobCodeTest::awaitRelease);
        assertThat(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount())
                .as("loaded classes, of which each job has some 30")
                .isLessThan(before + 300);
    }

    private WeakReference<ClassLoader> ran(String id, List<Path> jars, byte[] graph) throws Exception {
        try (JobCode code = JobCode.load(id, jars, graph, new Client())) {
            JobResult result = run(id, code);
            assertThat(result.cleanup().clean()).isTrue();
            return new WeakReference<>(code.loader());
        }
    }

    private static void awaitRelease(WeakReference<ClassLoader> loader) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    @Test
    void missingClassIsNamed() throws Exception {
        byte[] graph = program.graph("user.Words", words().toString());
        List<Path> jars = new ArrayList<>(program.jars());
        jars.removeIf(jar -> !has(jar, "library/Greeting.class"));
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> JobCode.load("7", jars, graph, new Client()))
                .satisfies(problem ->
                        assertThat(problem.code()).as(problem.toString()).isEqualTo("code.missing-class"))
                .withMessageStartingWith("Job 7 needs the class user.Words");
    }

    private static boolean has(Path jar, String entry) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getEntry(entry) != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void classFileOfALaterJavaIsSaidToBeOne() throws Exception {
        byte[] graph = program.graph("user.Failing", "no ");
        Path type = program.classes("user").resolve("user/Failing.class");
        byte[] classFile = Files.readAllBytes(type);
        classFile[7] = (byte) (44 + 99);
        Files.write(type, classFile);
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> JobCode.load("7", program.jars(), graph, new Client()))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("code.java-version"))
                .withMessageContaining("need Java 99; this node runs on Java "
                        + Runtime.version().feature());
    }

    @Test
    void onlyTheSameVersionOfSageIsCompatible() {
        ShippedCode code = new ShippedCode("0.2.0", 17, List.of(), "");
        JobCode.checkVersion(code, "0.2.0");
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> JobCode.checkVersion(code, "0.1.0"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("code.sage-version"))
                .withMessageContaining("0.2.0")
                .withMessageContaining("0.1.0");
    }

    @Test
    void jobSeesNothingOfTheNode() throws Exception {
        try (JobClassLoader loader = new JobClassLoader("1", List.of())) {
            for (String hidden : List.of(
                    "org.apache.pekko.actor.ActorSystem",
                    "com.fasterxml.jackson.databind.ObjectMapper",
                    "scala.Option",
                    "dev.sage.runtime.local.Engine",
                    "dev.sage.node.NodeException")) {
                assertThatExceptionOfType(ClassNotFoundException.class)
                        .as(hidden)
                        .isThrownBy(() -> loader.loadClass(hidden));
            }
            assertThat(loader.loadClass("dev.sage.api.Service")).isSameAs(Service.class);
            assertThat(loader.loadClass("java.sql.Connection")).isNotNull();
        }
    }

    @Test
    void bytesThatAreNoGraphAreRefused() {
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> JobCode.load("7", List.of(), new byte[] {1, 2, 3}, new Client()))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("code.unreadable"));
    }
}
