package dev.sage.runtime.dataplane;

import dev.sage.api.GeneratorFunction;
import dev.sage.api.Rate;
import dev.sage.api.graph.Operator;
import dev.sage.runtime.core.source.Pace;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes every {@code parallelism}-th record of a generator, when it is due. While none is due it holds no thread: it has
 * itself woken, at the earliest after a millisecond, so that a high rate comes in small bursts and not in one turn each.
 */
final class GeneratorHead extends PulledHead {
    private static final long SHORTEST_REST_NANOS = 1_000_000;

    /** What wakes the tasklet after a time, once. */
    @FunctionalInterface
    interface Alarm {
        Future<?> wakeAfter(long nanos);
    }

    private final OperatorInstance self;
    private final GeneratorFunction<?> function;
    private final long count;
    private final int parallelism;
    private final @Nullable Pace pace;
    private final LongSupplier clock;
    private final Alarm alarm;
    private final Attempts attempts;
    private final Flow flow;
    private final Stage next;
    private long position;
    private long due;
    private volatile boolean wasPaused;
    private volatile @Nullable Future<?> awaited;

    GeneratorHead(
            OperatorInstance self,
            Operator.GeneratorSource source,
            int parallelism,
            long catchUpNanos,
            LongSupplier clock,
            Alarm alarm,
            Attempts attempts,
            Flow flow,
            Stage next) {
        this.self = self;
        this.function = source.function();
        this.count = source.count();
        this.parallelism = parallelism;
        this.pace = source.rate() instanceof Rate.Of rate
                ? new Pace(rate.records(), rate.time().toNanos(), self.instance(), parallelism, catchUpNanos)
                : null;
        this.position = self.instance();
        this.clock = clock;
        this.alarm = alarm;
        this.attempts = attempts;
        this.flow = flow;
        this.next = next;
    }

    @Override
    Step pull() {
        // Beyond the largest number there is no next one either.
        while (position >= 0 && position < count) {
            if (flow.mustStop()) {
                return Step.HELD;
            }
            if (!attempts.isDue() || (pace != null && !isDue(pace))) {
                return Step.DRY;
            }
            Object value = made();
            if (value != null) {
                goOn();
                next.accept(value);
            }
        }
        return Step.ENDED;
    }

    private void goOn() {
        if (pace != null) {
            due--;
            pace.emitted(1);
        }
        flow.taken++;
        position += parallelism;
    }

    private boolean isDue(Pace records) {
        if (wasPaused) {
            wasPaused = false;
            due = 0;
            records.restart(clock.getAsLong());
        }
        if (due == 0) {
            long now = clock.getAsLong();
            due = records.due(now);
            if (due == 0) {
                rest(Math.max(records.nextNs() - now, SHORTEST_REST_NANOS));
                return false;
            }
        }
        return true;
    }

    /** Null if the function has thrown, and the error policy goes on. */
    private @Nullable Object made() {
        try {
            Object value = make();
            attempts.succeeded();
            return value;
        } catch (OperatorException failure) {
            if (!attempts.failed(position, flow.taken, failure)) {
                goOn();
            }
            return null;
        }
    }

    private Object make() {
        flow.at = self.index();
        Object value;
        try {
            value = function.apply(position);
        } catch (Throwable thrown) {
            throw self.failure("apply", flow.taken, thrown);
        }
        if (value == null) {
            throw self.failure("apply", flow.taken, "it answered null to " + position + "; a record is never null");
        }
        return value;
    }

    private void rest(long nanos) {
        endRest();
        awaited = alarm.wakeAfter(nanos);
    }

    private void endRest() {
        Future<?> rest = awaited;
        if (rest != null) {
            rest.cancel(false);
        }
    }

    @Override
    void pause() {
        wasPaused = true;
        endRest();
    }

    @Override
    boolean close() {
        endRest();
        return true;
    }

    @Override
    void abandon() {
        endRest();
    }
}
