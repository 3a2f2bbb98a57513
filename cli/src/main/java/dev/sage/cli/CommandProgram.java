package dev.sage.cli;

import dev.sage.api.CommandFailedException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobLeases;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.OutputListener;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
            OutputToEnd output = new OutputToEnd(job);
            job.output(NAME, output);
            try {
                return job.awaitClean().clean() ? Exit.OK : Exit.FAILURE;
            } finally {
                output.await();
            }
        } catch (JobFailedException failed) {
            return explain(failed);
        }
    }

    /** There is one command; what the error of a job says else, where in it something failed, would be noise. */
    private int explain(JobFailedException failed) {
        Throwable cause = failed.getCause();
        err.println("sage: "
                + (cause instanceof SageException
                        ? cause.getMessage()
                        : failed.result().failure().map(JobFailure::message).orElse(failed.getMessage())));
        if (cause instanceof CommandFailedException command) {
            return command.exitCode();
        }
        return cause instanceof SageException sage && sage.code().equals("process.start")
                ? Exit.NOT_STARTED
                : Exit.FAILURE;
    }

    /** Prints all of it, however slowly that is read; when nobody reads it any more, the command is ended. */
    private final class OutputToEnd implements OutputListener {
        private final JobHandle job;
        private final CountDownLatch end = new CountDownLatch(1);
        private boolean unread;

        OutputToEnd(JobHandle job) {
            this.job = job;
        }

        @Override
        public boolean holdsUp() {
            return true;
        }

        @Override
        public void line(String line) {
            out.println(line);
            if (!unread && out.checkError()) {
                unread = true;
                job.cancel();
            }
        }

        /** The first lines, if they were printed before anybody could follow them. */
        @Override
        public void missed(long lines) {
            err.println("sage: the first " + lines + " lines are missing here, but are in " + job.outputFile(NAME));
        }

        @Override
        public void ended() {
            end.countDown();
        }

        /** As long as its reader takes, as every program does; a signal ends the JVM meanwhile. */
        void await() throws InterruptedException {
            end.await();
        }
    }

    private void tell(JobEvent event) {
        if (event instanceof JobEvent.Waiting waiting) {
            err.println("sage: waits: " + waiting.reason());
        } else if (event instanceof JobEvent.Leased leased) {
            err.println("sage: has " + describe(leased.leases()));
        }
    }

    /** For example {@code GPUs 0, 3 and port 8080}. */
    private static String describe(JobLeases leases) {
        return Stream.of(numbers("GPU", leases.gpus()), numbers("port", leases.ports()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" and "));
    }

    private static Optional<String> numbers(String what, List<Integer> ids) {
        String list = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return ids.isEmpty() ? Optional.empty() : Optional.of(what + (ids.size() == 1 ? " " : "s ") + list);
    }
}
