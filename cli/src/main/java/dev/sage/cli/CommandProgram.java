package dev.sage.cli;

import dev.sage.api.CommandFailedException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobLeases;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.OutputListener;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code sage run … -- COMMAND}: one command as a job, with the GPUs and ports that it asks for. */
final class CommandProgram {
    private static final String NAME = "command";

    private final ProcessService program;
    private final Map<String, String> settings;
    private final PrintStream out;
    private final PrintStream err;

    CommandProgram(ProcessService program, Map<String, String> settings, PrintStream out, PrintStream err) {
        this.program = program;
        this.settings = settings;
        this.out = out;
        this.err = err;
    }

    /** Blocks until all is clean; answers the exit code of the command. */
    int run() throws InterruptedException {
        try (LocalEnvironment env = LocalEnvironment.create("run", settings)) {
            env.command(NAME, program);
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.events(this::tell);
            OutputToEnd output = new OutputToEnd();
            job.output(NAME, output);
            try {
                job.awaitClean();
                return Exit.OK;
            } finally {
                output.await();
            }
        } catch (JobFailedException failed) {
            if (failed.getCause() instanceof CommandFailedException command) {
                err.println("sage: " + command.getMessage());
                return command.exitCode();
            }
            throw failed;
        }
    }

    /** Prints all of it, however late it comes. */
    private final class OutputToEnd implements OutputListener {
        private static final long LIMIT_S = 60;

        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void line(String line) {
            out.println(line);
        }

        @Override
        public void missed(long lines) {
            err.println("sage: " + lines + " lines were printed faster than they could be shown");
        }

        @Override
        public void ended() {
            end.countDown();
        }

        void await() throws InterruptedException {
            if (!end.await(LIMIT_S, TimeUnit.SECONDS)) {
                err.println("sage: the output could not be shown to its end within " + LIMIT_S + " s");
            }
        }
    }

    private void tell(JobEvent event) {
        if (event instanceof JobEvent.Waiting waiting) {
            err.println("sage: waits: " + waiting.reason());
        } else if (event instanceof JobEvent.Leased leased) {
            err.println("sage: has " + describe(leased.leases()));
        } else if (event instanceof JobEvent.StateChanged changed && changed.to() == JobState.CANCELLED) {
            err.println("sage: cancelled, " + changed.reason());
        }
    }

    private static String describe(JobLeases leases) {
        return numbers("GPU", leases.gpus()) + numbers("port", leases.ports());
    }

    private static String numbers(String what, List<Integer> ids) {
        return ids.isEmpty() ? "" : what + (ids.size() == 1 ? " " : "s ") + ids + " ";
    }
}
