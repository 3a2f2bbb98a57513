package dev.sage.runtime.core.job;

import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be done for a job in its present state. The Dispatcher does what it has not done yet. */
public final class JobEffects {
    private JobEffects() {}

    public static Set<JobEffect> outstanding(Job job) {
        Set<JobEffect> effects = new LinkedHashSet<>();
        if (job.state().isTerminal()) {
            effects.add(new JobEffect.ReportEnd());
            addAbandoned(job, effects);
            return effects;
        }
        if (job.state() == JobState.STARTING) {
            effects.add(new JobEffect.StartTimer(job.spec().startTimeout()));
        }
        job.phase().ifPresent(phase -> {
            effects.add(new JobEffect.PhaseTimer(phase.step(), job.phaseTimers(), job.phaseTimeout()));
            if (phase.step() == Step.STOP_TASKS) {
                effects.add(new JobEffect.InterruptTimer(job.spec().interruptAfter()));
            }
        });
        if (job.isReleasing()) {
            effects.add(
                    new JobEffect.ReleaseOutside(job.phase().orElseThrow().step(), job.phasesEntered(), job.spared()));
        }
        if (job.isKilling()) {
            effects.add(new JobEffect.KillProcesses(kept(job)));
        }
        job.tasks().forEach((task, status) -> addTask(job, task, status, effects));
        job.services().forEach((service, status) -> addService(service, status, effects));
        addAbandoned(job, effects);
        return effects;
    }

    private static Set<String> kept(Job job) {
        return job.spec().kept().stream().filter(job::keeps).collect(Collectors.toUnmodifiableSet());
    }

    private static void addTask(Job job, String task, TaskStatus status, Set<JobEffect> effects) {
        boolean source = job.spec().sources().contains(task);
        switch (status) {
            case STARTING -> effects.add(new JobEffect.StartTask(task));
            case COMMITTING -> effects.add(new JobEffect.CommitTask(task));
            case CANCELLING -> {
                effects.add(new JobEffect.CancelTask(task));
                if (job.areInterruptsDue()) {
                    effects.add(new JobEffect.InterruptTask(task));
                }
            }
            default -> {}
        }
        if (source && (status == TaskStatus.STARTING || status == TaskStatus.RUNNING)) {
            if (job.isDraining()) {
                effects.add(new JobEffect.StopSource(task));
            } else if (job.state() == JobState.PAUSED) {
                effects.add(new JobEffect.HoldSource(task, job.pauses()));
            } else if (job.pauses() > 0) {
                effects.add(new JobEffect.ReleaseSource(task, job.pauses()));
            }
        }
    }

    private static void addService(String service, ServiceStatus status, Set<JobEffect> effects) {
        switch (status) {
            case STARTING -> effects.add(new JobEffect.StartService(service));
            case STOPPING -> effects.add(new JobEffect.StopService(service));
            case CLEANING -> effects.add(new JobEffect.CleanUpService(service));
            case KEEPING -> effects.add(new JobEffect.KeepService(service));
            default -> {}
        }
    }

    private static void addAbandoned(Job job, Set<JobEffect> effects) {
        job.tasks().forEach((task, status) -> {
            if (status == TaskStatus.ABANDONED) {
                effects.add(new JobEffect.AbandonTask(task));
            }
        });
        job.services().forEach((service, status) -> {
            if (status == ServiceStatus.ABANDONED) {
                effects.add(new JobEffect.AbandonService(service));
            }
        });
    }
}
