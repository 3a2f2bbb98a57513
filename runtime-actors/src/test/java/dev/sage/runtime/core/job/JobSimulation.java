package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.runtime.core.Transitions.Transition;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * One job in a world that answers in random order: services and tasks that start, end, throw, hang or die, people who
 * pause, stop and cancel, and timers that fire. Checks the invariants of a job's life after every step.
 */
final class JobSimulation {
    private static final int MAX_STEPS = 2_000;
    private static final Duration HURRIED = Duration.ofSeconds(1);

    private final Random random;
    private final JobSpec spec;
    private final double trouble;
    private final Set<JobEffect> done = new HashSet<>();
    private final List<JobCommand> inbox = new ArrayList<>();
    private final Map<String, List<String>> serviceCalls = new LinkedHashMap<>();
    private final Set<String> lostWhileHandedOver = new HashSet<>();
    private final Set<String> hung = new HashSet<>();
    private final Set<Step> outsideEnded = EnumSet.noneOf(Step.class);
    private final Map<Step, Set<String>> spared = new EnumMap<>(Step.class);
    private final Map<JobCommand, JobCommand> returnsLater = new HashMap<>();
    final Set<Transition<JobState, JobTrigger>> visited = new LinkedHashSet<>();
    final List<JobEvent> history = new ArrayList<>();
    private Job job;
    private Optional<Step> timer = Optional.empty();
    private long nowNs;

    JobSimulation(Random random) {
        this.random = random;
        this.trouble = random.nextBoolean() ? 0 : random.nextDouble() * 0.3;
        this.spec = spec();
        this.job = Job.queued(spec);
    }

