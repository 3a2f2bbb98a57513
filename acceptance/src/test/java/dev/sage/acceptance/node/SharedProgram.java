package dev.sage.acceptance.node;

import dev.sage.api.JobHandle;
import dev.sage.api.Next;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;
import java.time.Duration;

/** A client with a shared process that has the GPU, and a job that called it and waits for its end. */
final class SharedProgram {
    static final String SUBMITTED = "submitted ";
    static final String CALLED = "called ";

    private SharedProgram() {}

    /** @param arguments the port of the node */
    public static void main(String[] arguments) throws Exception {
        try (RemoteEnvironment env =
                RemoteEnvironment.connect("sharing", "127.0.0.1", Integer.parseInt(arguments[0]))) {
            ProcessEndpoint model = env.sharedService(
                            "model", ProcessService.command("sleep", "600").gpus(1))
                    .as(ProcessEndpoint.class);
            env.fromRange(0, 1).map(n -> model.pid()).print(CALLED);
            env.fromSource(() -> Next.nothingFor(Duration.ofHours(1))).sink(never -> {});
            JobHandle job = env.submit(SubmitOptions.autostop());
            System.out.println(SUBMITTED + job.id());
            job.awaitClean();
        }
    }
}
