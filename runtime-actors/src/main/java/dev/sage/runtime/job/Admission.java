package dev.sage.runtime.job;

import dev.sage.api.JobLeases;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.service.ServiceCell;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Passes on what the schedule decides, on the JobManager's actor: to jobs, and to shared services that wait for something. */
final class Admission implements Scheduling.Owner {
    private final Map<String, ManagedJob> jobs;
    private final Map<String, ServiceCell> sharedWaiting;
    private final ActorRef<KeptServices.Command> keptServices;
    private final ActorRef<JobManager.Command> manager;

    /**
     * Both maps are the JobManager's own.
     *
     * @param sharedWaiting by their ids in the schedule
     */
    Admission(
            Map<String, ManagedJob> jobs,
            Map<String, ServiceCell> sharedWaiting,
            ActorRef<KeptServices.Command> keptServices,
            ActorRef<JobManager.Command> manager) {
        this.jobs = jobs;
        this.sharedWaiting = sharedWaiting;
        this.keptServices = keptServices;
        this.manager = manager;
    }

    @Override
    public void admit(String id, JobLeases leases) {
        ManagedJob job = jobs.get(id);
        ServiceCell shared = sharedWaiting.remove(id);
        if (shared != null) {
            keptServices.tell(new KeptServices.StartShared(shared));
        } else if (job != null) {
            if (!leases.holders().isEmpty()) {
                job.definition.observer().leased(leases);
            }
            start(job);
        }
    }

    private void start(ManagedJob job) {
        CompletionStage<?> passed = passed(job);
        if (passed == null) {
            job.tell(new JobCommand.Admit());
        } else {
            passed.whenComplete((done, failed) -> manager.tell(new JobManager.Tell(
                    job.definition.id(),
                    failed == null
                            ? new JobCommand.Admit()
                            : new JobCommand.Refuse("its start could not be written down: " + failed))));
        }
    }

    /** One gate that throws must not end the actor with all jobs. */
    private static @Nullable CompletionStage<?> passed(ManagedJob job) {
        try {
            return job.definition.startGate().pass();
        } catch (RuntimeException broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    @Override
    public void refuse(String id, String reason) {
        ManagedJob job = jobs.get(id);
        ServiceCell shared = sharedWaiting.remove(id);
        if (shared != null) {
            shared.refuse(reason);
        } else if (job != null && !job.spawning) {
            jobs.remove(id);
            ManagedJob.refuse(job.definition, JobState.FAILED, reason);
        } else if (job != null) {
            job.tell(new JobCommand.Refuse(reason));
        }
    }

    @Override
    public void waits(String id, String reason) {
        ManagedJob job = jobs.get(id);
        if (job != null) {
            job.definition.observer().waits(reason);
        }
    }

    @Override
    public void hear(ScheduleCommand command) {
        manager.tell(new JobManager.Scheduled(command));
    }

    @Override
    public void recheckLater(List<Thing> things) {
        manager.tell(new JobManager.RecheckInTime(things));
    }
}
