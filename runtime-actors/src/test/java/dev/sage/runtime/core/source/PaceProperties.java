package dev.sage.runtime.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Rates against arithmetic without bounds, on a clock that is only a number. */
class PaceProperties {
    private static final long SECOND = 1_000_000_000;

    record Rate(long records, long timeNs) {}

    @Property(tries = 500)
    void allInstancesTogetherEmitWhatIsDueHoweverIrregularlyTheyAreAsked(
            @ForAll("rates") Rate rate,
            @ForAll @IntRange(min = 1, max = 8) int instances,
            @ForAll @Size(min = 1, max = 40) List<@LongRange(max = SECOND) Long> gaps,
            @ForAll @LongRange(min = -SECOND, max = SECOND) long start) {
        List<Pace> paces = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            paces.add(new Pace(rate.records(), rate.timeNs(), i, instances, SECOND));
            paces.get(i).due(start);
        }
        long emitted = 0;
        long now = start;
        for (long gap : gaps) {
            now += gap;
            for (Pace pace : paces) {
                long due = pace.due(now);
                pace.emitted(due);
                emitted += due;
            }
            assertThat(emitted).isEqualTo(dueAfter(rate, now - start));
        }
    }

    @Property(tries = 500)
    void nextRecordIsDueExactlyAtItsTime(@ForAll("rates") Rate rate, @ForAll @LongRange(max = 100) long skipped) {
        Pace pace = new Pace(rate.records(), rate.timeNs(), 0, 1, Long.MAX_VALUE / 2);
        pace.due(0);
        long now = 0;
        for (long i = 0; i <= skipped; i++) {
            pace.emitted(pace.due(now));
            assertThat(pace.due(now)).isZero();
            now = pace.nextNs();
            assertThat(pace.due(now - 1)).isZero();
            assertThat(pace.due(now)).isPositive();
        }
    }

    @Example
    void yearsChangeNothingOfTheRate() {
        Pace pace = new Pace(7, 3 * SECOND, 0, 1, SECOND);
        long emitted = 0;
        long now = 0;
        // About three years; two questions a second would be the same.
        for (int i = 0; i < 100_000_000; i += 1_000) {
            now += SECOND;
            long due = pace.due(now);
            pace.emitted(due);
            emitted += due;
        }
        assertThat(emitted).isEqualTo(dueAfter(new Rate(7, 3 * SECOND), now - SECOND));
    }

    @Property(tries = 500)
    void afterAStallNoMoreIsMadeUpForThanAllowed(
            @ForAll("rates") Rate rate,
            @ForAll @LongRange(min = 1, max = 5 * SECOND) long catchUpNs,
            @ForAll @LongRange(min = 1, max = 1_000 * SECOND) long stallNs) {
        Pace pace = new Pace(rate.records(), rate.timeNs(), 0, 1, catchUpNs);
        pace.emitted(pace.due(0));
        long made = pace.due(stallNs);
        // One more may begin or end with the time.
        assertThat(made).isBetween(0L, dueAfter(rate, Math.min(catchUpNs, stallNs)) + 1);
        pace.emitted(made);
        // And the rate goes on from there.
        long next = pace.nextNs();
        assertThat(next - stallNs).isBetween(1L, rate.timeNs() / rate.records() + 1);
    }

    @Property(tries = 500)
    void pauseIsNotMadeUpFor(
            @ForAll("rates") Rate rate, @ForAll @LongRange(min = 1, max = 1_000 * SECOND) long pauseNs) {
        Pace pace = new Pace(rate.records(), rate.timeNs(), 0, 1, Long.MAX_VALUE / 2);
        pace.emitted(pace.due(0));
        long planned = pace.nextNs();
        pace.restart(pauseNs);
        assertThat(pace.nextNs()).isEqualTo(Math.max(planned, pauseNs));
        assertThat(pace.due(pauseNs)).isLessThanOrEqualTo(1);
    }

    @Provide
    Arbitrary<Rate> rates() {
        Arbitrary<Rate> perSecond = Arbitraries.longs().between(1, SECOND).map(records -> new Rate(records, SECOND));
        Arbitrary<Rate> every = Arbitraries.longs().between(1, 86_400 * SECOND).map(time -> new Rate(1, time));
        Arbitrary<Rate> any = Combinators.combine(
                        Arbitraries.longs().between(1, 1_000),
                        Arbitraries.longs().between(1_000, 1_000 * SECOND))
                .as(Rate::new);
        return Arbitraries.oneOf(perSecond, every, any);
    }

    /** Record n is due after n × time / records. */
    private static long dueAfter(Rate rate, long elapsedNs) {
        return BigInteger.valueOf(elapsedNs)
                        .multiply(BigInteger.valueOf(rate.records()))
                        .divide(BigInteger.valueOf(rate.timeNs()))
                        .longValueExact()
                + 1;
    }
}
