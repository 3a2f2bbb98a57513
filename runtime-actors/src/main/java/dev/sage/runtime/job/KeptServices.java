package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.node.NodeAgent;
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
 * Owns the services that outlived their jobs and those that belong to no job, and ends them: stop, then cleanup, each bounded by the timeout of the phase
 * of the same name.
 */
public final class KeptServices extends AbstractBehavior<KeptServices.Command> {

    /** What it is told. */
    public sealed interface Command {}

    /** Becomes the owner of a service, whose previous owner then hears {@link ServiceActor.OwnerChanged}. */
    public record Adopt(String jobId, ServiceCell cell, ActorRef<ServiceActor.Command> ref) implements Command {}

    /** Starts a service that belongs to the environment, unless that is being closed. */
    record StartShared(ServiceCell cell) implements Command {}

    /** Ends those that came from this job. */
    record EndOf(String jobId) implements Command {}

    record End(String name, CompletableFuture<CleanupReport> reply) implements Command {}

    record EndAll(CompletableFuture<Done> reply) implements Command {}

    private record FromService(ServiceActor.Event event) implements Command {}

    /** What a service had outside of this JVM was given back. */
    private record GivenBack(String name, List<CleanupReport.Line> lines) implements Command {}

    private record StopLate(String name) implements Command {}

    private record CleanUpLate(String name) implements Command {}

