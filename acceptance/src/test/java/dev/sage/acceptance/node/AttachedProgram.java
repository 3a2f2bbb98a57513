package dev.sage.acceptance.node;

import dev.sage.api.JobHandle;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;

/** A client whose job has the GPU until somebody ends it. */
final class AttachedProgram {
    static final String SUBMITTED = "submitted ";

    private AttachedProgram() {}

    /** @param arguments the port of the node */
    public static void main(String[] arguments) throws Exception {
        try (RemoteEnvironment env =
                RemoteEnvironment.connect("attached", "127.0.0.1", Integer.parseInt(arguments[0]))) {
            env.command("holder", ProcessService.command("sleep", "600").gpus(1));
            JobHandle job = env.submit(SubmitOptions.autostop());
            System.out.println(SUBMITTED + job.id());
            job.awaitClean();
        }
    }
}
