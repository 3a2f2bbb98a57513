package dev.sage.acceptance.kill;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Rate;
import dev.sage.api.Service;
import dev.sage.api.ServiceRef;
import dev.sage.api.SubmitOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** What is killed: a job with a local service, a process service that it calls, and a command. Never ends by itself. */
final class KillProgram {
    static final String SUBMITTING = "submitting";

    private KillProgram() {}

    /** Called by the job's records. */
    public static final class Counter implements Service {
        private final AtomicLong calls = new AtomicLong();

        public long next() {
            return calls.incrementAndGet();
        }
    }

    /** @param arguments the folder of the {@link Site}; and whether it is the neighbour, which is content with one GPU */
    public static void main(String[] arguments) throws Exception {
        Site site = new Site(Path.of(arguments[0]));
        boolean isNeighbour = Boolean.parseBoolean(arguments[1]);
        try (LocalEnvironment env = LocalEnvironment.create("kill", site.settings())) {
            ServiceRef<Counter> counter = env.service("counter", Counter::new);
            ServiceRef<ProcessEndpoint> server = env.service(
                    "server",
                    ProcessService.command("python3", site.server().toString(), "{port}")
                            .gpus(1)
                            .readyOn("/health"));
            if (!isNeighbour) {
                env.command(
                        "trainer",
                        ProcessService.command("sleep", "600").gpus(2).ports(1));
            }
            env.generate(Rate.perSecond(100), n -> n)
                    .map(n -> counter.call("next"))
                    .map(n -> server.as(ProcessEndpoint.class).get("/records/" + n, String.class))
                    .sink(answer -> {});
            System.out.println(SUBMITTING);
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.awaitClean();
        }
    }
}
