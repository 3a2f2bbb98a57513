package dev.sage.runtime.dispatch;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Whether a job whose turn has come may start yet. Who keeps a journal writes down first that it starts. */
@FunctionalInterface
public interface StartGate {
    StartGate OPEN = () -> null;

    /**
     * Called by an actor, once a job: must not block.
     *
     * @return completed when the job may start, exceptionally when it must not; null for at once
     */
    @Nullable
    CompletionStage<?> pass();
}
