package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.LocalEnvironment;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LeakCheckTest {

    @Test
    void canBeUsedWithoutTheExtension() {
        try (LeakCheck leaks = LeakCheck.start()) {
            assertThatCode(leaks::expectNoLeaks).doesNotThrowAnyException();
            LoggerFactory.getLogger("some.logger").error("broken");
            assertThatThrownBy(leaks::expectNoLeaks)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("The test left behind:\n  log line ERROR of some.logger: broken");
        }
    }

    @Test
    void linesAfterItsEndAreNotSeen() {
        LeakCheck leaks = LeakCheck.start();
        leaks.close();
        LoggerFactory.getLogger("some.logger").error("broken");
        leaks.expectNoLeaks();
    }

    @Test
    void waitsForNothingWhenNothingIsLeft() {
        try (LeakCheck leaks = LeakCheck.start().within(Duration.ofMinutes(1))) {
            leaks.expectNoLeaks();
        }
    }

    @Test
    void testThatLeftNothingIsCheckedInUnderASecond() throws Exception {
        try (LeakCheck leaks = LeakCheck.start()) {
            try (LocalEnvironment env = LocalEnvironment.create("checked")) {
                env.fromRange(0, 1_000).map(n -> n).parallelism(2).collect();
                env.run();
            }
            long checkedFrom = System.nanoTime();
            leaks.expectNoLeaks();
            assertThat(Duration.ofNanos(System.nanoTime() - checkedFrom)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void theLoaderOfAFunctionIsWatched() {
        try (LeakCheck leaks = LeakCheck.start().within(Duration.ofMillis(100))) {
            ClassLoader ofJob = new ClassLoader(null) {};
            Object function = Proxy.newProxyInstance(ofJob, new Class<?>[] {Comparable.class}, (p, m, a) -> 0);
            leaks.watchingLoaderOf(function);
            assertThatThrownBy(leaks::expectNoLeaks).hasMessageContaining("is still referred to");
            assertThat(function.getClass().getClassLoader()).isSameAs(ofJob);
        }
    }

    @Test
    void theLoaderOfTheTestItselfStaysAndIsNotWatched() {
        try (LeakCheck leaks = LeakCheck.start()) {
            assertThatThrownBy(() -> leaks.watchingLoaderOf(this))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("which stays");
        }
    }

    @Test
    void privateTemporaryFolderMustStayAsItWas(@TempDir Path folder) throws Exception {
        Path working = Files.createDirectory(folder.resolve("working"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        FileWatcher watcher = new FileWatcher(working, temporary);
        Path anyName = Files.createFile(temporary.resolve("any-name"));
        Files.createDirectories(working.resolve("target/classes"));
        assertThat(watcher.leaks()).containsExactly("file " + anyName);
    }

    @Test
    void halfWrittenFileInAFolderOfTheProjectIsSeen(@TempDir Path folder) throws Exception {
        Path working = Files.createDirectories(folder.resolve("working"));
        Path results = Files.createDirectory(working.resolve("results"));
        FileWatcher watcher = new FileWatcher(working, folder.resolve("missing"));
        Path part = Files.createFile(results.resolve(".answers.jsonl.part"));
        assertThat(watcher.leaks()).containsExactly("file " + part);
    }
}
