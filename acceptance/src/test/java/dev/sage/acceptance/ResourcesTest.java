package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.SageTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What an operator sees of GPUs, ports and the queue, and the maintenance of a GPU. */
@SageTest(settings = {"sage.gpus.ids=0-1", "sage.gpus.idle-check.when=off"})
@EnabledOnOs(OS.LINUX)
class ResourcesTest {

    @Test
    void aDrainingGpuIsGivenToNobodyUntilTheDrainEnds(LocalEnvironment env) throws Exception {
        env.resources().drainGpus(0);
        env.command("both", ProcessService.command("true").gpus(2));
        JobHandle job = env.submit(SubmitOptions.autostop());
        await().until(() -> env.resources().waiting().contains(job.id()));
        assertThat(env.resources().gpus())
                .containsExactly(new Resources.Gpu(0, "free, draining"), new Resources.Gpu(1, "free"));
        assertThat(env.resources().decisions())
                .last()
                .satisfies(decision -> assertThat(decision.outcome()).isEqualTo("WAITS"));

        env.resources().undrainGpus(0);
        assertThat(job.awaitClean().state()).isEqualTo(JobState.COMPLETED);
        assertThat(env.resources().decisions())
                .last()
                .satisfies(decision -> assertThat(decision.outcome()).isEqualTo("STARTED"));
    }

    @Test
    void whoHasAGpuIsShown(LocalEnvironment env) throws Exception {
        env.command("train", ProcessService.command("sleep", "600").gpus(1));
        JobHandle job = env.submit();
        await().until(() -> !job.leases().gpus().isEmpty());
        assertThat(env.resources().gpus())
                .containsExactly(
                        new Resources.Gpu(0, "leased to " + job.id() + "/train"), new Resources.Gpu(1, "free"));
        job.cancel();
        job.awaitClean();
        await().until(() -> env.resources().gpus().get(0).standing().equals("free"));
    }

    @Test
    void aGpuThatIsNotConfiguredCannotBeDrained(LocalEnvironment env) {
        assertThatThrownBy(() -> env.resources().drainGpus(0, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GPU 7")
                .hasMessageContaining("sage.gpus.ids");
        assertThat(env.resources().gpus())
                .allSatisfy(gpu -> assertThat(gpu.standing()).isEqualTo("free"));
    }
}
