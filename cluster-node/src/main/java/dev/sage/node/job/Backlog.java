package dev.sage.node.job;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the registry could not be told yet. An outage makes every job offer its own again and again: the log has one line when
 * the first of them waits, and one when none does any more; at level debug all of them.
 */
final class Backlog {
    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    private final Clock clock;
    private final Set<String> waiting = new HashSet<>();
    private Instant since = Instant.EPOCH;
    private int settled;

    Backlog(Clock clock) {
        this.clock = clock;
    }

    /** @param what is offered again, as in "the end of job 3f" */
    synchronized void waits(String what, Throwable why) {
        if (waiting.isEmpty()) {
            since = clock.instant();
            settled = 0;
            log.warn(
                    "{} cannot be written down yet: {}. It is offered again until it can, as all that follows",
                    capitalized(what),
                    Outage.rootMessage(why));
        }
        waiting.add(what);
        log.debug("{} cannot be written down yet", capitalized(what), why);
    }

    /** It is written down, or need not be any more. Does nothing for what has not waited. */
    synchronized void settles(String what) {
        if (waiting.remove(what)) {
            settled++;
            if (waiting.isEmpty()) {
                log.info("Nothing waits to be written down any more; {} did, the first since {}", settled, since);
            }
        }
    }

    private static String capitalized(String what) {
        return what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
    }
}
