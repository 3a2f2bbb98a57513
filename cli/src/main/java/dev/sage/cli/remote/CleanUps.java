package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a node gives back of its jobs while it ends, line by line. */
public final class CleanUps {
    /** Each costs the node a connection; the ends of the others are in its journal. */
    private static final int MOST_JOBS = 50;

    private static final long HEARD_WITHIN_S = 2;

    private CleanUps() {}

    /**
     * Tells, from now on and without holding up the caller, each line of the jobs' clean-ups and how they end. Blocks until
     * the jobs are heard, for a short time at most: what happens before is not told.
     */
    public static void tell(NodeApi node, List<Json> jobs, Context context) throws InterruptedException {
        List<String> ids =
                jobs.stream().map(job -> job.text("id")).limit(MOST_JOBS).toList();
        CountDownLatch heard = new CountDownLatch(ids.size());
        ids.forEach(id -> Threads.start("sage-clean-up-" + id, () -> follow(node, id, heard, context)));
        if (!heard.await(HEARD_WITHIN_S, TimeUnit.SECONDS)) {
            context.err().println("sage: not all clean-ups can be shown here; see sage job show ID later.");
        }
    }

    private static void follow(NodeApi node, String id, CountDownLatch heard, Context context) {
        try {
            // A job that runs has told at least that it does.
            node.follow(NodeCommand.job(id) + "/events", (type, data) -> {
                heard.countDown();
                Json event = NodeCommand.parse(data);
                if (type.equals("cleaned-up")) {
                    context.out().println("  " + id + "  " + EventLine.words(event));
                } else if (type.equals("ended")) {
                    context.out().println("  " + id + "  " + new Outcome(event.at("result")).words());
                }
                return !type.equals("ended");
            });
        } catch (CommandFailure unheard) {
            // It is for whoever looks on; the end of the node does not depend on it.
        } finally {
            heard.countDown();
        }
    }
}
