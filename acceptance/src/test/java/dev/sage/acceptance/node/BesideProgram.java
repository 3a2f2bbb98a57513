package dev.sage.acceptance.node;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.Next;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.RemoteOptions;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** A client whose job at the node has a service that runs beside this program. */
final class BesideProgram {
    static final String SUBMITTED = "submitted ";
    static final String BESIDE = "beside ";
    static final String SCORED = "scored ";
    static final String OUTPUT = "output ";
    static final String LEFT = "left ";
    static final String ENDED = "ended ";

    private BesideProgram() {}

    /** As JSON is read into. */
    static final class Score {
        public int score;
    }

    record Text(String text) {}

    /** Says how many programs are left when the end is known: the environment, which would end them too, is still open. */
    private static JobResult ended(JobHandle job) throws Exception {
        try {
            return job.awaitClean();
        } finally {
            System.out.println(LEFT
                    + ProcessHandle.current()
                            .descendants()
                            .filter(process -> process.info()
                                    .commandLine()
                                    .filter(line -> line.contains("judge.py"))
                                    .isPresent())
                            .count());
        }
    }

    /** @param arguments the port of the node, its token, whether the job lasts, and the command of the service */
    public static void main(String[] arguments) throws Exception {
        RemoteOptions options = RemoteOptions.DEFAULT.token(arguments[1]).giveUpAfter(Duration.ofSeconds(2));
        ProcessService program = ProcessService.command(
                        List.of(arguments).subList(3, arguments.length).toArray(String[]::new))
                .ports(1)
                .readyOnOutput("ready")
                .stopWithin(Duration.ofMillis(500));
        try (RemoteEnvironment env =
                RemoteEnvironment.connect("beside", "127.0.0.1", Integer.parseInt(arguments[0]), options)) {
            ProcessEndpoint judge = env.atClient("judge", program).as(ProcessEndpoint.class);
            env.fromRange(0, 1).map(n -> judge.pid()).print(BESIDE);
            if (arguments[2].equals("lasting")) {
                env.fromSource(() -> Next.nothingFor(Duration.ofHours(1))).sink(never -> {});
            } else {
                env.fromCollection(List.of("a", "bc"))
                        .map(text -> judge.post("/score", new Text(text), Score.class).score)
                        .print(SCORED);
            }
            JobHandle job = env.submit(SubmitOptions.autostop());
            System.out.println(SUBMITTED + job.id());
            JobResult result = ended(job);
            System.out.print(OUTPUT + Files.readString(job.outputFile("judge")).replace("\n", "|") + "\n");
            result.cleanup().lines().forEach(line -> System.out.println("line " + line));
            System.out.println(ENDED + result.state());
        } catch (SageException e) {
            System.out.println(ENDED + e.code() + ": " + e.getMessage());
        }
    }
}
