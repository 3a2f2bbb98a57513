package dev.sage.client;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobHandle;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.client.http.Backoff;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.http.NodeUnreachableException;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.NodeView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a client asks its node. Requests that may be made twice are tried again while the node cannot be reached, until the
 * client gives up or is closed; the node's refusals become the exceptions that a local environment throws.
 */
final class NodeApi {
    private final NodeHttp http;
    private final CountDownLatch closed;

    /** @param closed at zero nothing is tried again */
    NodeApi(NodeHttp http, CountDownLatch closed) {
        this.http = http;
        this.closed = closed;
    }

    NodeApi with(HttpTimes times) {
        return new NodeApi(http.with(times), closed);
    }

    NodeHttp http() {
        return http;
    }

    NodeView node() {
        NodeView[] nodes = http.get("/v1/nodes", NodeView[].class);
        if (nodes.length == 0) {
            throw new SageException("node.unreachable", "The server at " + http.address() + " knows of no node.");
        }
        return nodes[0];
    }

    /** @param key makes that a repetition answers the same job */
    JobView submit(JobSubmission submission, String key) {
        return retried(() -> http.post("/v1/jobs", submission, JobView.class, Map.of("Idempotency-Key", key)));
    }

    JobDetails show(String job) {
        return retried(() -> http.get(path(job), JobDetails.class));
    }

    /** Nothing happens to a job that has ended, as with a {@link JobHandle} of a local one. */
    void order(String job, String order, String reason) {
        try {
            retried(() -> http.post(path(job) + "/" + order, Map.of("reason", reason), JobView.class));
        } catch (NodeProblemException refused) {
            if (!refused.code().equals("job.ended")) {
                throw refused;
            }
        }
    }

    LeaseView renew(String job) {
        return http.put(path(job) + "/lease", null, LeaseView.class);
    }

    /** A call may have an effect each time, so it is never repeated. */
    byte[] call(String job, String service, byte[] call) throws ServiceException {
        try {
            return http.exchange(path(job) + "/services/" + escaped(service) + "/call", call);
        } catch (NodeProblemException refused) {
            throw new ServiceException(refused.code(), String.valueOf(refused.getMessage()), refused);
        } catch (NodeUnreachableException broken) {
            throw new ServiceException("service.unavailable", String.valueOf(broken.getMessage()), broken);
        }
    }

    static String path(String job) {
        return "/v1/jobs/" + escaped(job);
    }

    static String escaped(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    <T> T retried(Supplier<T> request) {
        long deadlineNanos = System.nanoTime() + http.times().giveUp().toNanos();
        for (int failures = 1; ; failures++) {
            try {
                return request.get();
            } catch (NodeProblemException refused) {
                if (!refused.isPassing() || isTooLate(deadlineNanos)) {
                    throw asLocally(refused);
                }
            } catch (NodeUnreachableException away) {
                if (isTooLate(deadlineNanos)) {
                    throw away;
                }
            }
            pause(failures);
        }
    }

    private boolean isTooLate(long deadlineNanos) {
        return System.nanoTime() - deadlineNanos > 0 || closed.getCount() == 0;
    }

    private void pause(int failures) {
        try {
            // Cut short by the close, after which there is one more try.
            closed.await(
                    Backoff.pauseMillis(failures, ThreadLocalRandom.current().nextDouble()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SageException(
                    "client.interrupted", "Interrupted while the node at " + http.address() + " was waited for.", e);
        }
    }

    private static SageException asLocally(NodeProblemException refused) {
        return refused.code().equals("graph.invalid")
                ? new InvalidGraphException(String.valueOf(refused.getMessage()))
                : refused;
    }
}
