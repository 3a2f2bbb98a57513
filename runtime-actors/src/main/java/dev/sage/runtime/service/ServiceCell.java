package dev.sage.runtime.service;

import dev.sage.api.RestartPolicy;
import dev.sage.api.SageException;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.api.ServiceReport;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.service.ServiceStep;
import dev.sage.runtime.dataplane.ContextLoader;
import dev.sage.runtime.dataplane.UninterruptibleSection;
import dev.sage.runtime.service.ServiceDoor.Sign;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service's objects, one after the other, and the door through which calls come. It outlives its actor, so that the
 * clean-up can be run, once for each object, whatever happens to the actor.
 *
 * <p>Calls run on their caller's thread. The door is a fair semaphore with a deadline (one permit for a serial service);
 * a call that meets its own service again further up the same thread is refused, as it might wait for itself.
 */
public final class ServiceCell implements ServiceCaller {
    /** The services that this thread is inside of, innermost first. */
    private static final ThreadLocal<Deque<ServiceCell>> INSIDE = ThreadLocal.withInitial(ArrayDeque::new);

    private final ServiceSpec spec;
    private final String jobId;
    private final boolean lasting;
    private final ServiceMaker maker;
    private final String whose;
    private final Map<String, ServiceCell> peers;
    private final Duration callTimeout;
    private final Duration callsEndWithin;
    private final Duration startTimeout;
    private final ServiceDoor door;
    /** Of whoever made this; its code has it also in calls that come from elsewhere. */
    private final @Nullable ClassLoader loader = ContextLoader.current();

    private volatile Consumer<ServiceInstance> onDeath = instance -> {};
    private volatile @Nullable ServiceInstance instance;
    private volatile @Nullable Throwable failure;

    private ServiceCell(
            ServiceSpec spec,
            ServiceMaker maker,
            String jobId,
            boolean lasting,
            String whose,
            Map<String, ServiceCell> peers,
            SageSettings settings,
            Sign sign) {
        this.spec = spec;
        this.maker = maker;
        this.jobId = jobId;
        this.lasting = lasting;
        this.whose = whose;
        this.peers = peers;
        this.callTimeout = spec.callTimeout().orElse(settings.callTimeout());
        this.callsEndWithin = settings.callsEndWithin();
        this.startTimeout = settings.startTimeout();
        this.door = new ServiceDoor(sign);
    }

    /**
     * A service that has not been made yet.
     *
     * @param kept whether it outlives the job when that completes
     * @param peers the job's services by name, complete before the first of them is made
     */
    public static ServiceCell ofJob(
            ServiceSpec spec,
            ServiceMaker maker,
            String jobId,
            boolean kept,
            Map<String, ServiceCell> peers,
            SageSettings settings) {
        return new ServiceCell(spec, maker, jobId, kept, "job " + jobId, peers, settings, Sign.NOT_YET);
    }

    /** One that belongs to an environment and is about to be started: calls wait for that. */
    public static ServiceCell shared(ServiceSpec spec, ServiceMaker maker, String environment, SageSettings settings) {
        return new ServiceCell(
                spec,
                maker,
                ServiceMaker.sharedId(spec.name()),
                true,
                "environment " + environment,
                Map.of(),
                settings,
                Sign.STARTING);
    }

    public String name() {
        return spec.name();
    }

    /** The job that it was made for, or what stands for none. */
    public String jobId() {
        return jobId;
    }

    /** Whether it is a process or an actor of Ray, which holds more than this JVM does. */
    public boolean isOutside() {
        return spec.body() instanceof ServiceBody.OfProcess || isOnRay();
    }

    public boolean isOnRay() {
        return spec.body() instanceof ServiceBody.OnRay;
    }

    public ServiceReport report() {
        ServiceInstance now = instance;
        return now == null
                ? new ServiceReport(spec.name(), false, false, false, false, false, 0)
                : new ServiceReport(
                        spec.name(),
                        now.isInitialized(),
                        now.wasRunning(),
                        now.isCleanUpCalled(),
                        now.isCleanUpCompleted(),
                        door.sign() == Sign.OPEN,
                        now.number - 1);
    }

