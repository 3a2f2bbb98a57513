package dev.sage.testkit;

import static dev.sage.testkit.LifecycleFact.CLEANUP_CALLED;
import static dev.sage.testkit.LifecycleFact.CLEANUP_COMPLETED;
import static dev.sage.testkit.LifecycleFact.INITIALIZED;
import static dev.sage.testkit.LifecycleFact.NOT_RUNNING;
import static dev.sage.testkit.LifecycleFact.RUNNING;
import static dev.sage.testkit.LifecycleFact.STOP_CALLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleProbeTest {
    private static final ServiceContext CONTEXT = new ServiceContext() {
        @Override
        public String name() {
            return "index";
        }

        @Override
        public String jobId() {
            return "job-1";
        }
    };

    private final LifecycleProbe probe = LifecycleProbe.create();

    @Test
    void factsOfAWholeLifeComeInOrder() throws Exception {
        Service service = probe.service("index").create();
        service.init(CONTEXT);
        service.start();
        assertThat(probe.life("index")).wasInitialized().wasRunning().isRunning();
        service.stop();
        service.cleanup();
        assertThat(probe.life("index"))
                .livedWholly()
                .hasFacts(INITIALIZED, RUNNING, STOP_CALLED, CLEANUP_CALLED, CLEANUP_COMPLETED, NOT_RUNNING)
                .wasCleanedUpOnce()
                .completedCleanup()
                .isNotRunning();
    }

    @Test
    void eventsOfSeveralServicesKeepTheirOrder() throws Exception {
        Service index = probe.service("index").create();
        Service cache = probe.service("cache").create();
        index.init(CONTEXT);
        cache.init(CONTEXT);
        index.start();
        assertThat(probe.events())
                .extracting(LifecycleEvent::toString)
                .containsExactly("index: initialized", "cache: initialized", "index: running");
    }

    @Test
    void cleanupThatThrowsWasCalledAndNotCompleted() throws Exception {
        IOException failure = new IOException("disk full");
        probe.fail("index", LifecycleStep.CLEANUP, failure);
        Service service = probe.service("index").create();
        assertThatThrownBy(service::cleanup).isSameAs(failure);
        assertThat(probe.life("index")).hasFacts(CLEANUP_CALLED, NOT_RUNNING).wasNeverRunning();
    }

    @ParameterizedTest
    @EnumSource
    void everyStepCanFailWithAnErrorToo(LifecycleStep step) throws Exception {
        AssertionError failure = new AssertionError("injected");
        probe.fail("index", step, failure);
        ProbeService service = probe.service("index").create();
        assertThatThrownBy(() -> {
                    service.init(CONTEXT);
                    service.start();
                    service.echo("a");
                    service.stop();
                    service.cleanup();
                })
                .isSameAs(failure);
    }

    @Test
    void stepWaitsAtItsGateUntilTheTestOpensIt() throws Exception {
        try (Gate gate = probe.hold("index", LifecycleStep.START)) {
            Service service = probe.service("index").create();
            CompletableFuture<Void> started = CompletableFuture.runAsync(() -> {
                try {
                    service.start();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            gate.awaitReached();
            assertThat(probe.life("index")).wasNeverRunning();
            gate.open();
            started.join();
            assertThat(probe.life("index")).wasRunning();
        }
    }

    @Test
    void assertionTellsTheLifeThatItSaw() throws Exception {
        Service service = probe.service("index").create();
        service.init(CONTEXT);
        assertThatThrownBy(() -> assertThat(probe.life("index")).wasRunning())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Service 'index' has no fact 'running': [initialized]");
        assertThatThrownBy(() -> assertThat(probe.life("index")).wasCleanedUpOnce())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was called 0 times");
    }
}
