package dev.sage.api.graph;

import dev.sage.api.Aggregator;
import dev.sage.api.BatchFunction;
import dev.sage.api.EmitFunction;
import dev.sage.api.FilterFunction;
import dev.sage.api.FlatMapFunction;
import dev.sage.api.GeneratorFunction;
import dev.sage.api.InputFiles;
import dev.sage.api.JoinFunction;
import dev.sage.api.KeyFunction;
import dev.sage.api.MapFunction;
import dev.sage.api.ProcessFunction;
import dev.sage.api.ProcessService;
import dev.sage.api.Rate;
import dev.sage.api.RayPool;
import dev.sage.api.ReduceFunction;
import dev.sage.api.Sink;
import dev.sage.api.SourceFunction;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a vertex does. Function types are erased here; the streams of the api have checked them. */
public sealed interface Operator {

    /** Makes records; has no inputs. */
    sealed interface Source extends Operator {}

    record CollectionSource(List<?> elements) implements Source {}

    /** The numbers up to and without {@code to}. */
    record RangeSource(long from, long to) implements Source {}

    record FileSource(InputFiles files, FileFormat format) implements Source {}

    /** The function's answers to {@code 0 ≤ n < count}; instance i of p makes those of i, i + p, i + 2p, … */
    record GeneratorSource(Rate rate, long count, GeneratorFunction<?> function) implements Source {}

    record BatchSource(BatchFunction<?> function) implements Source {}

    record StreamSource(SourceFunction<?> function) implements Source {}

    /** Runs a program, and ends with it; emits nothing. */
    record CommandSource(ProcessService program) implements Source {}

    record Map(MapFunction<?, ?> function) implements Operator {}

    record Filter(FilterFunction<?> function) implements Operator {}

    record FlatMap(FlatMapFunction<?, ?> function) implements Operator {}

    record Emit(EmitFunction<?, ?> function) implements Operator {}

    record MapAsync(int maxInFlight, boolean ordered, MapFunction<?, ?> function) implements Operator {}

    /** Passes on what comes from any of its inputs. */
    record Union() implements Operator {}

    /** The head of a loop, which it names: passes on what comes from outside and what comes round again. */
    record Feedback() implements Operator {}

    /** Emits when its input has ended. The input of an operator inside a loop ends only after the loop. */
    sealed interface AtEnd extends Operator {}

    record Reduce(KeyFunction<?, ?> key, ReduceFunction<?> function) implements AtEnd {}

    record Aggregate(KeyFunction<?, ?> key, Aggregator<?, ?, ?> aggregator) implements AtEnd {}

    /** As {@link Reduce}, with a value after each record. */
    record ScanReduce(KeyFunction<?, ?> key, ReduceFunction<?> function) implements Operator {}

    /** As {@link Aggregate}, with a result after each record. */
    record ScanAggregate(KeyFunction<?, ?> key, Aggregator<?, ?, ?> aggregator) implements Operator {}

    record KeyedProcess(KeyFunction<?, ?> key, ProcessFunction<?, ?, ?> function) implements AtEnd {}

    /** Calls a method of one of the actors with each record, as many as there are in one call. */
    record OnRay(RayPool pool, Kind kind, String method, Class<?> type) implements Operator {
        /** What the method's answer is. */
        public enum Kind {
            MAP,
            FLAT_MAP,
            FILTER
        }
    }

    /**
     * As {@link OnRay}, with the key and the record; there is an instance for each actor.
     *
     * @param end called when the input has ended
     */
    record KeyedOnRay(RayPool pool, KeyFunction<?, ?> key, String method, Optional<String> end, Class<?> type)
            implements AtEnd {}

    /**
     * Two inputs, with an operator for each and one output. Two of {@link KeyedProcess} share the values of their keys.
     */
    record Pair(Operator first, Operator second) implements Operator {}

    /** Two inputs, and a result for each pair of records with equal keys. */
    record Join(KeyFunction<?, ?> firstKey, KeyFunction<?, ?> secondKey, JoinFunction<?, ?, ?> function)
            implements Operator {}

    /** Makes something for each parallel instance, wherever that is. */
    interface Making<T> extends Supplier<T>, Serializable {}

    /** An operator for each parallel instance; making it runs no code of the user. */
    record PerInstance(Making<Operator> make) implements Operator {}

    /** Ends a stream; nothing reads from it. */
    sealed interface End extends Operator {}

    record SinkTo(Sink<?> sink) implements End {}

    /** A sink for each parallel instance; making it runs no code of the user. */
    record SinkPerInstance(Making<Sink<?>> make) implements End {}

    record Print(String prefix) implements End {}

    /** Brings the records to the caller: {@code publish} takes all records, once, when the tasks of the job have ended well */
    record Collect(Consumer<List<Object>> publish) implements End {}
}
