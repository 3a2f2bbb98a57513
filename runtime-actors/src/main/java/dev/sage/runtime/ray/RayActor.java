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
     * Calls its {@code cleanup}, if its class has one, then kills it whatever came of that; once, whoever calls for it. Only
     * while it is not seen to be gone, a later call looks for it again. Never fails.
     *
     * @param within both together
     */
    CompletionStage<Ended> cleanUpAndKill(Duration within);

    /** What became of an actor's own {@code cleanup}. */
    enum Cleaning {
        /** It returned, or there is none. */
        DONE,
        /** It raised something, or did not return in time. */
        FAILED,
        /** It was not called, or the actor died meanwhile; with the actor all is gone that is known to Sage. */
        NOT_RUN
    }

    /**
     * What became of an actor.
     *
     * @param killed whether it was seen to be gone
     * @param reason why it was not cleaned up or is not gone, for people; else empty
     */
    record Ended(Cleaning cleaning, boolean killed, Duration cleanupTook, Duration killTook, String reason) {}
}