    /** It is never started: calls fail with this reason. */
    public void refuse(String reason) {
        failed(new SageException("resources.refused", reason));
        close();
    }

    /** Refuses all calls from now on; for good. */
    public void close() {
        door.close();
    }

    RestartPolicy restartPolicy() {
        return spec.restart();
    }

    Duration startTimeout() {
        return startTimeout;
    }

    /** Who is told that an instance has died. */
    void onDeath(Consumer<ServiceInstance> told) {
        onDeath = told;
    }

    /** The instance that died, if the present one has. */
    @Nullable
    ServiceInstance dead() {
        ServiceInstance now = instance;
        return now == null || now.death() == null ? null : now;
    }

    /** Calls fail with this cause from now on. */
    void failed(Throwable cause) {
        failure = cause;
    }

    void hold() {
        door.hold();
    }

    /** Runs a life-cycle method. User code: blocks as long as that does. */
    void run(ServiceStep step) throws Exception {
        ClassLoader before = ContextLoader.swap(loader);
        try {
            take(step);
        } finally {
            ContextLoader.swap(before);
        }
    }

    private void take(ServiceStep step) throws Exception {
        switch (step) {
            case INIT -> init();
            case START -> start();
            case STOP -> stop();
            case CLEANUP -> cleanUp();
            case DISCARD -> discard();
        }
    }

    private void init() throws Exception {
        Service made = maker.make(jobId, spec, lasting);
        ServiceInstance before = instance;
        ServiceInstance now =
                new ServiceInstance(before == null ? 1 : before.number + 1, spec.name(), made, spec.concurrency());
        instance = now;
        now.init(new Context(now));
    }

    private void start() throws Exception {
        made().start();
        door.open();
    }

    private void stop() throws Exception {
        close();
        made().stop(callsEndWithin);
    }

    /** Does nothing when there was no object to clean up. */
    private void cleanUp() throws Exception {
        close();
        ServiceInstance now = instance;
        if (now != null) {
            now.cleanUp();
        }
    }

    /** What is still due of the present object's end. */
    private void discard() throws Exception {
        ServiceInstance now = instance;
        if (now == null) {
            return;
        }
        try {
            if (now.wasRunning() && !now.isCleanUpCalled()) {
                now.stop(callsEndWithin);
            }
        } finally {
            now.cleanUp();
        }
    }

    private ServiceInstance made() {
        ServiceInstance now = instance;
        if (now == null) {
            throw new IllegalStateException("Service '" + spec.name() + "' was not made.");
        }
        return now;
    }

    @Override
    public @Nullable Object call(String method, Object[] arguments) throws Throwable {
        return pass(entered -> entered.service() instanceof AwayService away
                ? away.way().call(method, arguments)
                : invoke(entered.methods.named(method, arguments), entered, arguments));
    }

