package dev.sage.acceptance;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Service;

/**
 * A user's program that never closes its environment. When its job runs, with a local service, a process, a GPU and a
 * port, its main {@code return}s or {@code throw}s.
 */
final class OpenEndedProgram {
    private OpenEndedProgram() {}

    public static void main(String[] args) throws Exception {
        LocalEnvironment env = LocalEnvironment.create("open-ended");
        env.service("local", Local::new);
        env.service(
                "server",
                ProcessService.command("python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}")
                        .gpus(1)
                        .readyOn("/"));
        JobHandle job = env.submit();
        job.awaitIdle();
        ProcessEndpoint server = job.service("server", ProcessEndpoint.class);
        System.out.println(server.pid() + " " + server.ports().get(0) + " " + server.gpus());
        if (args[0].equals("throw")) {
            throw new IllegalStateException("a bug in main");
        }
    }

    private static final class Local implements Service {
        @Override
        public void cleanup() {
            System.out.println("cleaned up");
        }
    }
}
