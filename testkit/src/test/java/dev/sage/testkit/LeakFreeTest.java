package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** Each kind of leak is made by an inner test, which must fail and name it. */
class LeakFreeTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** What the inner tests left behind, to be ended by this one. */
    private static final Deque<AutoCloseable> LEFT_BEHIND = new ArrayDeque<>();

    @AfterEach
    void endWhatWasLeftBehind() throws Exception {
        while (!LEFT_BEHIND.isEmpty()) {
            LEFT_BEHIND.pop().close();
        }
    }

    @Test
    void testThatLeavesNothingPasses() {
        InnerRun.assertPasses(Leaking.class, "nothing");
    }

    @Test
    void leakedThreadIsNamedWithItsStack() {
        assertThat(InnerRun.failure(Leaking.class, "thread"))
                .contains("thread 'forgotten-worker', WAITING")
                .contains("java.util.concurrent.locks.LockSupport.park(");
    }

    @Test
    void daemonThreadIsALeakToo() {
        assertThat(InnerRun.failure(Leaking.class, "daemonThread"))
                .contains("thread 'forgotten-daemon', WAITING, daemon");
    }

    @Test
    void expectedThreadPasses() {
        InnerRun.assertPasses(Leaking.class, "expectedThread");
    }

    @Test
    void threadsOfAnActorSystemAreToldAsOneSystem() {
        assertThat(InnerRun.failure(Leaking.class, "actorSystem"))
                .contains("actor system 'my-app' still runs, with 2 threads of its dispatchers");
    }

    @Test
    void threadThatIsAboutToEndIsNoLeak() {
        InnerRun.assertPasses(Leaking.class, "threadThatEndsSoon");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void leakedProcessIsNamedWithItsCommand() {
        assertThat(InnerRun.failure(Leaking.class, "process")).containsPattern("process \\d+: .*sleep 61");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leakedPortIsNamed() {
        assertThat(InnerRun.failure(Leaking.class, "port"))
                .containsPattern("TCP port \\d+: this process still listens on it");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leakedConnectionIsNamedWithItsPorts() {
        assertThat(InnerRun.failure(Leaking.class, "connection"))
                .containsPattern("TCP connection from port \\d+ to port \\d+ is still open");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void openTemporaryFileIsNamed() {
        assertThat(InnerRun.failure(Leaking.class, "openTemporaryFile"))
                .containsPattern("open file .*forgotten.*\\.part");
    }

    @Test
    void leakedFileInTheWorkingFolderIsNamed() {
        assertThat(InnerRun.failure(Leaking.class, "fileInWorkingFolder")).contains("forgotten-output.txt");
    }

    @Test
    void leakedClassLoaderIsNamed() {
        assertThat(InnerRun.failure(Leaking.class, "classLoader"))
                .contains("class loader java.net.URLClassLoader")
                .contains("is still referred to");
    }

    @Test
    void classLoaderThatNobodyHoldsIsNoLeak() {
        InnerRun.assertPasses(Leaking.class, "unreferencedClassLoader");
    }

    @Test
    void lineOfLevelWarnFails() {
        assertThat(InnerRun.failure(Leaking.class, "warning"))
                .contains("log line WARN of some.logger: the disk is slow (java.io.IOException: retried)");
    }

    @Test
    void expectedLineOfLevelWarnPasses() {
        InnerRun.assertPasses(Leaking.class, "expectedWarning");
    }

    @Test
    void otherLineThanTheExpectedOneFails() {
        assertThat(InnerRun.failure(Leaking.class, "otherWarningThanExpected"))
                .contains("the network is slow")
                .doesNotContain("the disk is slow");
    }

    @Test
    void failureOfTheTestComesFirstAndTheLeakIsSuppressedInIt() {
        Throwable failure =
                InnerRun.of(Leaking.class, "failureAndThread").getThrowable().orElseThrow();
        assertThat(failure).hasMessage("the test's own failure");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0]).hasMessageContaining("thread 'forgotten-worker'");
    }

    /** The inner tests. Not picked up by themselves, being neither top-level nor {@code @Nested}. */
    @ExtendWith(LeakFree.class)
    static class Leaking {
        @Test
        void nothing() {}

        @Test
        void thread(LeakCheck leaks) {
            leaks.within(SHORT);
            startThread("forgotten-worker", false);
        }

        @Test
        void daemonThread(LeakCheck leaks) {
            leaks.within(SHORT);
            startThread("forgotten-daemon", true);
        }

        @Test
        void expectedThread(LeakCheck leaks) {
            leaks.expectingThreads("library-pool-");
            startThread("library-pool-1", true);
        }

        @Test
        void actorSystem(LeakCheck leaks) {
            leaks.within(SHORT);
            startThread("my-app-pekko.actor.default-dispatcher-1", true);
            startThread("my-app-pekko.actor.internal-dispatcher-2", true);
        }

        @Test
        void threadThatEndsSoon() {
            Thread thread =
                    new Thread(() -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos()));
            thread.start();
        }

        @Test
        void process(LeakCheck leaks) throws IOException {
            leaks.within(SHORT);
            Process process = new ProcessBuilder("sleep", "61").start();
            LEFT_BEHIND.push(() -> process.destroyForcibly().waitFor());
        }

        @Test
        void port(LeakCheck leaks) throws IOException {
            leaks.within(SHORT);
            LEFT_BEHIND.push(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }

        @Test
        void connection(LeakCheck leaks) throws IOException {
            leaks.within(SHORT);
            ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            LEFT_BEHIND.push(server);
            LEFT_BEHIND.push(new Socket(server.getInetAddress(), server.getLocalPort()));
        }

        @Test
        void openTemporaryFile(LeakCheck leaks) throws IOException {
            leaks.within(SHORT);
            Path file = Files.createTempFile("forgotten", ".part");
            LEFT_BEHIND.push(() -> Files.delete(file));
            LEFT_BEHIND.push(Files.newOutputStream(file));
        }

        @Test
        void fileInWorkingFolder(LeakCheck leaks) throws IOException {
            leaks.within(SHORT);
            Path file = Files.createFile(Path.of("forgotten-output.txt"));
            LEFT_BEHIND.push(() -> Files.delete(file));
        }

        @Test
        void classLoader(LeakCheck leaks) {
            leaks.within(SHORT);
            URLClassLoader loader = new URLClassLoader(new URL[0]);
            leaks.watching(loader);
            LEFT_BEHIND.push(loader);
        }

        @Test
        void unreferencedClassLoader(LeakCheck leaks) {
            leaks.watching(new ClassLoader() {});
        }

        @Test
        void warning() {
            LoggerFactory.getLogger("some.logger").warn("the {} is slow", "disk", new IOException("retried"));
        }

        @Test
        @ExpectedLog("is slow")
        void expectedWarning() {
            LoggerFactory.getLogger("some.logger").warn("the disk is slow");
        }

        @Test
        @ExpectedLog("disk")
        void otherWarningThanExpected() {
            LoggerFactory.getLogger("some.logger").warn("the disk is slow");
            LoggerFactory.getLogger("some.logger").error("the network is slow");
        }

        @Test
        void failureAndThread(LeakCheck leaks) {
            leaks.within(SHORT);
            startThread("forgotten-worker", false);
            throw new AssertionError("the test's own failure");
        }

        private static void startThread(String name, boolean daemon) {
            Thread thread = new Thread(
                    () -> {
                        while (!Thread.interrupted()) {
                            LockSupport.park();
                        }
                    },
                    name);
            thread.setDaemon(daemon);
            thread.start();
            LEFT_BEHIND.push(() -> {
                thread.interrupt();
                thread.join();
            });
        }
    }
}
