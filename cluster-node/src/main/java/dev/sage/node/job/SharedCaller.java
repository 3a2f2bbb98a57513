package dev.sage.node.job;

import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ServiceException;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.CallCodec;
import dev.sage.runtime.local.Engine;
import dev.sage.runtime.service.ServiceCell;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a shared service from a function of another job, on the thread of that function. Each of the two jobs has classes of
 * its own, even where they are the same, so that arguments and answers cross as bytes; only a process has an endpoint that
 * both know.
 */
final class SharedCaller implements ServiceCaller {
    private final String service;
    private final ClassLoader callersClasses;
    private final Supplier<Optional<LiveJob>> find;
    private final Duration startTimeout;
    private volatile @Nullable LiveJob home;

    /**
     * @param callersClasses of the job whose functions call
     * @param find the job whose only service it is
     */
    SharedCaller(String service, ClassLoader callersClasses, Supplier<Optional<LiveJob>> find, Duration startTimeout) {
        this.service = service;
        this.callersClasses = callersClasses;
        this.find = find;
        this.startTimeout = startTimeout;
    }

    /**
     * What leads to the service while its job lives.
     *
     * @param onRay whether it is an actor of Ray, to which everything crosses as bytes in any case
     */
    private record Way(ServiceCaller caller, ClassLoader classes, boolean isProcess, boolean onRay) {
        boolean isDirect(Method method) {
            return onRay || (isProcess && method.getDeclaringClass() == ProcessEndpoint.class);
        }
    }

    @Override
    public @Nullable Object call(String method, Object[] arguments) throws Throwable {
        Way way = way();
        return way.isProcess() || way.onRay()
                ? way.caller().call(method, arguments)
                : crossed(CallCodec.call(method, arguments), way);
    }

    @Override
    public @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        Way way = way();
        return way.isDirect(method)
                ? way.caller().call(method, arguments)
                : crossed(CallCodec.call(method, arguments), way);
    }

    private @Nullable Object crossed(byte[] call, Way way) throws Throwable {
        return CallCodec.answer(CallCodec.execute(call, way.caller(), way.classes()), callersClasses);
    }

    /** Waits for its start, if need be. */
    private Way way() throws Throwable {
        LiveJob job = home();
        if (!job.idle().isDone()) {
            awaitStart(job);
        }
        Optional<Engine.Running> running = job.handle();
        Optional<PreparedJob> code = job.code();
        if (running.isEmpty() || code.isEmpty()) {
            throw ended(job);
        }
        ServiceCaller caller = running.get().caller(service);
        return new Way(
                caller,
                code.get().loader(),
                running.get().programs().contains(service),
                caller instanceof ServiceCell cell && cell.isOnRay());
    }

    private LiveJob home() {
        LiveJob known = home;
        if (known == null) {
            known = find.get()
                    .orElseThrow(() -> new ServiceException(
                            "service.unavailable",
                            "The shared service '" + service + "' is not at this node any more; it ended with its"
                                    + " client's environment."));
            home = known;
        }
        return known;
    }

    private void awaitStart(LiveJob job) throws InterruptedException, ExecutionException {
        try {
            job.idle().get(startTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new ServiceException(
                    "service.timeout",
                    "A call to shared service '" + service + "' waited " + startTimeout + " for its start and was not"
                            + " executed; its job " + job.id() + " is "
                            + job.view().state() + ". Raise"
                            + " sage.job.start-timeout, or see why it takes so long.");
        }
    }

    /** As the caller's classes know it. */
    private Throwable ended(LiveJob job) throws Throwable {
        String subject = "The shared service '" + service + "' of job " + job.id() + " ";
        JobResult result = job.details().result();
        if (result == null || result.state() != JobState.FAILED) {
            return new ServiceException("service.unavailable", subject + "no longer runs.");
        }
        String why = result.failure().map(JobFailure::describe).orElse(result.reason());
        ServiceException failed = result.failure()
                .flatMap(JobFailure::cause)
                .map(cause -> new ServiceException("service.failed", subject + "has failed: " + why, cause))
                .orElseGet(() -> new ServiceException("service.failed", subject + "has failed: " + why));
        CallCodec.answer(CallCodec.failure(failed), callersClasses);
        return failed;
    }
}
