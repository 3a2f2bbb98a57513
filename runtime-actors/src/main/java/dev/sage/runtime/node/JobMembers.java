package dev.sage.runtime.node;

import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.task.TaskActor;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The actors of one job on a node: what there is to tell of it, should its Dispatcher die. Once the job is over only those
 * count that still live, which are its kept services. Services that belong to no job are together in one of their own.
 */
final class JobMembers {
    record Task(TaskControl control, ActorRef<TaskActor.Command> ref) {}

    record Service(ServiceCell cell, ActorRef<ServiceActor.Command> ref) {}

    final String jobId;
    final Duration interruptAfter;
    final List<ShutdownPhase> phases;
    final Map<ActorRef<?>, Task> tasks = new LinkedHashMap<>();
    final Map<ActorRef<?>, Service> services = new LinkedHashMap<>();
    private final Set<ActorRef<?>> dead = new HashSet<>();
    boolean hasDispatcher;
    private boolean over;

    JobMembers(String jobId, Duration interruptAfter, List<ShutdownPhase> phases) {
        this.jobId = jobId;
        this.interruptAfter = interruptAfter;
        this.phases = phases;
    }

    JobMembers copy() {
        JobMembers copy = new JobMembers(jobId, interruptAfter, phases);
        copy.tasks.putAll(tasks);
        copy.services.putAll(services);
        return copy;
    }

    Duration timeout(ShutdownPhase.Step step) {
        return ShutdownPhase.timeoutOf(phases, step);
    }

    void gone(ActorRef<?> ref) {
        dead.add(ref);
        forgetDead();
    }

    /** There will be nothing more to tell of those that are dead. */
    void over() {
        over = true;
        forgetDead();
    }

    private void forgetDead() {
        if (over) {
            dead.forEach(tasks::remove);
            dead.forEach(services::remove);
            dead.clear();
        }
    }

    boolean isForgettable() {
        return over && !hasDispatcher && isEmpty();
    }

    boolean isEmpty() {
        return tasks.isEmpty() && services.isEmpty();
    }
}
