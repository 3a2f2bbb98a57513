package dev.sage.cli.manager;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.CleanUps;
import dev.sage.cli.remote.Json;
import dev.sage.cli.remote.NodeApi;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the node to end, tells what it is busy with, and waits until its process is gone. Touches no other process. */
final class NodeStop {
    private static final Duration AFTER_TERM = Duration.ofSeconds(10);
    private static final String LIVE = "/v1/jobs?limit=1000&state=STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING";

    private final Context context;
    private final Duration limit;

    NodeStop(Context context, Duration limit) {
        this.context = context;
        this.limit = limit;
    }

    /** One that has. */
    record Ended(NodeRecord node, long millis) {}

    /** Blocks until it has ended; empty when there was none. */
    Optional<Ended> stop(NodeFolder folder) throws InterruptedException {
        NodeRecord node = folder.record().orElse(null);
        ProcessHandle process = node == null ? null : node.process().orElse(null);
        if (node == null || process == null) {
            context.err().println("sage: no node runs (" + folder.path().getParent() + ").");
            return Optional.empty();
        }
        long began = System.nanoTime();
        Optional<CleanUps> told = asked(node);
        if (told.isEmpty()) {
            process.destroy();
        }
        if (!isGone(process, limit)) {
            context.err().println("sage: it has not ended within " + limit.toSeconds() + " s; sending SIGTERM.");
            process.destroy();
            if (!isGone(process, AFTER_TERM)) {
                throw new CommandFailure(
                        Exit.FAILURE,
                        "node.stop",
                        "The node, pid " + node.pid() + ", still runs. See " + folder.log() + "; kill -9 " + node.pid()
                                + " ends it, and the next start sweeps what it leaves.");
            }
        }
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        if (told.isPresent()) {
            told.get().awaitTold();
        }
        context.out()
                .println(
                        "The node at " + node.address() + " (pid " + node.pid() + ") has ended, in " + millis + " ms.");
        return Optional.of(new Ended(node, millis));
    }

    private Optional<CleanUps> asked(NodeRecord node) throws InterruptedException {
        NodeApi api = node.api(context);
        try {
            List<Json> jobs = Json.parse(api.get(LIVE)).items("jobs");
            tellJobs(jobs);
            CleanUps told = CleanUps.tell(api, jobs, context);
            api.post("/v1/node/stop", Map.of());
            return Optional.of(told);
        } catch (CommandFailure | IOException refused) {
            context.err().println("sage: " + refused.getMessage() + " Sending SIGTERM to pid " + node.pid() + ".");
            return Optional.empty();
        }
    }

    private void tellJobs(List<Json> jobs) {
        for (Json job : jobs) {
            context.out()
                    .println("Being ended and cleaned up: job " + job.text("id") + " " + job.text("name") + ", "
                            + job.text("state") + ", " + counted(job.number("taskCount"), "task") + ", "
                            + counted(job.number("serviceCount"), "service"));
        }
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static boolean isGone(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
