package dev.sage.testkit;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.Behavior;

/**
 * What can go wrong inside a runtime, at the test's command: actors that die, messages that are lost, code that hangs.
 * A {@link SageTest} that asks for a parameter of this type gets the one of its environment.
 *
 * <pre>{@code
 * @SageTest
 * @ExpectedLog("Kill")
 * void theIndexIsCleanedUpWhenATaskDies(LocalEnvironment env, Faults faults, LifecycleProbe probe) throws Exception {
 *     …
 *     JobHandle job = env.submit();
 *     faults.crashTask(job, "score", 0);
 *     assertThatThrownBy(job::awaitClean).isInstanceOf(JobFailedException.class);
 *     assertThat(probe.life("index")).wasCleanedUpOnce();
 * }
 * }</pre>
 *
 * <p>The runtime logs the death of an actor as an error with the text {@code Kill}. All methods may be called from any
 * thread; they wait until the actor is dead, not for what follows from it.
 */
public final class Faults {
    private final ActorRegistry actors = new ActorRegistry();
    private final List<DroppedMessages> drops = new CopyOnWriteArrayList<>();
    private final List<Gate> gates = new CopyOnWriteArrayList<>();

    private Faults() {}

    /** Faults for a test without {@link SageTest}, whose environments come from {@link #environment}. */
    public static Faults create() {
        return new Faults();
    }

    /**
     * An environment that these faults can reach. Call {@link #end} before it is closed.
     *
     * @param settings as those of {@link LocalEnvironment#create(String, Map)}
     */
    public LocalEnvironment environment(String name, Map<String, ?> settings) {
        return TestNode.of(this).environment(name, settings);
    }

    /**
     * Kills the Task actor of the task that runs this operator. Blocks until the task has been spawned.
     *
     * @param instance the parallel instance, from 0
     * @throws AssertionError when the job has spawned no such task within 30 s
     */
    public void crashTask(JobHandle job, String operator, int instance) {
        actors.awaitTask(job, operator, instance).kill();
    }

    /**
     * Kills the Service actor of this service. Blocks until it has been spawned.
     *
     * @throws AssertionError when the job has spawned no such service within 30 s
     */
    public void crashService(JobHandle job, String service) {
        actors.awaitService(job, service).kill();
    }

    /**
     * Kills the Dispatcher, the actor that owns the job. Blocks until it has been spawned.
     *
     * @throws AssertionError when the job has no Dispatcher within 30 s, as one that has ended
     */
    public void crashDispatcher(JobHandle job) {
        actors.awaitDispatcher(job).kill();
    }

    /**
     * Kills the Service actor of this shared service. Blocks until it has been spawned, by the first call of the service.
     *
     * @throws AssertionError when it has not been spawned within 30 s
     */
    public void crashSharedService(String service) {
        actors.awaitSharedService(service).kill();
    }

    /**
     * Kills the JobManager, the actor that owns all jobs and kept services of an environment: of the one that was made
     * last, where these faults can reach several. The environment is of no use any more, but to be closed.
     */
    public void crashJobManager() {
        actors.awaitJobManager().kill();
    }

    /** From now on messages of this kind do not arrive, for all jobs, until what is answered is closed or the test ends. */
    public DroppedMessages dropMessages(MessageKind kind) {
        DroppedMessages drop = new DroppedMessages(kind);
        drops.add(drop);
        return drop;
    }

    /**
     * A gate at which a function or a service hangs: have it call {@link Gate#pass}. It is opened at the end of the test,
     * so that no thread stays behind. To make a service of a probe hang see {@link LifecycleProbe#hold}.
     *
     * @param place for messages, for example {@code "record 7 of score"}
     */
    public Gate hang(String place, Interrupts interrupts) {
        Gate gate = Gate.closed(place, interrupts);
        gates.add(gate);
        return gate;
    }

    /** Opens the gates and lets all messages through; what has died stays dead. */
    public void end() {
        drops.forEach(DroppedMessages::close);
        gates.forEach(Gate::open);
    }

    <M> Behavior<M> around(String actor, Class<M> messages, Behavior<M> behavior) {
        return FaultyActor.around(actor, messages, behavior, actors, this::drops);
    }

    private boolean drops(Object message) {
        return drops.stream().anyMatch(drop -> drop.takes(message));
    }
}
