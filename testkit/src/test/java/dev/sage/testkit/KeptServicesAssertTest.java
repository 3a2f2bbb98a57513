package dev.sage.testkit;

import static dev.sage.testkit.KeptServicesAssert.assertThatKeptServices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;

class KeptServicesAssertTest {

    @SageTest
    void tellsWhatIsKeptOfWhichJob(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        assertThatKeptServices(env).areNone();
        env.service("index", probe.service("index"));
        env.service("cache", probe.service("cache"));
        JobHandle job = env.submit(SubmitOptions.autostop().keepServices("index"));
        job.awaitClean();

        assertThatKeptServices(env).hasNames("index").ofJob(job, "index");
        assertThat(probe.life("index")).isKept();
        assertThat(probe.life("cache")).livedWholly();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatKeptServices(env).areNone())
                .withMessageContaining(job.id() + "/index");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatKeptServices(env).ofJob(job, "cache"))
                .withMessageContaining(job.id() + "/cache");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatKeptServices(env).hasNames("index", "cache"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(probe.life("cache")).isKept());

        for (KeptService kept : env.keptServices()) {
            kept.end();
        }
        assertThatKeptServices(env).areNone();
        assertThat(probe.life("index")).livedWholly();
    }
}