    @Override
    public @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        return pass(entered -> entered.service() instanceof AwayService away
                        && !method.getDeclaringClass().isInstance(away)
                ? away.way().call(method, arguments)
                : invoke(entered.methods.like(method), entered, arguments));
    }

    /** What is behind the door: a method of the object, or the way to it where it is not in this JVM. */
    @FunctionalInterface
    private interface Call {
        @Nullable
        Object on(ServiceInstance entered) throws Throwable;
    }

    private @Nullable Object pass(Call call) throws Throwable {
        Deque<ServiceCell> inside = INSIDE.get();
        try {
            if (inside.contains(this)) {
                throw new ServiceException(
                        "service.cycle",
                        "Service '" + spec.name() + "' was called from inside one of its own calls, by way of "
                                + inside.stream().map(ServiceCell::name).toList() + ". Break the circle of calls.");
            }
            ServiceInstance entered = enter();
            inside.push(this);
            try {
                return call.on(entered);
            } finally {
                inside.pop();
                entered.giveTurnBack();
            }
        } finally {
            if (inside.isEmpty()) {
                INSIDE.remove();
            }
        }
    }

    /** Waits for its turn, through a restart if need be; the time for that begins when the service has been started. */
    private ServiceInstance enter() throws InterruptedException {
        if (door.sign() == Sign.STARTING) {
            door.awaitChange(Sign.STARTING, startTimeout.toNanos());
        }
        long deadlineNs = System.nanoTime() + callTimeout.toNanos();
        while (true) {
            awaitOpen(deadlineNs);
            ServiceInstance now = made();
            if (!now.takeTurn(deadlineNs - System.nanoTime())) {
                throw new ServiceException(
                        "service.timeout",
                        "A call to service '" + spec.name() + "' did not get its turn within " + callTimeout
                                + " and was not executed; at most " + spec.concurrency()
                                + " at a time are allowed. Raise concurrent(…) or callTimeout(…) of the service.");
            }
            if (door.sign() == Sign.OPEN && now == instance) {
                return now;
            }
            now.giveTurnBack();
        }
    }

    private void awaitOpen(long deadlineNs) throws InterruptedException {
        Sign sign = door.sign();
        if (sign == Sign.RESTARTING) {
            if (!spec.restart().callsWait()) {
                throw new ServiceException(
                        "service.restarting",
                        "Service '" + spec.name() + "' of " + whose + " died and is being restarted; its policy lets"
                                + " no call wait for that. Call again later, or declare a policy without callsFail().");
            }
            sign = door.awaitChange(Sign.RESTARTING, deadlineNs - System.nanoTime());
        }
        switch (sign) {
            case OPEN -> {}
            case NOT_YET, CLOSED -> throw unavailable(sign);
            case STARTING -> throw late("start", startTimeout, "sage.job.start-timeout");
            case RESTARTING -> throw late("restart", callTimeout, "callTimeout(…) of the service");
        }
    }

    private ServiceException late(String what, Duration time, String setting) {
        return new ServiceException(
                "service.timeout",
                "A call to service '" + spec.name() + "' of " + whose + " waited " + time + " for its " + what
                        + " and was not executed. Raise " + setting + ", or see why it takes so long.");
    }

    private ServiceException unavailable(Sign sign) {
        Throwable cause = failure;
        String subject = "Service '" + spec.name() + "' of " + whose + " ";
        return cause == null
                ? new ServiceException(
                        "service.unavailable",
                        subject + (sign == Sign.NOT_YET ? "does not run yet." : "no longer runs."))
                : new ServiceException("service.failed", subject + "has failed: " + cause, cause);
    }

    /**
     * An interrupt inside a shared object would hit what other callers use, so it waits until the call returns; but a call
     * to elsewhere is given up.
     */
    private @Nullable Object invoke(Method method, ServiceInstance entered, Object[] arguments) throws Throwable {
        boolean away = entered.service() instanceof AwayService;
        ClassLoader before = ContextLoader.swap(loader);
        if (!away) {
            UninterruptibleSection.enter();
        }
        try {
            return method.invoke(entered.service(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            if (!away) {
                UninterruptibleSection.exit();
            }
            ContextLoader.swap(before);
        }
    }

    /** What one instance is given. */
    private final class Context implements ServiceContext {
        private final ServiceInstance self;

        Context(ServiceInstance self) {
            this.self = self;
        }

        @Override
        public String name() {
            return spec.name();
        }

        @Override
        public String jobId() {
            return jobId.equals(ServiceMaker.sharedId(spec.name())) ? "" : jobId;
        }

        @Override
        public List<Integer> gpus() {
            return maker.ownLease(jobId).gpus();
        }

        @Override
        public List<Integer> ports() {
            return maker.ownLease(jobId).ports();
        }

        @Override
        public <I> I service(String name, Class<I> type) {
            ServiceCell peer = peers.get(name);
            if (peer == null || !spec.dependsOn().contains(name)) {
                throw new ServiceException(
                        "service.unknown",
                        "Service '" + spec.name() + "' asked for service '" + name + "'; it may call those that it"
                                + " depends on, which are " + spec.dependsOn() + ". Declare .dependsOn(\"" + name
                                + "\").");
            }
            return ServiceProxy.of(name, type, () -> peer);
        }

        @Override
        public void failed(Throwable cause) {
            if (self.died(cause) && self == instance) {
                door.hold();
                onDeath.accept(self);
            }
        }
    }
}
