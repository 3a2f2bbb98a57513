package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Owns the services that outlived their jobs, and ends them: stop, then cleanup, each bounded by the timeout of the phase
 * of the same name.
 */
public final class KeptServices extends AbstractBehavior<KeptServices.Command> {

    /** What it is told. */
    public sealed interface Command {}

    /** Becomes the owner of a service, whose previous owner then hears {@link ServiceActor.OwnerChanged}. */
    public record Adopt(String jobId, ServiceCell cell, ActorRef<ServiceActor.Command> ref) implements Command {}

    record End(String name, CompletableFuture<CleanupReport> reply) implements Command {}

    record EndAll(CompletableFuture<Done> reply) implements Command {}

    private record FromService(ServiceActor.Event event) implements Command {}

    private record Gone(String name) implements Command {}

    private record StopLate(String name) implements Command {}

    private record CleanUpLate(String name) implements Command {}

    private final KeptRegistry registry;
    private final TimerScheduler<Command> timers;
    private final Duration stopTimeout;
    private final Duration cleanUpTimeout;
    private final ActorRef<ServiceActor.Event> fromServices;
    private final Map<String, Kept> services = new LinkedHashMap<>();
    private @Nullable CompletableFuture<Done> awaitingEnd;

    private KeptServices(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SageSettings settings,
            KeptRegistry registry) {
        super(context);
        this.timers = timers;
        this.fromServices = context.messageAdapter(ServiceActor.Event.class, FromService::new);
        this.registry = registry;
        this.stopTimeout = timeout(settings, Step.STOP_SERVICES);
        this.cleanUpTimeout = timeout(settings, Step.CLEANUP_SERVICES);
    }

    private static Duration timeout(SageSettings settings, Step step) {
        return settings.phases().stream()
                .filter(phase -> phase.step() == step)
                .map(ShutdownPhase::timeout)
                .findFirst()
                .orElseThrow();
    }

    static Behavior<Command> create(SageSettings settings, KeptRegistry registry) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new KeptServices(context, timers, settings, registry)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Adopt.class, this::adopt)
                .onMessage(End.class, this::end)
                .onMessage(EndAll.class, message -> endAll(message.reply()))
                .onMessage(FromService.class, message -> onEvent(message.event()))
                .onMessage(Gone.class, message -> onGone(message.name()))
                .onMessage(StopLate.class, message -> onStopLate(message.name()))
                .onMessage(CleanUpLate.class, message -> onCleanUpLate(message.name()))
                .build();
    }

    private Behavior<Command> adopt(Adopt adopt) {
        String name = adopt.jobId() + "/" + adopt.cell().name();
        services.put(name, new Kept(adopt.ref()));
        registry.add(name, adopt.cell());
        getContext().watchWith(adopt.ref(), new Gone(name));
        adopt.ref().tell(new ServiceActor.ChangeOwner(fromServices, name));
        return this;
    }

    private Behavior<Command> end(End end) {
        Kept service = services.get(end.name());
        if (service == null) {
            end.reply().complete(new CleanupReport(List.of()));
        } else {
            service.waiting.add(end.reply());
            beginEnd(end.name(), service);
        }
        return this;
    }

    private Behavior<Command> endAll(CompletableFuture<Done> reply) {
        awaitingEnd = reply;
        services.forEach(this::beginEnd);
        completeWhenNoneIsLeft();
        return this;
    }

    private void beginEnd(String name, Kept service) {
        if (!service.ending) {
            service.ending = true;
            service.endingSinceNs = System.nanoTime();
            service.ref.tell(new ServiceActor.Stop());
            timers.startSingleTimer(name, new StopLate(name), stopTimeout);
        }
    }

    private Behavior<Command> onEvent(ServiceActor.Event event) {
        Kept service = services.get(event.service());
        if (service == null) {
            return this;
        }
        if (event instanceof ServiceActor.Stopped stopped) {
            stopped.failure().map(JobFailure::describe).ifPresent(service::troubled);
            cleanUp(event.service(), service);
        } else if (event instanceof ServiceActor.Cleaned cleaned) {
            cleaned.failure().map(JobFailure::describe).ifPresent(service::troubled);
            ended(event.service());
        }
        return this;
    }

    private void cleanUp(String name, Kept service) {
        service.ref.tell(new ServiceActor.CleanUp());
        timers.startSingleTimer(name, new CleanUpLate(name), cleanUpTimeout);
    }

    private Behavior<Command> onStopLate(String name) {
        Kept service = services.get(name);
        if (service != null) {
            service.troubled("stop did not return within " + stopTimeout);
            cleanUp(name, service);
        }
        return this;
    }

    private Behavior<Command> onCleanUpLate(String name) {
        Kept service = services.get(name);
        if (service != null) {
            service.troubled("cleanup did not return within " + cleanUpTimeout);
            service.ref.tell(new ServiceActor.Abandon());
            ended(name);
        }
        return this;
    }

    /** Its actor died without a word. */
    private Behavior<Command> onGone(String name) {
        Kept service = services.get(name);
        if (service != null) {
            service.troubled("the service's actor died");
            ended(name);
        }
        return this;
    }

    private void ended(String name) {
        Kept service = services.remove(name);
        if (service == null) {
            return;
        }
        registry.remove(name);
        timers.cancel(name);
        getContext().unwatch(service.ref);
        Outcome outcome = service.trouble.isEmpty() ? Outcome.RELEASED : Outcome.FAILED;
        Duration duration =
                service.ending ? Duration.ofNanos(System.nanoTime() - service.endingSinceNs) : Duration.ZERO;
        CleanupReport.Line line = new CleanupReport.Line(
                "service", name, Step.CLEANUP_SERVICES.key(), outcome, service.trouble, duration);
        if (outcome == Outcome.FAILED) {
            getContext().getLog().warn("Kept {}", line);
        }
        service.waiting.forEach(reply -> reply.complete(new CleanupReport(List.of(line))));
        completeWhenNoneIsLeft();
    }

    private void completeWhenNoneIsLeft() {
        if (awaitingEnd != null && services.isEmpty()) {
            awaitingEnd.complete(Done.getInstance());
        }
    }

    /** One kept service, and who waits for its end. */
    private static final class Kept {
        final ActorRef<ServiceActor.Command> ref;
        final List<CompletableFuture<CleanupReport>> waiting = new ArrayList<>();
        boolean ending;
        long endingSinceNs;
        String trouble = "";

        Kept(ActorRef<ServiceActor.Command> ref) {
            this.ref = ref;
        }

        void troubled(String what) {
            trouble = trouble.isEmpty() ? what : trouble + "; " + what;
        }
    }
}
