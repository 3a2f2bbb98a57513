package dev.sage.client;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.api.spi.ServiceCaller;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shared service at the node. It is the only service of a job of its own, which has no tasks and so is IDLE for as long
 * as the service runs.
 */
final class RemoteShared implements ServiceCaller, KeptService {
    private final String environment;
    private final String service;
    private final RemoteJob job;
    private final JobWatch watch;
    private final RemoteCaller caller;
    private final Duration patience;

    /** @param patience for the start, and for the node's word of the end */
    RemoteShared(String environment, String service, NodeApi api, RemoteJob job, JobWatch watch, Duration patience) {
        this.environment = environment;
        this.service = service;
        this.job = job;
        this.watch = watch;
        this.caller = new RemoteCaller(api, job.id(), service);
        this.patience = patience;
    }

    @Override
    public String name() {
        return service;
    }

    @Override
    public <I> I as(Class<I> type) {
        return ServiceProxy.of(service, type, () -> this);
    }

    @Override
    public @Nullable Object call(String method, Object[] arguments) throws Throwable {
        return passed(() -> caller.call(method, arguments));
    }

    @Override
    public @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        return passed(() -> caller.call(method, arguments));
    }

    @FunctionalInterface
    private interface Passing {
        @Nullable
        Object pass() throws Throwable;
    }

    private @Nullable Object passed(Passing call) throws Throwable {
        awaitStart();
        try {
            return call.pass();
        } catch (ServiceException refused) {
            throw refused.code().equals("job.ended") ? ended() : refused;
        }
    }

    private void awaitStart() throws InterruptedException {
        boolean started;
        try {
            started = watch.awaitIdle(patience);
        } catch (SageException lost) {
            throw new ServiceException("service.unavailable", String.valueOf(lost.getMessage()), lost);
        }
        if (!started) {
            throw new ServiceException(
                    "service.timeout",
                    "A call to shared service '" + service + "' of environment '" + environment + "' waited "
                            + patience + " for its start and was not executed. See what it waits for with \"sage job"
                            + " show " + job.id() + "\", or raise RemoteOptions.giveUpAfter.");
        }
    }

    private ServiceException ended() throws InterruptedException {
        String subject = "The shared service '" + service + "' of environment '" + environment + "' ";
        Optional<JobResult> known = Waiting.get(watch.end(), Optional.of(patience));
        if (known.isPresent() && known.get().state() == JobState.FAILED) {
            Optional<JobFailure> failure = known.get().failure();
            String text = subject + "has failed: "
                    + failure.map(JobFailure::describe).orElse(known.get().reason());
            return failure.flatMap(JobFailure::cause)
                    .map(cause -> new ServiceException("service.failed", text, cause))
                    .orElseGet(() -> new ServiceException("service.failed", text));
        }
        return new ServiceException(
                "service.unavailable",
                subject + "no longer runs: " + known.map(JobResult::reason).orElse("its job " + job.id() + " has ended")
                        + ".");
    }

    boolean hasEnded() {
        return watch.jobHasEnded();
    }

    @Override
    public CleanupReport end() throws InterruptedException {
        if (hasEnded()) {
            return new CleanupReport(List.of());
        }
        job.order("stop", "the shared service '" + service + "' was ended by its environment");
        return Waiting.get(watch.end(), Optional.empty()).orElseThrow().cleanup();
    }
}
