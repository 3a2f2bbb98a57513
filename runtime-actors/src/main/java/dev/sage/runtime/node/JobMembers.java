package dev.sage.runtime.node;

import dev.sage.runtime.core.job.ShutdownPhase;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.task.TaskActor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The actors of one job that live on a node: what is left of it, should its Dispatcher die. Services that belong to no job
 * are together in one of their own.
 */
final class JobMembers {
    record Task(TaskControl control, ActorRef<TaskActor.Command> ref) {}

    record Service(ServiceCell cell, ActorRef<ServiceActor.Command> ref) {}

    final String jobId;
    final Duration interruptAfter;
    final List<ShutdownPhase> phases;
    final Map<ActorRef<?>, Task> tasks = new LinkedHashMap<>();
    final Map<ActorRef<?>, Service> services = new LinkedHashMap<>();
    boolean hasDispatcher;

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
        return phases.stream()
                .filter(phase -> phase.step() == step)
                .findFirst()
                .orElseThrow()
                .timeout();
    }

    void remove(ActorRef<?> ref) {
        tasks.remove(ref);
        services.remove(ref);
    }

    boolean isEmpty() {
        return tasks.isEmpty() && services.isEmpty();
    }
}