    private JobSpec spec() {
        List<String> tasks = new ArrayList<>();
        Set<String> sources = new LinkedHashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            tasks.add("task/" + i);
            if (random.nextBoolean()) {
                sources.add("task/" + i);
            }
        }
        Map<String, List<String>> services = new LinkedHashMap<>();
        Set<String> kept = new LinkedHashSet<>();
        for (int i = 0, n = random.nextInt(4); i < n; i++) {
            boolean keep = random.nextInt(4) == 0;
            String name = "service" + i;
            List<String> needs = services.keySet().stream()
                    .filter(other -> random.nextBoolean() && (!keep || kept.contains(other)))
                    .toList();
            services.put(name, needs);
            if (keep) {
                kept.add(name);
            }
        }
        Set<Step> outside = EnumSet.noneOf(Step.class);
        for (Step step : EnumSet.of(Step.RELEASE_RAY_ACTORS, Step.STOP_PROCESSES, Step.RELEASE_RESOURCES)) {
            if (random.nextBoolean()) {
                outside.add(step);
            }
        }
        boolean recover = random.nextInt(5) != 0;
        List<ShutdownPhase> phases = List.of(Step.values()).stream()
                .map(step -> new ShutdownPhase(step, Duration.ofSeconds(10), recover))
                .toList();
        return new JobSpec(
                "j",
                random.nextBoolean(),
                tasks,
                sources,
                services,
                kept,
                outside,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                phases);
    }

    Job run() {
        inbox.add(random.nextInt(50) == 0 ? new JobCommand.Refuse("too much") : new JobCommand.Admit());
        for (int step = 0; step < MAX_STEPS && !job.state().isTerminal(); step++) {
            nowNs += random.nextInt(1_000_000);
            disturb();
            JobCommand next = inbox.isEmpty() ? whatEndsAWait() : inbox.remove(random.nextInt(inbox.size()));
            step(next);
        }
        return job;
    }

    /** People and bad luck, at any moment. */
    private void disturb() {
        int dice = random.nextInt(60);
        if (dice == 0) {
            inbox.add(new JobCommand.Stop("test"));
        } else if (dice == 1) {
            inbox.add(new JobCommand.Cancel("test"));
        } else if (dice == 2) {
            inbox.add(new JobCommand.DeadlinePassed());
        } else if (dice == 59) {
            inbox.add(new JobCommand.Hurry("test", HURRIED));
        } else if (dice < 6) {
            inbox.add(new JobCommand.Pause());
        } else if (dice < 12) {
            inbox.add(new JobCommand.Resume());
        } else if (dice == 12 && random.nextDouble() < trouble && !spec.tasks().isEmpty()) {
            inbox.add(new JobCommand.TaskLost(any(spec.tasks())));
        } else if (dice == 13
                && random.nextDouble() < trouble
                && !spec.services().isEmpty()) {
            String service = any(List.copyOf(spec.services().keySet()));
            inbox.add(
                    random.nextBoolean()
                            ? new JobCommand.ServiceLost(service)
                            : new JobCommand.ServiceTerminated(service));
        }
    }

    /** Nothing answers any more: a timer fires, or somebody ends a job that waits for people. */
    private JobCommand whatEndsAWait() {
        return switch (job.state()) {
            case STARTING -> new JobCommand.StartTimedOut();
            case PAUSED -> new JobCommand.Resume();
            case IDLE -> new JobCommand.Stop("test");
            case STOPPING, CLEANING -> phaseTimer();
            default -> new JobCommand.Cancel("nothing else can happen");
        };
    }

    /** A timer fires once, and only the one that was started last. */
    private JobCommand phaseTimer() {
        JobCommand fires =
                timer.<JobCommand>map(JobCommand.PhaseTimedOut::new).orElse(new JobCommand.Cancel("no timer runs"));
        timer = Optional.empty();
        return fires;
    }

    private void step(JobCommand command) {
        Job before = job;
        if (command instanceof JobCommand.ServiceLost lost && job.service(lost.service()) == ServiceStatus.KEEPING) {
            lostWhileHandedOver.add(lost.service());
        }
        for (JobEvent event : JobDecisions.decide(job, command, nowNs)) {
            history.add(event);
            job = job.evolve(event);
            if (event instanceof JobEvent.StateChanged changed) {
                visited.add(new Transition<>(changed.from(), changed.trigger(), changed.to()));
            }
        }
        check(before);
        JobCommand later = returnsLater.remove(command);
        if (later != null && random.nextBoolean()) {
            inbox.add(later);
        }
        for (JobEffect effect : JobEffects.outstanding(job)) {
            if (done.add(effect)) {
                answer(effect);
            }
        }
    }

    private void answer(JobEffect effect) {
        if (effect instanceof JobEffect.PhaseTimer started) {
            timer = Optional.of(started.step());
            require(
                    job.isHurried() == started.timeout().equals(HURRIED),
                    "a phase has " + started.timeout() + (job.isHurried() ? " in a hurry" : " without a hurry"));
        } else if (effect instanceof JobEffect.KillProcesses kill) {
            killed(kill);
        } else if (effect instanceof JobEffect.StartService start) {
            if (!isTrouble(new JobCommand.ServiceFailed(start.service(), failure(start.service())))) {
                inbox.add(new JobCommand.ServiceRunning(start.service()));
            }
        } else if (effect instanceof JobEffect.StartTask start) {
            inbox.add(new JobCommand.TaskStarted(start.task()));
            if (!isTrouble(new JobCommand.TaskFailed(start.task(), failure(start.task())))
                    && !(spec.sources().contains(start.task()) && random.nextInt(6) == 0)) {
                inbox.add(new JobCommand.TaskEnded(start.task()));
            }
        } else if (effect instanceof JobEffect.StopSource stop) {
            inbox.add(new JobCommand.TaskEnded(stop.task()));
        } else if (effect instanceof JobEffect.CommitTask commit) {
            closed(commit.task());
        } else if (effect instanceof JobEffect.CancelTask cancel) {
            closed(cancel.task());
        } else if (effect instanceof JobEffect.StopService stop) {
            calls(stop.service()).add("stop");
            if (isHang()) {
                hung.add(stop.service());
            } else {
                inbox.add(new JobCommand.ServiceStopped(stop.service(), maybeFailure(stop.service())));
            }
        } else if (effect instanceof JobEffect.CleanUpService cleanUp) {
            calls(cleanUp.service()).add("cleanup");
            if (!isHang()) {
                cleaned(cleanUp.service());
            }
        } else if (effect instanceof JobEffect.ReleaseOutside release) {
            released(release);
        } else if (effect instanceof JobEffect.KeepService keep) {
            calls(keep.service()).add("keep");
            inbox.add(new JobCommand.ServiceKept(keep.service()));
        }
    }

    /** One whose stop hangs may go on to do so when it has been cleaned up. */
    private void cleaned(String service) {
        if (hung.contains(service) && random.nextBoolean()) {
            JobCommand held = new JobCommand.ServiceHeld(service, "stop", maybeFailure(service));
            inbox.add(held);
            returnsLater.put(held, new JobCommand.ServiceCleaned(service, Optional.empty()));
        } else {
            inbox.add(new JobCommand.ServiceCleaned(service, maybeFailure(service)));
        }
    }

    private void killed(JobEffect.KillProcesses kill) {
        require(job.isHurried(), "processes were killed without a hurry");
        require(spec.outside().contains(Step.STOP_PROCESSES), "processes were killed where there are none");
        require(
                job.outcome().equals(Optional.of(JobState.COMPLETED))
                        || kill.kept().isEmpty(),
                "a process was spared that is not kept");
    }

    /** What runs outside of the JVM ends before anything that it may use is given back. */
    private void released(JobEffect.ReleaseOutside release) {
        require(spec.outside().contains(release.step()), "something is released that is not there");
        require(job.allTasks(TaskStatus::isGone), "released before the last task was gone");
        job.services()
                .forEach((service, status) -> require(
                        release.kept().contains(service) || status.hasEnded(),
                        "released while " + service + " had not ended"));
        spared.put(release.step(), release.kept());
        require(
                release.step() != Step.RELEASE_RESOURCES
                        || !spec.outside().contains(Step.STOP_PROCESSES)
                        || outsideEnded.contains(Step.STOP_PROCESSES),
                "resources were released before processes");
        if (isHang()) {
            outsideEnded.add(release.step());
            return;
        }
        CleanupReport.Line line = new CleanupReport.Line(
                "port",
                "8080",
                release.step().key(),
                random.nextDouble() < trouble ? CleanupReport.Outcome.FAILED : CleanupReport.Outcome.RELEASED,
                "",
                Duration.ZERO);
        outsideEnded.add(release.step());
        inbox.add(new JobCommand.Released(release.entry(), List.of(line)));
        if (random.nextInt(10) == 0) {
            inbox.add(new JobCommand.Released(release.entry(), List.of(line)));
        }
    }

    private void closed(String task) {
        if (!isHang()) {
            inbox.add(new JobCommand.TaskClosed(task, maybeFailure(task)));
        }
    }

    private boolean isTrouble(JobCommand failure) {
        if (random.nextDouble() >= trouble) {
            return false;
        }
        if (random.nextBoolean()) {
            inbox.add(failure);
        }
        return true;
    }

    private boolean isHang() {
        return random.nextDouble() < trouble / 3;
    }

    private Optional<JobFailure> maybeFailure(String name) {
        return random.nextDouble() < trouble ? Optional.of(failure(name)) : Optional.empty();
    }

    private static JobFailure failure(String name) {
        return new JobFailure(
                JobFailure.Origin.OPERATOR, name, 0, OptionalLong.empty(), "apply", Optional.empty(), "thrown");
    }

    private List<String> calls(String service) {
        return serviceCalls.computeIfAbsent(service, key -> new ArrayList<>());
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private void check(Job before) {
        require(!before.isHurried() || job.isHurried(), "a hurry was forgotten");
        require(
                !job.isHurried() || (job.outcome().isPresent() && !job.isDraining()),
                "in a hurry, and yet not ending or still draining");
        require(!before.state().isTerminal() || before.state() == job.state(), "a terminal state was left");
        before.outcome()
                .filter(EnumSet.of(JobState.CANCELLED, JobState.FAILED, JobState.TIMED_OUT)::contains)
                .ifPresent(bad -> require(job.outcome().equals(Optional.of(bad)), "a bad outcome was changed"));
        serviceCalls.forEach((service, calls) -> {
            require(calls.stream().filter("cleanup"::equals).count() <= 1, service + " was cleaned up twice");
            require(
                    !calls.contains("cleanup") || calls.indexOf("stop") <= calls.indexOf("cleanup"),
                    service + " was stopped after its cleanup");
        });
        if (job.state().isTerminal()) {
            checkEnd();
        }
    }

    private void checkEnd() {
        if (job.outcome().isEmpty()) {
            require(job.lines().isEmpty(), "a job that never started reports a clean-up");
            return;
        }
        require(job.outcome().equals(Optional.of(job.state())), "the terminal state is not the outcome");
        require(job.allTasks(TaskStatus::isGone), "a task is left");
        require(job.allServices(ServiceStatus::isSettled), "a service is left");
        require(
                job.state() == JobState.FAILED == job.failure().isPresent(),
                "FAILED and a decisive failure go together");
        job.services().forEach((service, status) -> {
            boolean isKept = status == ServiceStatus.KEPT;
            require(
                    !isKept || (job.state() == JobState.COMPLETED && spec.kept().contains(service)),
                    service + " was kept without a right to");
            require(
                    job.state() != JobState.COMPLETED
                            || status == ServiceStatus.ABANDONED
                            || lostWhileHandedOver.contains(service)
                            || spec.kept().contains(service) == isKept,
                    service + " should have been kept");
        });
        spec.outside()
                .forEach(step -> require(
                        job.lines().stream()
                                .anyMatch(line -> line.step().equals(step.key())
                                        || line.name().equals(step.key())),
                        "nothing is told of " + step));
        spared.forEach((step, services) -> services.forEach(service -> require(
                job.service(service) == ServiceStatus.KEPT || isSkipped(step),
                step + " was never carried out for " + service)));
        boolean abandoned = job.tasks().containsValue(TaskStatus.ABANDONED)
                || job.services().containsValue(ServiceStatus.ABANDONED);
        require(
                !abandoned || job.lines().stream().anyMatch(line -> line.outcome() == CleanupReport.Outcome.FAILED),
                "something was left behind without being named");
        require(
                job.state() != JobState.COMPLETED
                        || job.lines().stream()
                                .filter(line -> line.outcome() == CleanupReport.Outcome.FAILED)
                                .allMatch(line -> line.step().equals("record-outcome")),
                "COMPLETED with a failed clean-up");
    }

    /** After a failure in a phase whose recover is off; what was skipped is named. */
    private boolean isSkipped(Step step) {
        return job.lines().stream().anyMatch(line -> line.name().equals(step.key()));
    }

    private void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule + "\nspec: " + spec + "\nhistory: " + history);
        }
    }
}