    private final KeptRegistry registry;
    private final ActorRef<NodeAgent.Command> node;
    private final ActorRef<JobManager.Command> manager;
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
            KeptRegistry registry,
            ActorRef<NodeAgent.Command> node,
            ActorRef<JobManager.Command> manager) {
        super(context);
        this.node = node;
        this.manager = manager;
        this.timers = timers;
        this.fromServices = context.messageAdapter(ServiceActor.Event.class, FromService::new);
        this.registry = registry;
        this.stopTimeout = ShutdownPhase.timeoutOf(settings.phases(), Step.STOP_SERVICES);
        this.cleanUpTimeout = ShutdownPhase.timeoutOf(settings.phases(), Step.CLEANUP_SERVICES);
    }

    static Behavior<Command> create(
            SageSettings settings,
            KeptRegistry registry,
            ActorRef<NodeAgent.Command> node,
            ActorRef<JobManager.Command> manager) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new KeptServices(context, timers, settings, registry, node, manager)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Adopt.class, this::adopt)
                .onMessage(StartShared.class, message -> startShared(message.cell()))
                .onMessage(EndOf.class, message -> endOf(message.jobId()))
                .onMessage(End.class, this::end)
                .onMessage(EndAll.class, message -> endAll(message.reply()))
                .onMessage(FromService.class, message -> onEvent(message.event()))
                .onMessage(GivenBack.class, message -> gone(message.name(), message.lines()))
                .onMessage(StopLate.class, message -> onStopLate(message.name()))
                .onMessage(CleanUpLate.class, message -> onCleanUpLate(message.name()))
                .build();
    }

    private Behavior<Command> adopt(Adopt adopt) {
        String name = adopt.jobId() + "/" + adopt.cell().name();
        Kept service = add(name, adopt.cell());
        adopt.ref().tell(new ServiceActor.ChangeOwner(fromServices, name));
        joined(service, adopt.ref());
        return this;
    }

    private Behavior<Command> startShared(ServiceCell cell) {
        if (awaitingEnd != null) {
            cell.close();
            return this;
        }
        add(cell.name(), cell);
        node.tell(new NodeAgent.RunService(
                NodeAgent.NO_JOB,
                NodeAgent.actorName("service_" + NodeAgent.NO_JOB + "_" + cell.name()),
                cell,
                fromServices));
        return this;
    }

    private Kept add(String name, ServiceCell cell) {
        Kept service = new Kept(cell);
        services.put(name, service);
        registry.add(name, cell);
        return service;
    }

    private static void joined(Kept service, ActorRef<ServiceActor.Command> ref) {
        service.ref = ref;
        service.early.forEach(ref::tell);
        service.early.clear();
    }

    private Behavior<Command> endOf(String jobId) {
        services.forEach((name, service) -> {
            if (name.startsWith(jobId + "/")) {
                beginEnd(name, service);
            }
        });
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
            service.tell(new ServiceActor.Stop());
            timers.startSingleTimer(name, new StopLate(name), stopTimeout);
        }
    }

    private Behavior<Command> onEvent(ServiceActor.Event event) {
        Kept service = services.get(event.service());
        if (service == null) {
            return this;
        }
        if (event instanceof ServiceActor.Spawned spawned) {
            joined(service, spawned.ref());
        } else if (event instanceof ServiceActor.Failed failed) {
            service.troubled(failed.failure().describe());
            beginEnd(event.service(), service);
        } else if (event instanceof ServiceActor.ActorDied) {
            service.troubled("the service's actor died");
            beginEnd(event.service(), service);
        } else if (event instanceof ServiceActor.Stopped stopped) {
            stopped.failure().map(JobFailure::describe).ifPresent(service::troubled);
            cleanUp(event.service(), service);
        } else if (event instanceof ServiceActor.Cleaned cleaned) {
            cleaned.failure().map(JobFailure::describe).ifPresent(service::troubled);
            ended(event.service());
        }
        return this;
    }

    private void cleanUp(String name, Kept service) {
        service.tell(new ServiceActor.CleanUp());
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
            service.tell(new ServiceActor.Abandon());
            ended(name);
        }
        return this;
    }

    /** What it has outside of this JVM is free only when nothing of it runs any more. */
    private void ended(String name) {
        Kept service = services.get(name);
        if (service == null) {
            return;
        }
        timers.cancel(name);
        if (service.cell.isProcess()) {
            ActorRef<Command> self = getContext().getSelf();
            manager.tell(new JobManager.ReleaseKept(
                    service.cell.jobId(), service.cell.name(), lines -> self.tell(new GivenBack(name, lines))));
        } else {
            gone(name, List.of());
        }
    }

    private Behavior<Command> gone(String name, List<CleanupReport.Line> given) {
        Kept service = services.remove(name);
        if (service == null) {
            return this;
        }
        registry.remove(name);
        Outcome outcome = service.trouble.isEmpty() ? Outcome.RELEASED : Outcome.FAILED;
        Duration duration =
                service.ending ? Duration.ofNanos(System.nanoTime() - service.endingSinceNs) : Duration.ZERO;
        CleanupReport.Line line = new CleanupReport.Line(
                "service", name, Step.CLEANUP_SERVICES.key(), outcome, service.trouble, duration);
        if (outcome == Outcome.FAILED) {
            getContext().getLog().warn("Kept {}", line);
        }
        List<CleanupReport.Line> lines = new ArrayList<>(List.of(line));
        lines.addAll(given);
        service.waiting.forEach(reply -> reply.complete(new CleanupReport(lines)));
        completeWhenNoneIsLeft();
        return this;
    }

    private void completeWhenNoneIsLeft() {
        if (awaitingEnd != null && services.isEmpty()) {
            awaitingEnd.complete(Done.getInstance());
        }
    }

    /** One kept service, and who waits for its end. */
    private static final class Kept {
        final ServiceCell cell;
        private final List<ServiceActor.Command> early = new ArrayList<>();
        private @Nullable ActorRef<ServiceActor.Command> ref;
        final List<CompletableFuture<CleanupReport>> waiting = new ArrayList<>();
        boolean ending;
        long endingSinceNs;
        String trouble = "";

        Kept(ServiceCell cell) {
            this.cell = cell;
        }

        /** Kept for one whose actor has not reported yet. */
        void tell(ServiceActor.Command command) {
            if (ref == null) {
                early.add(command);
            } else {
                ref.tell(command);
            }
        }

        void troubled(String what) {
            trouble = trouble.isEmpty() ? what : trouble + "; " + what;
        }
    }
}
