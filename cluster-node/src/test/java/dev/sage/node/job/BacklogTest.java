package dev.sage.node.job;

import static dev.sage.node.job.TestJobs.get;
import static dev.sage.node.job.TestJobs.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sage.node.job.Jobs.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** However many jobs and tries an outage delays, the log says once that it is there, and once that it is over. */
@Tag("any-java")
class BacklogTest {
    @TempDir
    Path home;

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sage.node.job");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            if (line.getLevel().isGreaterOrEqual(Level.INFO)) {
                lines.add(line);
            }
        }
    };

    private Level before;

    @BeforeEach
    void listen() {
        before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(appender);
        logger.setLevel(before);
    }

    @Test
    void anOutageIsOneLineWithItsCauseAndAnotherWhenNothingWaits() throws Exception {
        try (TestJobs node = TestJobs.connected(home)) {
            String starting = node.submit(program(true, "sleep", "600"));
            String ending = node.submit(program(true, "sleep", "600"));
            await().atMost(TestJobs.SOON).until(() -> node.registry.started.containsAll(List.of(starting, ending)));
            assertThat(lines).isEmpty();

            for (int outage = 1; outage <= 2; outage++) {
                int lineOfOutage = 2 * (outage - 1);
                node.registry.away = true;
                get(node.jobs.order(outage == 1 ? starting : ending, Order.CANCEL, "not needed"));
                // Offered some times, by the cancellation and by the end.
                await().atMost(TestJobs.SOON).until(() -> node.registry.refused.get() > 6);
                assertThat(lines).hasSize(lineOfOutage + 1);
                assertThat(lines.get(lineOfOutage)).satisfies(line -> {
                    assertThat(line.getLevel()).isEqualTo(Level.WARN);
                    assertThat(line.getFormattedMessage())
                            .startsWith("The cancellation of job ")
                            .contains("The journal does not answer.");
                    assertThat(line.getThrowableProxy()).isNull();
                });
                node.registry.refused.set(0);
                node.registry.away = false;

                await().atMost(TestJobs.SOON).until(() -> lines.size() > lineOfOutage + 1);
                assertThat(lines.get(lineOfOutage + 1).getFormattedMessage())
                        .startsWith("Nothing waits to be written down any more; 2 did");
            }
            get(node.jobs.allWritten());
            assertThat(lines).hasSize(4);
        }
    }
}
