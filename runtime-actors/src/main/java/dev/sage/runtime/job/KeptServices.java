package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.service.ServiceEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * Owns the services that outlived their jobs and those that belong to no job, and ends them within the time-outs of the
 * phases stop-services and cleanup-services.
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

    /** No half of an end has longer than this any more. */
    record Hurry(Duration timeout) implements Command {}

    private record FromService(ServiceActor.Event event) implements Command {}

    /** What a service had outside of this JVM was given back. */
    private record GivenBack(String name, List<CleanupReport.Line> lines) implements Command {}

    private record Gone(String name) implements Command {}

    private record Due(Runnable then) implements Command {}

    private final KeptRegistry registry;
    private final ActorRef<NodeAgent.Command> node;
    private final ActorRef<JobManager.Command> manager;
    private final TimerScheduler<Command> timers;
    private ServiceEnd.Bounds bounds;
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
        this.bounds = ServiceEnd.Bounds.of(settings.phases());
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
                .onMessage(Hurry.class, message -> hurry(message.timeout()))
                .onMessage(FromService.class, message -> onEvent(message.event()))
                .onMessage(GivenBack.class, message -> givenBack(message.name(), message.lines()))
                .onMessage(Due.class, this::due)
                .onMessage(Gone.class, message -> gone(message.name()))
                .build();
    }

    private Behavior<Command> adopt(Adopt adopt) {
        String name = adopt.jobId() + "/" + adopt.cell().name();
        add(name, adopt.cell());
        // One that dies before it has changed its owner is ended for the old one.
        getContext().watchWith(adopt.ref(), new Gone(name));
        adopt.ref().tell(new ServiceActor.ChangeOwner(fromServices, name));
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

    private void add(String name, ServiceCell cell) {
        services.put(name, new Kept(name, cell, this));
        registry.add(name, cell);
    }

    private Behavior<Command> gone(String name) {
        Kept service = services.get(name);
        if (service != null && service.ref == null) {
            services.remove(name);
            registry.remove(name);
            timers.cancel(name);
            service.waiting.forEach(reply -> reply.complete(new CleanupReport(List.of())));
            completeWhenNoneIsLeft();
        }
        return this;
    }

    private Behavior<Command> endOf(String jobId) {
        services.forEach((name, service) -> {
            if (name.startsWith(jobId + "/")) {
                service.end.begin();
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
            service.end.begin();
        }
        return this;
    }

    private Behavior<Command> endAll(CompletableFuture<Done> reply) {
        awaitingEnd = reply;
        services.values().forEach(service -> service.end.begin());
        completeWhenNoneIsLeft();
        return this;
    }

    private Behavior<Command> hurry(Duration timeout) {
        bounds = bounds.atMost(timeout);
        services.values().forEach(service -> service.end.hurry(timeout));
        return this;
    }

    private Behavior<Command> onEvent(ServiceActor.Event event) {
        Kept service = services.get(event.service());
        if (service != null) {
            if (event instanceof ServiceActor.Spawned spawned) {
                service.joined(spawned.ref());
            }
            service.end.on(event);
        }
        return this;
    }

    private Behavior<Command> due(Due due) {
        due.then().run();
        return this;
    }

    /** What it has outside of this JVM is free only when nothing of it runs any more. */
    private void ended(String name, ServiceEnd end) {
        Kept service = services.get(name);
        if (service == null) {
            return;
        }
        timers.cancel(name);
        if (end.cell().isOutside()) {
            ActorRef<Command> self = getContext().getSelf();
            manager.tell(new JobManager.ReleaseKept(
                    end.cell().jobId(), end.cell().name(), lines -> self.tell(new GivenBack(name, lines))));
        } else {
            givenBack(name, List.of());
        }
    }

    private Behavior<Command> givenBack(String name, List<CleanupReport.Line> given) {
        Kept service = services.remove(name);
        if (service == null) {
            return this;
        }
        registry.remove(name);
        CleanupReport.Line line = wholeLine(service.end);
        if (line.outcome() == Outcome.FAILED) {
            getContext().getLog().warn("Kept {}", line);
        }
        List<CleanupReport.Line> lines = new ArrayList<>(List.of(line));
        lines.addAll(given);
        service.waiting.forEach(reply -> reply.complete(new CleanupReport(lines)));
        completeWhenNoneIsLeft();
        return this;
    }

    /** Nobody else tells what went wrong before its cleanup: there is no job that fails of it. */
    private static CleanupReport.Line wholeLine(ServiceEnd end) {
        CleanupReport.Line line = end.line();
        if (end.troubles().isEmpty()) {
            return line;
        }
        String reasons = Stream.concat(end.troubles().stream().map(JobFailure::describe), Stream.of(line.reason()))
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.joining("; "));
        return new CleanupReport.Line(line.kind(), line.name(), line.step(), Outcome.FAILED, reasons, line.duration());
    }

    private void completeWhenNoneIsLeft() {
        if (awaitingEnd != null && services.isEmpty()) {
            awaitingEnd.complete(Done.getInstance());
        }
    }

    /** One kept service, and who waits for its end. */
    private static final class Kept {
        private final List<ServiceActor.Command> early = new ArrayList<>();
        private @Nullable ActorRef<ServiceActor.Command> ref;
        final List<CompletableFuture<CleanupReport>> waiting = new ArrayList<>();
        final ServiceEnd end;

        Kept(String name, ServiceCell cell, KeptServices owner) {
            end = new ServiceEnd(
                    name,
                    cell,
                    owner.bounds,
                    new ServiceEnd.Hands(
                            this::tell,
                            (after, then) -> owner.timers.startSingleTimer(name, new Due(then), after),
                            ended -> owner.ended(name, ended)));
        }

        /** Kept for one whose actor has not reported yet. */
        private void tell(ServiceActor.Command command) {
            if (ref == null) {
                early.add(command);
            } else {
                ref.tell(command);
            }
        }

        void joined(ActorRef<ServiceActor.Command> spawned) {
            ref = spawned;
            early.forEach(spawned::tell);
            early.clear();
        }
    }
}
