package dev.sage.acceptance.kill;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Rate;
import dev.sage.api.Service;
import dev.sage.api.ServiceRef;
import dev.sage.api.SubmitOptions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What is killed: a job with a local service, a process service that it calls, and a command. Never ends by itself. */
final class KillProgram {
    private KillProgram() {}

    /** Called by the job's records. */
    public static final class Counter implements Service {
        private final AtomicLong calls = new AtomicLong();

        public long next() {
            return calls.incrementAndGet();
        }
    }

    /** @param arguments the state folder, the folder of locks, the script of the server */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = Map.of(
                "sage.home",
                arguments[0],
                "sage.locks-folder",
                arguments[1],
                "sage.gpus.ids",
                "0-3",
                "sage.gpus.idle-check.when",
                "off");
        try (LocalEnvironment env = LocalEnvironment.create("kill", settings)) {
            env.service("counter", Counter::new);
            ServiceRef<ProcessEndpoint> server = env.service(
                    "server",
                    ProcessService.command("python3", arguments[2], "{port}")
                            .gpus(1)
                            .readyOn("/health"));
            env.command(
                    "trainer", ProcessService.command("sleep", "600").gpus(2).ports(1));
            env.generate(Rate.perSecond(100), n -> n)
                    .map(n -> server.as(ProcessEndpoint.class).get("/records/" + n, String.class))
                    .sink(answer -> {});
            System.out.println("submitting");
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.awaitClean();
        }
    }
}
