package dev.sage.client;

import dev.sage.api.SageException;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.wire.LeaseView;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the hold on the attached jobs of one environment, on one thread for all, every third of its time to live. */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LIFE = 3;

    private final NodeApi api;
    private final Set<String> jobs = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "sage-lease");
        daemon.setDaemon(true);
        return daemon;
    });
    /** The next round; null when none is due. */
    private @Nullable ScheduledFuture<?> rounds;

    private volatile Duration timeToLive = Duration.ofSeconds(30);
    private volatile boolean timeIsKnown;
    private boolean away;

    LeaseKeeper(NodeApi api) {
        this.api = api;
    }

    /** How long a job lasts without this client. */
    Duration timeToLive() {
        return timeToLive;
    }

    /** The node has held it since its submission; only how long that lasts must be asked, once. */
    synchronized void keep(String job) {
        jobs.add(job);
        if (!timeIsKnown && !thread.isShutdown()) {
            thread.execute(this::round);
        } else if (rounds == null) {
            plan();
        }
    }

    void forget(String job) {
        jobs.remove(job);
    }

    private void round() {
        boolean reached = true;
        for (String job : jobs) {
            reached &= renew(job);
        }
        if (reached && away) {
            log.info("The node at {} is reached again.", api.http().address());
        }
        away = !reached;
        plan();
    }

    private boolean renew(String job) {
        try {
            LeaseView lease = inTime().renew(job);
            timeToLive = lease.timeToLive();
            timeIsKnown = true;
        } catch (NodeProblemException refused) {
            if (!refused.isPassing()) {
                // Ended, most often; its watch tells.
                forget(job);
                log.debug("Job {} is held no more: {}", job, refused.getMessage());
                return true;
            }
            return warn(refused);
        } catch (SageException unreachable) {
            return warn(unreachable);
        } catch (RuntimeException broken) {
            log.warn("The hold on job {} could not be renewed", job, broken);
        }
        return true;
    }

    /** One answer that does not come must not cost the other jobs their turn. */
    private NodeApi inTime() {
        HttpTimes times = api.http().times();
        Duration turn = timeToLive.dividedBy(RENEWALS_PER_LIFE);
        return api.with(new HttpTimes(
                times.connect().compareTo(turn) < 0 ? times.connect() : turn,
                times.answer().compareTo(turn) < 0 ? times.answer() : turn,
                times.silence(),
                times.giveUp()));
    }

    private boolean warn(SageException failure) {
        if (!away) {
            away = true;
            log.warn(
                    "{} The node ends the jobs of this client when it has not heard of it for {} s.",
                    failure.getMessage(),
                    timeToLive.toSeconds());
        }
        return false;
    }

    /** The next round, in place of one that was planned. */
    private synchronized void plan() {
        if (rounds != null) {
            rounds.cancel(false);
            rounds = null;
        }
        if (!thread.isShutdown() && !jobs.isEmpty()) {
            rounds = thread.schedule(
                    this::round, timeToLive.dividedBy(RENEWALS_PER_LIFE).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
    }
}
