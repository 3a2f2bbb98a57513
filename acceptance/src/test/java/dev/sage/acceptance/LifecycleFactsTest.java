package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobResult;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceReport;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Echo;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleEvent;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is true of a service while and after its job, and the order in which services live. */
@SageTest
class LifecycleFactsTest {

    @Test
    void serviceWasInitializedAndRunningAndIsCleanedUpAndNotRunning(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        Echo echo = env.service("index", probe.service("index")).as(Echo.class);
        Results<Object> answers = env.fromRange(0, 10).map(echo::echo).collect();
        JobResult result = env.run();
        assertThat(answers).hasSize(10);
        assertThat(result.services()).containsOnlyKeys("index");
        assertThat(result.services().get("index"))
                .isEqualTo(new ServiceReport("index", true, true, true, true, false, 0));
        assertThat(probe.life("index")).livedWholly();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void awaitCleanReturnsOnlyAfterTheCleanup(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("slow", probe.service("slow"));
        env.fromRange(0, 10).collect();
        try (Gate cleanup = probe.hold("slow", LifecycleStep.CLEANUP)) {
            var job = env.submit(SubmitOptions.autostop());
            cleanup.awaitReached();
            assertThat(job.state().isTerminal()).isFalse();
            assertThat(job.result().toCompletableFuture()).isNotDone();
            cleanup.open();
            job.awaitClean();
        }
        assertThat(probe.life("slow")).livedWholly();
    }

    @Test
    void servicesStartAfterAndStopBeforeThoseTheyDependOn(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        env.service("app", probe.service("app")).dependsOn("cache");
        env.service("cache", probe.service("cache")).dependsOn("store");
        env.service("store", probe.service("store"));
        env.run();
        assertThat(probe.events())
                .extracting(LifecycleEvent::toString)
                .containsSubsequence("store: running", "cache: initialized", "cache: running", "app: initialized")
                .containsSubsequence("app: stop called", "cache: stop called", "store: stop called")
                .containsSubsequence("app: cleanup called", "cache: cleanup called", "store: cleanup called");
    }

    @Test
    void serviceOfAUsersOwnClassIsWatchedAndCalled(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        var lengths = env.service("lengths", probe.watching("lengths", Lengths::new));
        Results<Object> answers = env.fromCollection(List.of("a", "bc"))
                .map(word -> lengths.call("lengthOf", word))
                .collect();
        env.run();
        assertThat(answers).containsExactly(1, 2);
        assertThat(probe.life("lengths")).livedWholly();
    }

    static final class Lengths implements Service {
        public int lengthOf(String word) {
            return word.length();
        }
    }
}
