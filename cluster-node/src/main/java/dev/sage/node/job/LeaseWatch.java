package dev.sage.node.job;

import dev.sage.client.wire.LeaseView;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holds of clients on their jobs: a job whose client does not renew in time is cancelled. */
final class LeaseWatch {
    private static final Logger log = LoggerFactory.getLogger(LeaseWatch.class);

    private final Duration timeToLive;
    private final LiveJobs live;
    private final JournalWrites journal;
    private final JobThreads threads;

    LeaseWatch(Duration timeToLive, LiveJobs live, JournalWrites journal, JobThreads threads) {
        this.timeToLive = timeToLive;
        this.live = live;
        this.journal = journal;
        this.threads = threads;
    }

    /** The client's first hold begins; to be called once for a job. */
    void begin(LiveJob job) {
        job.leasedFor(timeToLive);
        watch(job);
    }

    LeaseView renew(LiveJob job) {
        job.leasedFor(timeToLive);
        return new LeaseView(job.id(), timeToLive);
    }

    private void watch(LiveJob job) {
        Duration left = job.leaseLeft();
        threads.after(left.isNegative() ? Duration.ofMillis(1) : left.plusMillis(1), () -> {
            if (job.hasEnded() || live.isStopping()) {
                return;
            }
            if (job.leaseLeft().isNegative()) {
                cancel(job);
            } else {
                watch(job);
            }
        });
    }

    private void cancel(LiveJob job) {
        String reason = "its client was lost: no renewal for " + timeToLive.toSeconds() + " s";
        journal.cancel(job, reason).exceptionally(ended -> {
            log.debug("Job {} lost its client and has ended without", job.id(), ended);
            return Optional.empty();
        });
    }
}
