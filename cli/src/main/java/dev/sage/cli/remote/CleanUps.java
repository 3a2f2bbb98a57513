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

    /** What was told when the node was still there may yet have to be read. */
    private static final long READ_WITHIN_S = 2;

    private final NodeApi node;
    private final Context context;
    private final CountDownLatch heard;
    private final CountDownLatch ended;

    private CleanUps(NodeApi node, Context context, int jobs) {
        this.node = node;
        this.context = context;
        this.heard = new CountDownLatch(jobs);
        this.ended = new CountDownLatch(jobs);
    }

    /**
     * Tells, from now on and without holding up the caller, each line of the jobs' clean-ups and how they end. Blocks until
     * the jobs are heard, for a short time at most: what happens before is not told.
     */
    public static CleanUps tell(NodeApi node, List<Json> jobs, Context context) throws InterruptedException {
        List<String> ids =
                jobs.stream().map(job -> job.text("id")).limit(MOST_JOBS).toList();
        CleanUps told = new CleanUps(node, context, ids.size());
        ids.forEach(id -> Threads.start("sage-clean-up-" + id, () -> told.follow(id)));
        if (!told.heard.await(HEARD_WITHIN_S, TimeUnit.SECONDS)) {
            context.err().println("sage: not all clean-ups can be shown here; see sage job show ID later.");
        }
        return told;
    }

    /** Blocks until all is told that the node has said; once it is gone, for a short time at most. */
    public void awaitTold() throws InterruptedException {
        if (!ended.await(READ_WITHIN_S, TimeUnit.SECONDS)) {
            context.err()
                    .println("sage: not all ends could be shown here; see sage job show ID when the node runs again.");
        }
    }

    private void follow(String id) {
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
            ended.countDown();
        }
    }
}
