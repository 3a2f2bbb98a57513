package dev.sage.runtime.dataplane;

import dev.sage.api.Sink;

/**
 * The end of a stream, with the life of a {@link Sink}: {@code open → accept… → prepare → commit | abort}. Abort is
 * called once if open was called and commit did not succeed.
 */
final class SinkStage extends Stage {
    private final OperatorInstance self;
    private final Flow flow;
    private final Sink<Object> sink;
    private long ordinal;
    private boolean toAbort;

    @SuppressWarnings("unchecked")
    SinkStage(OperatorInstance self, Flow flow, Sink<?> sink) {
        this.self = self;
        this.flow = flow;
        this.sink = (Sink<Object>) sink;
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    void open() {
        // Before the call, for one that throws may have left something behind.
        toAbort = true;
        call("open", sink::open);
    }

    @Override
    void accept(Object value) {
        flow.checkAlive();
        flow.at = self.index();
        try {
            sink.accept(value);
        } catch (Throwable failure) {
            throw self.failure("accept", ordinal, failure);
        }
        ordinal++;
        flow.sent++;
    }

    void prepare() {
        call("prepare", sink::prepare);
    }

    void commit() {
        call("commit", sink::commit);
        toAbort = false;
    }

    void abort() {
        if (toAbort) {
            toAbort = false;
            call("abort", sink::abort);
        }
    }

    private void call(String step, Call call) {
        flow.checkAlive();
        flow.at = self.index();
        try {
            call.run();
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure(step, failure);
        }
    }
}
