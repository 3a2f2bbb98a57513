package dev.sage.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sage.api.ProcessService;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.format.JacksonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What a test of real processes needs; afterwards nothing of it may be left, nor a warning that nobody expected. */
final class ProcessLab implements BeforeEachCallback, AfterEachCallback {
    static final Duration LIMIT = Duration.ofSeconds(20);

    static final ProcessSettings SETTINGS = new ProcessSettings(
            Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(20), 1 << 20, 3, 4096, 5, 100, 1 << 20);

    final String instance = UUID.randomUUID().toString().replace("-", "");
    final RecordingLedger ledger = new RecordingLedger();
    final BlockingThreads threads = BlockingThreads.create("lab");
    final Guardian guardian = new Guardian(instance);
    final Processes processes = new Processes(SETTINGS, guardian, threads, new JacksonFormat());
    final Path folder;
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sage");

    ProcessLab() {
        try {
            folder = Files.createTempDirectory("sage-process");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        logged.start();
        logger.addAppender(logged);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        processes.close();
        List<SeenProcess> left = ProcessTable.read().markedUnder(ProcessMark.ofInstance(instance));
        ProcessTree.markedUnder(ProcessMark.ofInstance(instance)).kill(LIMIT);
        threads.close();
        logger.detachAppender(logged);
        assertThat(threads.awaitEnd(LIMIT)).as("all threads have ended").isTrue();
        try (var files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
        assertThat(left).as("processes that the test has left").isEmpty();
        assertThat(warnings()).as("unexpected warnings").isEmpty();
    }

    List<String> warnings() {
        return List.copyOf(logged.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** One warning that begins so is expected, and forgotten. */
    void awaitWarning(String beginning) {
        await().atMost(LIMIT).until(() -> warnings().stream().anyMatch(text -> text.startsWith(beginning)));
        logged.list.removeIf(event -> event.getFormattedMessage().startsWith(beginning));
    }

    ProcessMark mark(String holder) {
        return new ProcessMark(instance, "job-1", 1, holder);
    }

    ProcessGrant grant(String holder, Integer... ports) {
        return new ProcessGrant(
                mark(holder), List.of(ports), List.of(), false, folder.resolve(holder + ".log"), line -> {});
    }

    ManagedProcess service(ProcessService description, Integer... ports) {
        return processes.service(description, grant("it", ports), ledger, Duration.ofSeconds(10));
    }

    /** The server of {@code family.py}. */
    ProcessService family() {
        return ProcessService.command(
                "python3",
                resource("family.py").toString(),
                "{port}",
                familyFile().toString());
    }

    /** The numbers and kinds of all relatives, when they are there. */
    Map<Long, String> relatives() throws IOException {
        return relatives(familyFile());
    }

    static Map<Long, String> relatives(Path file) throws IOException {
        await().atMost(LIMIT).until(() -> Files.exists(file));
        Map<Long, String> relatives = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(" ", 2);
            relatives.put(Long.parseLong(parts[0]), parts[1]);
        }
        assertThat(relatives).hasSize(6);
        return relatives;
    }

    Path familyFile() {
        return folder.resolve("family");
    }

    Path resource(String name) {
        Path copy = folder.resolve(name);
        try (InputStream in = ProcessLab.class.getResourceAsStream(name)) {
            if (!Files.exists(copy)) {
                Files.copy(in, copy);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean runs(long pid) {
        return SeenProcess.read(pid).filter(seen -> !seen.hasEnded()).isPresent();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Keeps what happened, in its order. */
    static final class RecordingLedger implements ProcessLedger {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public Entry intend(String mark) {
            events.add("intend");
            assertThat(ProcessTable.read().marked(mark))
                    .as("written down before it runs")
                    .isEmpty();
            return new Entry() {
                @Override
                public void spawned(long pid, long startTicks) {
                    SeenProcess.read(pid)
                            .ifPresent(seen -> assertThat(seen.startTicks()).isEqualTo(startTicks));
                    events.add("spawned");
                }

                @Override
                public void strikeOff() {
                    assertThat(ProcessTable.read().marked(mark))
                            .as("struck off when gone")
                            .isEmpty();
                    events.add("struck");
                }
            };
        }
    }
}
