package dev.sage.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The common aggregators. */
public final class Aggregators {
    private Aggregators() {}

    /** A function to {@code long} that can be shipped. */
    @FunctionalInterface
    public interface LongValue<T> extends ToLongFunction<T>, Serializable {}

    /** How many records a key has. */
    public static <T> Aggregator<T, ?, Long> counting() {
        return summing(value -> 1L);
    }

    /** The sum of a property; an overflow fails the job instead of wrapping round. */
    public static <T> Aggregator<T, ?, Long> summing(LongValue<? super T> property) {
        return new Sum<>(property);
    }

    /** All records of a key, in the order of their arrival. Held in memory until the stream ends. */
    public static <T> Aggregator<T, ?, List<T>> listing() {
        return new Listing<>();
    }

    private record Sum<T>(LongValue<? super T> property) implements Aggregator<T, long[], Long> {
        @Override
        public long[] create() {
            return new long[1];
        }

        @Override
        public long[] add(long[] sum, T value) {
            sum[0] = Math.addExact(sum[0], property.applyAsLong(value));
            return sum;
        }

        @Override
        public Long result(long[] sum) {
            return sum[0];
        }
    }

    private record Listing<T>() implements Aggregator<T, List<T>, List<T>> {
        @Override
        public List<T> create() {
            return new ArrayList<>();
        }

        @Override
        public List<T> add(List<T> values, T value) {
            values.add(value);
            return values;
        }

        @Override
        public List<T> result(List<T> values) {
            return List.copyOf(values);
        }
    }
}
