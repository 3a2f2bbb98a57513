package dev.sage.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a record for which an operator's function throws. Without a policy the job fails.
 *
 * <p>With a policy the results of a record leave the operator only when its call has ended well; until then they are
 * held, up to {@code sage.exchange.overdraw-records}. So neither a retry nor a skip lets half of them through. Every
 * record that is skipped, retried or put aside is counted, see {@link TaskReport#errors}.
 *
 * <p>The policy of an operator is also that of the {@code keyBy} function in front of it, and of what it calls for each
 * key when the stream has ended: there a key is skipped, tried again or put aside, and not a record. It is never applied to
 * an {@link Error} or an interrupt, to a type that cannot be a key, and to a limit of memory that was reached: these fail
 * the job.
 *
 * <p>Of sources, a generator takes any policy. One that makes records of JSON lines or of rows takes {@link #skip} and
 * {@link #deadLetter}, for the same line would only fail again; the header of a CSV file is no record, and no policy
 * applies to it. Functions of the user that are sources take none, as after an exception nobody can ask them for the same
 * record; {@code onError} refuses one with an {@link InvalidGraphException}.
 */
public sealed interface ErrorPolicy {
    /** The longest time between two attempts. */
    Duration LONGEST_BACKOFF = Duration.ofHours(1);

    /** Fails the job; what happens without a policy. */
    record Fail() implements ErrorPolicy {}

    /** Goes on with the next record. */
    record Skip() implements ErrorPolicy {}

    /**
     * Tries the record again, and goes by another policy when that is of no use.
     *
     * @param times at most, not counting the first attempt
     * @param backoff before the first retry; doubled before each further one, up to {@link #LONGEST_BACKOFF}
     * @param then what happens after the last one
     */
    record Retry(int times, Duration backoff, ErrorPolicy then) implements ErrorPolicy {
        public Retry {
            if (times < 1) {
                throw new InvalidGraphException(
                        "ErrorPolicy.retry(" + times + ", " + backoff + "): it must be at least 1 retry.");
            }
            if (backoff.isNegative() || backoff.compareTo(LONGEST_BACKOFF) > 0) {
                throw new InvalidGraphException("ErrorPolicy.retry(" + times + ", " + backoff
                        + "): the backoff must be between 0 and " + LONGEST_BACKOFF + ".");
            }
            if (then instanceof Retry) {
                throw new InvalidGraphException("A retry is followed by another retry. Raise its number of times.");
            }
        }

        /** Skips the record when the last retry has failed. */
        public ErrorPolicy orSkip() {
            return new Retry(times, backoff, skip());
        }

        /** Puts the record aside when the last retry has failed. */
        public ErrorPolicy orDeadLetter(Sink<? super DeadLetter> sink) {
            return new Retry(times, backoff, deadLetter(sink));
        }
    }

    /** Puts the record aside, with its error, and goes on with the next one. */
    record ToSink(Sink<? super DeadLetter> sink) implements ErrorPolicy {}

    /** Fails the job; what happens without a policy. */
    static ErrorPolicy fail() {
        return new Fail();
    }

    /** Drops the record and goes on with the next one. */
    static ErrorPolicy skip() {
        return new Skip();
    }

    /**
     * Tries the record again, up to so many times, and fails the job after that unless it is said otherwise. Between two
     * attempts no thread is held; the records behind wait, so the order is kept. The backoff doubles each time.
     */
    static Retry retry(int times, Duration backoff) {
        return new Retry(times, Objects.requireNonNull(backoff, "backoff"), fail());
    }

    /**
     * Gives the record and its error to a sink, which has the same life as one at the end of a stream: what it was given
     * becomes visible when the tasks of the job have all ended well.
     */
    static ErrorPolicy deadLetter(Sink<? super DeadLetter> sink) {
        return new ToSink(Objects.requireNonNull(sink, "sink"));
    }
}
