package dev.sage.runtime.ray;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An actor that was made. Nothing here blocks; stages are completed on threads of the bridge, whose dependents must not
 * block either. A call fails with what the actor's code raised ({@link dev.sage.api.PythonException}, or the exception
 * itself from Java), or with a {@link dev.sage.api.SageException} of code {@code ray.actor-died}, {@code ray.lost}, {@code
 * service.method}, {@code service.timeout} or {@code service.not-serializable}.
 */
public interface RayActor {
    String name();

    /** Answers of a type of the caller's are made by the loader of that type, others by the context class loader. */
    CompletionStage<@Nullable Object> call(RayCall call);

    /** In the order of the arguments. What one call raises does not touch the others; the stage fails when there is no answer. */
    CompletionStage<List<RayBatch.Outcome>> call(RayBatch batch);

    /** Completed with the cause, when it died without having been told to. */
    CompletionStage<Throwable> death();

    /**
     * Calls its {@code cleanup}, if its class has one, then kills it whatever came of that; once, whoever calls for it. Never
     * fails.
     *
     * @param within both together
     */
    CompletionStage<Ended> cleanUpAndKill(Duration within);

    /**
     * What became of an actor.
     *
     * @param cleanedUp whether its cleanup returned, or it has none
     * @param killed whether it was seen to be gone
     * @param reason why one of them is not so; else empty
     */
    record Ended(boolean cleanedUp, boolean killed, Duration cleanupTook, Duration killTook, String reason) {}
}
