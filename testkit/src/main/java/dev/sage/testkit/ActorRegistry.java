package dev.sage.testkit;

import dev.sage.api.JobHandle;
import dev.sage.api.TaskReport;
import dev.sage.runtime.node.NodeAgent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The live actors that run jobs, by their names: for most kind, job, attempt, member. */
final class ActorRegistry {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(2);

    /** An actor that can be killed. */
    record Victim(ActorRef<?> ref) {
        /** As an exception in one of its handlers would do it. Returns when it is dead, so that what follows comes after. */
        void kill() {
            Patterns.gracefulStop(Adapter.toClassic(ref), PATIENCE, Kill.getInstance())
                    .toCompletableFuture()
                    .join();
        }
    }

    private final Map<String, ActorRef<?>> live = new ConcurrentHashMap<>();

    void spawned(String name, ActorRef<?> ref) {
        live.put(name, ref);
    }

    void ended(String name) {
        live.remove(name);
    }

    Victim awaitDispatcher(JobHandle job) {
        return await("Dispatcher of job " + job.id(), () -> find(Pattern.quote("dispatcher_" + job.id())));
    }

    Victim awaitService(JobHandle job, String service) {
        return await("Service actor '" + service + "' of job " + job.id(), () -> find(member("service", job, service)));
    }

    Victim awaitSharedService(String service) {
        return await(
                "Service actor of the shared service '" + service + "'",
                () -> find(Pattern.quote("service_" + NodeAgent.NO_JOB + "_" + NodeAgent.actorName(service))));
    }

    Victim awaitJobManager() {
        return await("JobManager", () -> find(Pattern.quote(NodeAgent.JOB_MANAGER)));
    }

    /** An operator may share its task with others; the task is named after the first of them. */
    Victim awaitTask(JobHandle job, String operator, int instance) {
        return await(
                "Task actor of operator '" + operator + "', instance " + instance + ", of job " + job.id(),
                () -> job.progress().tasks().stream()
                        .filter(task -> task.operators().contains(operator) && task.instance() == instance)
                        .map(TaskReport::name)
                        .findFirst()
                        .flatMap(task -> find(member("task", job, task + "/" + instance))));
    }

    private static String member(String kind, JobHandle job, String member) {
        return kind + "_" + job.id() + "_\\d+_" + Pattern.quote(NodeAgent.actorName(member));
    }

    private Optional<Victim> find(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return live.entrySet().stream()
                .filter(actor -> pattern.matcher(actor.getKey()).matches())
                .findFirst()
                .map(actor -> new Victim(actor.getValue()));
    }

    private Victim await(String what, Supplier<Optional<Victim>> search) {
        try {
            return Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL_INTERVAL)
                    .atMost(PATIENCE)
                    .until(search::get, Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "There was no " + what + " within " + PATIENCE + ". Live are " + live.keySet()
                            + ". Maybe the environment is not the one of this test's Faults.",
                    e);
        }
    }
}
