package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/** Jobs with processes, on four fake GPUs, and what must be left of them. */
final class ProcessJobs {
    static final int GPUS = 4;
    static final Duration SOON = Duration.ofSeconds(15);

    /** It makes a child, and another one in a session of its own that is deaf to TERM. */
    static final ProcessService SERVER = ProcessService.command("python3", Scripts.path("kill/server.py"), "{port}")
            .gpus(1)
            .readyOn("/health");

    /** Has a child, is deaf to TERM, and is never ready. */
    static final ProcessService LATE = ProcessService.command(
                    "sh", "-c", "trap '' TERM; sleep 600 & while true; do wait; done")
            .gpus(1)
            .ports(1)
            .readyOnOutput("ready");

    static final ProcessService TRAINER =
            ProcessService.command("sleep", "600").gpus(2).ports(1);

    /** Deaf to TERM, so that its end takes as long as it is given. */
    static final ProcessService DEAF_TRAINER = ProcessService.command("sh", "-c", "trap '' TERM; exec sleep 600")
            .gpus(2)
            .ports(1);

    private ProcessJobs() {}

    /** The server and its two others, and the trainer; while Python starts there may be more. */
    static void awaitRunning(JobHandle job) {
        await("the processes of " + job.id())
                .atMost(SOON)
                .until(() -> job.state() == JobState.RUNNING && Owned.by(job).size() == 4);
    }

    /** The program and its child. */
    static void awaitStarting(JobHandle job) {
        await("the processes of " + job.id())
                .atMost(SOON)
                .until(() -> job.state() == JobState.STARTING && Owned.by(job).size() == 2);
    }

    static void assertNothingIsLeft(JobHandle job, List<Integer> ports) throws IOException {
        assertThat(Owned.by(job)).isEmpty();
        assertThat(job.leases().holders()).isEmpty();
        for (int port : ports) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    /** At once, where what was not seen to be free would rest for longer than the test waits. */
    static void assertAllGpusAreFree(LocalEnvironment env) throws Exception {
        env.command("all", ProcessService.command("true").gpus(GPUS));
        JobHandle all = env.submit(SubmitOptions.autostop());
        assertThat(all.awaitClean(SOON).state()).isEqualTo(JobState.COMPLETED);
    }
}
