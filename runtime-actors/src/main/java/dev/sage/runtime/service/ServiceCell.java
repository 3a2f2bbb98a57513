package dev.sage.runtime.service;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceReport;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.core.service.ServiceStep;
import dev.sage.runtime.dataplane.UninterruptibleSection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A service's object with what is known of its life, and the door through which calls come. It outlives its actor, so
 * that the clean-up can be run, once, whatever happens to the actor.
 *
 * <p>Calls run on their caller's thread. The door is a fair semaphore with a deadline (one permit for a serial service);
 * a call that meets its own service again further up the same thread is refused, as it might wait for itself.
 */
public final class ServiceCell implements ServiceCaller {
    /** The services that this thread is inside of, innermost first. */
    private static final ThreadLocal<Deque<ServiceCell>> INSIDE = ThreadLocal.withInitial(ArrayDeque::new);

    private final ServiceSpec spec;
    private final String jobId;
    private final Duration callTimeout;
    private final Duration callsEndWithin;
    private final Semaphore door;
    private final AtomicBoolean cleanUpCalled = new AtomicBoolean();
    private volatile @Nullable Service instance;
    private volatile @Nullable ServiceMethods methods;
    private volatile boolean initialized;
    private volatile boolean wasRunning;
    private volatile boolean cleanUpCompleted;
    private volatile boolean open;

    /**
     * A service that has not been made yet.
     *
     * @param callTimeout for the turn of a call, where the declaration gives none
     * @param callsEndWithin how long a stop waits for the running calls
     */
    public ServiceCell(ServiceSpec spec, String jobId, Duration callTimeout, Duration callsEndWithin) {
        this.spec = spec;
        this.jobId = jobId;
        this.callTimeout = spec.callTimeout().orElse(callTimeout);
        this.callsEndWithin = callsEndWithin;
        this.door = new Semaphore(spec.concurrency(), true);
    }

    public String name() {
        return spec.name();
    }

    public ServiceReport report() {
        return new ServiceReport(
                spec.name(), initialized, wasRunning, instance != null && cleanUpCalled.get(), cleanUpCompleted, open);
    }

    /** Runs a life-cycle method. User code: blocks as long as that does. */
    void run(ServiceStep step) throws Exception {
        switch (step) {
            case INIT -> init();
            case START -> start();
            case STOP -> stop();
            case CLEANUP -> cleanUp();
        }
    }

    private void init() throws Exception {
        Service made = spec.factory().create();
        if (made == null) {
            throw new NullPointerException("The factory of service '" + spec.name() + "' returned null.");
        }
        instance = made;
        methods = new ServiceMethods(spec.name(), made);
        made.init(new Context(spec.name(), jobId));
        initialized = true;
    }

    private void start() throws Exception {
        made().start();
        wasRunning = true;
        open = true;
    }

    /** Lets no more calls in. */
    void close() {
        open = false;
    }

    /** Waits, bounded, for the running calls before it stops the object. */
    private void stop() throws Exception {
        close();
        boolean quiet = door.tryAcquire(spec.concurrency(), callsEndWithin.toNanos(), TimeUnit.NANOSECONDS);
        try {
            made().stop();
        } finally {
            if (quiet) {
                door.release(spec.concurrency());
            }
        }
    }

    /** Cleans up the first time only; does nothing when there was no object to clean up. */
    private void cleanUp() throws Exception {
        close();
        Service made = instance;
        if (cleanUpCalled.compareAndSet(false, true) && made != null) {
            made.cleanup();
            cleanUpCompleted = true;
        }
    }

    boolean isCleanUpDue() {
        return instance != null && !cleanUpCalled.get();
    }

    private Service made() {
        Service made = instance;
        if (made == null) {
            throw new IllegalStateException("Service '" + spec.name() + "' was not made.");
        }
        return made;
    }

    @Override
    public @Nullable Object call(String method, Object[] arguments) throws Throwable {
        return pass(methods().named(method, arguments), arguments);
    }

    @Override
    public @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        return pass(methods().like(method), arguments);
    }

    private ServiceMethods methods() {
        ServiceMethods known = methods;
        if (known == null || !open) {
            throw unavailable();
        }
        return known;
    }

    private @Nullable Object pass(Method method, Object[] arguments) throws Throwable {
        Deque<ServiceCell> inside = INSIDE.get();
        try {
            if (inside.contains(this)) {
                throw new ServiceException(
                        "service.cycle",
                        "Service '" + spec.name() + "' was called from inside one of its own calls, by way of "
                                + inside.stream().map(ServiceCell::name).toList() + ". Break the circle of calls.");
            }
            awaitTurn();
            inside.push(this);
            try {
                return enter(method, arguments);
            } finally {
                inside.pop();
                door.release();
            }
        } finally {
            if (inside.isEmpty()) {
                INSIDE.remove();
            }
        }
    }

    private void awaitTurn() throws InterruptedException {
        if (!door.tryAcquire() && !door.tryAcquire(callTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new ServiceException(
                    "service.timeout",
                    "A call to service '" + spec.name() + "' did not get its turn within " + callTimeout
                            + " and was not executed; at most " + spec.concurrency()
                            + " at a time are allowed. Raise concurrent(…) or callTimeout(…) of the service.");
        }
        if (!open) {
            door.release();
            throw unavailable();
        }
    }

    /** An interrupt inside a shared object would hit what other callers use, so it waits until the call returns. */
    private @Nullable Object enter(Method method, Object[] arguments) throws Throwable {
        UninterruptibleSection.enter();
        try {
            return method.invoke(made(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            UninterruptibleSection.exit();
        }
    }

    private ServiceException unavailable() {
        String why = cleanUpCalled.get() || wasRunning ? "no longer runs" : "does not run yet";
        return new ServiceException(
                "service.unavailable", "Service '" + spec.name() + "' of job " + jobId + " " + why + ".");
    }

    private record Context(String name, String jobId) implements ServiceContext {}
}
