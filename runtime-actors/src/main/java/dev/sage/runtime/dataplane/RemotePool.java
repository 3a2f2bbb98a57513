package dev.sage.runtime.dataplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the records of one instance of an operator are worked on, outside of this JVM. */
public interface RemotePool {

    /** What came of one record: what is to be emitted for it, or what its code raised. */
    record Outcome(List<Object> results, @Nullable Throwable thrown) {
        public static Outcome of(List<Object> results) {
            return new Outcome(List.copyOf(results), null);
        }

        public static Outcome failed(Throwable thrown) {
            return new Outcome(List.of(), thrown);
        }
    }

    /** Is told once, from any thread, and must not block. */
    interface Answer {
        /** One outcome for each record. */
        void outcomes(List<Outcome> outcomes);

        /** There is none: the operator has failed. */
        void failed(Throwable cause);
    }

    /** Blocks until records can be worked on; an interrupt ends it. Once, before the rest. */
    void open() throws Exception;

    /** How many batches may be under way. */
    int batches();

    /** How many records a batch has at most. */
    int batchRecords();

    /** Does not block. */
    void call(List<Object> records, Answer answer);

    /** Whether there is something to be called when the input has ended. */
    boolean hasEnd();

    /** After all calls were answered; answers one outcome. Does not block. */
    void end(Answer answer);

    /** No answer is waited for any more. Does not block; what it has is released with its job. */
    void close();
}
