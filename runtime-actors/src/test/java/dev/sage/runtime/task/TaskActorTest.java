package dev.sage.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobFailure;
import dev.sage.api.TaskReport;
import dev.sage.runtime.core.task.TaskTransitions;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.dataplane.TaskListener;
import dev.sage.runtime.task.TaskActor.Order;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.PostStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The control shell of a task, step by step and without threads. */
class TaskActorTest {
    private static final JobFailure FAILURE = new JobFailure(
            JobFailure.Origin.OPERATOR, "map", 0, OptionalLong.of(3), "apply", Optional.empty(), "thrown");

    @Test
    void aTaskThatHasEndedWaitsForTheCommitOfItsJob() {
        Scene scene = new Scene();
        scene.tasklet(TaskListener::started);
        scene.tasklet(TaskListener::ended);
        assertThat(scene.control.calls).containsExactly("start");
        scene.order(Order.COMMIT);
        assertThat(scene.control.calls).containsExactly("start", "finish(true)");
        scene.tasklet(listener -> listener.closed(Optional.empty()));
        assertThat(scene.toldOwner()).containsExactly("Spawned", "Started", "Ended", "Closed");
        assertThat(scene.actor.isAlive()).isFalse();
    }

    @Test
    void aTaskThatFailedCannotBeCommitted() {
        Scene scene = new Scene();
        scene.tasklet(TaskListener::started);
        scene.tasklet(listener -> listener.failed(FAILURE));
        scene.order(Order.COMMIT);
        assertThat(scene.control.calls).containsExactly("start");
        scene.order(Order.CANCEL);
        assertThat(scene.control.calls).containsExactly("start", "cancel");
    }

    @Test
    void aCancelThatComesDuringTheCommitIsTooLate() {
        Scene scene = new Scene();
        scene.tasklet(TaskListener::started);
        scene.tasklet(TaskListener::ended);
        scene.order(Order.COMMIT);
        scene.order(Order.CANCEL);
        assertThat(scene.control.calls).containsExactly("start", "finish(true)");
    }

    @Test
    void aFailureAfterTheCancelIsNotReported() {
        Scene scene = new Scene();
        scene.order(Order.CANCEL);
        scene.tasklet(listener -> listener.failed(FAILURE));
        assertThat(scene.toldOwner()).containsExactly("Spawned");
    }

    @Test
    void aTaskWhoseActorDiesIsCancelledAndItsEndIsToldNevertheless() {
        Scene scene = new Scene();
        scene.tasklet(TaskListener::started);
        scene.actor.signal(PostStop.instance());
        assertThat(scene.control.calls).containsExactly("start", "cancel");
        scene.tasklet(listener -> listener.closed(Optional.empty()));
        assertThat(scene.toldOwner()).containsExactly("Spawned", "Started", "ActorDied", "Closed");
    }

    @Test
    void theEndOfATaskletThatTheActorDidNotHearAnyMoreIsTold() {
        Scene scene = new Scene();
        TaskListener listener = scene.control.listener;
        assertThat(listener).isNotNull();
        listener.closed(Optional.empty());
        scene.actor.signal(PostStop.instance());
        assertThat(scene.toldOwner()).containsExactly("Spawned", "ActorDied", "Closed");
    }

    @Test
    void everyTransitionOfTheTableIsVisited() {
        Set<String> visited = new LinkedHashSet<>();
        Consumer<TaskListener> opened = TaskListener::started;
        Consumer<TaskListener> ended = TaskListener::ended;
        Consumer<TaskListener> failed = listener -> listener.failed(FAILURE);
        Consumer<TaskListener> closed = listener -> listener.closed(Optional.empty());
        for (List<Object> script : List.<List<Object>>of(
                List.of(opened, ended, Order.COMMIT, closed),
                List.of(opened, ended, Order.COMMIT, Order.ABANDON),
                List.of(opened, ended, Order.CANCEL, closed),
                List.of(opened, failed, Order.CANCEL, Order.ABANDON),
                List.of(opened, Order.CANCEL),
                List.of(failed),
                List.of(Order.CANCEL))) {
            Scene scene = new Scene();
            for (Object step : script) {
                scene.play(step);
            }
            visited.addAll(scene.transitions());
        }
        assertThat(visited)
                .containsExactlyInAnyOrderElementsOf(TaskTransitions.TABLE.all().stream()
                        .map(transition -> transition.from() + " → " + transition.to())
                        .collect(Collectors.toSet()));
    }

    /** A Task actor with a scripted tasklet. */
    private static final class Scene {
        final ScriptedTasklet control = new ScriptedTasklet();
        final TestInbox<TaskActor.Event> owner = TestInbox.create();
        final BehaviorTestKit<TaskActor.Command> actor =
                BehaviorTestKit.create(TaskActor.create(control, owner.getRef()));

        void order(Order order) {
            actor.run(order);
        }

        void tasklet(Consumer<TaskListener> news) {
            TaskListener listener = control.listener;
            assertThat(listener).isNotNull();
            news.accept(listener);
            actor.selfInbox().getAllReceived().forEach(actor::run);
        }

        @SuppressWarnings("unchecked")
        void play(Object step) {
            if (step instanceof Order order) {
                order(order);
            } else {
                tasklet((Consumer<TaskListener>) step);
            }
        }

        List<String> toldOwner() {
            return owner.getAllReceived().stream()
                    .map(event -> event.getClass().getSimpleName())
                    .toList();
        }

        List<String> transitions() {
            return actor.getAllLogEntries().stream()
                    .map(entry -> entry.message().replaceAll("^Task [^:]*: (.*?),.*$", "$1"))
                    .toList();
        }
    }

    private static final class ScriptedTasklet implements TaskControl {
        final List<String> calls = new ArrayList<>();

        @Nullable
        TaskListener listener;

        @Override
        public String name() {
            return "map/0";
        }

        @Override
        public boolean isSource() {
            return false;
        }

        @Override
        public void start(TaskListener taskListener) {
            listener = taskListener;
            calls.add("start");
        }

        @Override
        public void pause() {
            calls.add("pause");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }

        @Override
        public void stopSource() {
            calls.add("stopSource");
        }

        @Override
        public void finish(boolean commit) {
            calls.add("finish(" + commit + ")");
        }

        @Override
        public void cancel() {
            calls.add("cancel");
        }

        @Override
        public void interrupt() {
            calls.add("interrupt");
        }

        @Override
        public void abandon() {
            calls.add("abandon");
        }

        @Override
        public TaskReport report() {
            return new TaskReport("map", 0, List.of("map"), 0, 0, 0, 0);
        }
    }
}
