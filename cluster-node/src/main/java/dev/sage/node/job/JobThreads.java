package dev.sage.node.job;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.runtime.local.Engine;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done for jobs off the threads of those who ask: on the engine's threads that may block, or some time later. */
final class JobThreads {
    private static final Logger log = LoggerFactory.getLogger(JobThreads.class);

    private final Engine engine;

    JobThreads(Engine engine) {
        this.engine = engine;
    }

    /** The answer fails with {@link NodeException} where the asker can do something about it, or the node ends. */
    <T> CompletableFuture<T> answer(Callable<T> blocking) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = submit(() -> {
            try {
                answer.complete(blocking.call());
            } catch (InvalidGraphException e) {
                answer.completeExceptionally(new NodeException(
                        Kind.UNPROCESSABLE, e.code(), messageOf(e), "Change the pipeline as the message says.", e));
            } catch (ServiceException e) {
                answer.completeExceptionally(new NodeException(
                        Kind.CONFLICT, e.code(), messageOf(e), "See the job's state with 'sage job show'.", e));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        if (!taken) {
            answer.completeExceptionally(stopping("Ask again when it runs."));
        }
        return answer;
    }

    /** Answers whether it will be done: not when the node ends. */
    boolean submit(Runnable blocking) {
        try {
            engine.threads().submit(() -> {
                blocking.run();
                return Done.getInstance();
            });
            return true;
        } catch (RejectedExecutionException nodeEnds) {
            return false;
        }
    }

    /** For what must be done even while the node ends. */
    void submitOrRunHere(Runnable blocking) {
        if (!submit(blocking)) {
            blocking.run();
        }
    }

    /** @param action must not block; it is left out when the node has ended by then */
    void after(Duration delay, Runnable action) {
        try {
            engine.system()
                    .scheduler()
                    .scheduleOnce(delay, action, engine.system().executionContext());
        } catch (IllegalStateException nodeEnded) {
            log.debug("Nothing more is done in {}: the node has ended", delay);
        }
    }

    /**
     * Does it again and again, until the answer is run.
     *
     * @param action must not block
     */
    Runnable every(Duration interval, Runnable action) {
        Cancellable repeated = engine.system()
                .scheduler()
                .scheduleWithFixedDelay(
                        interval, interval, action, engine.system().executionContext());
        return repeated::cancel;
    }

    static String messageOf(Throwable thrown) {
        return thrown instanceof NodeException || thrown instanceof SageException
                ? String.valueOf(thrown.getMessage())
                : thrown.toString();
    }

    static NodeException stopping(String next) {
        return new NodeException(Kind.UNAVAILABLE, "node.stopping", "The node is being stopped.", next);
    }
}
