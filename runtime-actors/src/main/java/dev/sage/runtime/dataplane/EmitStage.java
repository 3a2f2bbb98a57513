package dev.sage.runtime.dataplane;

import dev.sage.api.EmitFunction;

/** Calls a function that pushes its results. */
final class EmitStage extends Stage {
    private final EmitFunction<Object, Object> function;
    private final Pusher pusher;
    private long ordinal;

    @SuppressWarnings("unchecked")
    EmitStage(OperatorInstance self, Flow flow, EmitFunction<?, ?> function, int overdrawRecords, Stage next) {
        this.function = (EmitFunction<Object, Object>) function;
        this.pusher = new Pusher(self, flow, overdrawRecords, next);
    }

    @Override
    void accept(Object value) {
        pusher.begin(ordinal);
        try {
            function.apply(value, pusher);
        } catch (Throwable failure) {
            throw pusher.failure(failure);
        } finally {
            pusher.end();
        }
        pusher.check();
        ordinal++;
    }
}
