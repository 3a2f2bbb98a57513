package dev.sage.runtime.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/**
 * A loop of tasks without threads. Which task does what next is drawn by lot; a step is to take an element from one
 * channel, to return a call, or to send what is due. A record is the number of times that it may still go on.
 */
final class LoopSimulation {
    private static final int MAX_RECORDS = 2_000;
    private static final String END = "end";

    /** What goes into a channel comes out in the same order. */
    private record Channel(Queue<Object> elements, boolean inLoop) {}

    private final class Task {
        final boolean head;
        final boolean async;
        final List<Channel> inputs = new ArrayList<>();
        /** One group for each task downstream, of which a record goes to one member. */
        final List<List<Channel>> outputs = new ArrayList<>();

        final List<Integer> calls = new ArrayList<>();
        LoopMember member = LoopMember.none();

        Task(boolean head) {
            this.head = head;
            this.async = !head && random.nextInt(3) == 0;
        }

        /** One step; false when there is nothing that it could do. */
        boolean step() {
            if (member.hasEnded()) {
                return false;
            }
            List<Channel> ready =
                    inputs.stream().filter(input -> !input.elements().isEmpty()).toList();
            boolean returns = !calls.isEmpty() && (ready.isEmpty() || random.nextBoolean());
            if (returns) {
                emit(calls.remove(random.nextInt(calls.size())));
            } else if (!ready.isEmpty() && !(member.isDue(!calls.isEmpty()) && random.nextInt(4) == 0)) {
                take(ready.get(random.nextInt(ready.size())).elements().remove());
            } else if (member.isDue(!calls.isEmpty())) {
                LoopProbe probe = member.send();
                rounds = Math.max(rounds, probe.round());
                outputs.forEach(
                        group -> group.forEach(output -> output.elements().add(probe)));
            } else {
                return false;
            }
            checkEnd();
            return true;
        }

        private void take(Object element) {
            if (element instanceof LoopProbe probe) {
                member.probeArrived(probe);
            } else if (element.equals(END)) {
                member.inputEnded();
            } else {
                member.tookRecords();
                if (async) {
                    calls.add((Integer) element);
                } else {
                    emit((Integer) element);
                }
            }
        }

        /** The same lot for each task: to drop the record, to pass it on, to multiply it. */
        private void emit(int left) {
            int copies = left == 0 ? 0 : random.nextInt(10) < 7 ? 1 : random.nextInt(4);
            for (int i = 0; i < copies && made < MAX_RECORDS; i++) {
                made++;
                for (List<Channel> group : outputs) {
                    group.get(random.nextInt(group.size())).elements().add(left - 1);
                }
            }
        }

        private void checkEnd() {
            if (member.hasEnded()) {
                assertThat(tasks).as("a loop that ends").allSatisfy(task -> {
                    assertThat(task.calls).isEmpty();
                    assertThat(task.inputs)
                            .allSatisfy(input ->
                                    assertThat(input.elements()).allMatch(element -> element instanceof LoopProbe));
                });
            }
        }
    }

    private final Random random;
    private final List<Task> tasks = new ArrayList<>();
    private final int maxFromEach;
    private int made;
    private long rounds;

    private LoopSimulation(Random random) {
        this.random = random;
        this.maxFromEach = random.nextInt(7);
    }

    /** Runs a random loop until nothing can happen any more, which must be its end; how many rounds that took. */
    static long run(Random random) {
        LoopSimulation simulation = new LoopSimulation(random);
        simulation.build();
        simulation.run();
        return simulation.rounds;
    }

    /** A head, one to three layers that are all read by the next one, of which some also feed the last directly. */
    private void build() {
        List<Task> heads = layer(true);
        List<List<Task>> layers = new ArrayList<>(List.of(heads));
        int bodies = random.nextInt(4);
        for (int i = 0; i < bodies; i++) {
            List<Task> layer = layer(false);
            connect(layers.get(i), layer, random.nextBoolean());
            layers.add(layer);
        }
        List<Task> last = layers.get(bodies);
        for (int i = 0; i < bodies - 1; i++) {
            if (random.nextInt(3) == 0) {
                connect(layers.get(i), last, random.nextBoolean());
            }
        }
        connect(last, heads, false);
        layers.forEach(layer -> layer.forEach(this::feedFromOutside));
        tasks.forEach(this::join);
    }

    private List<Task> layer(boolean head) {
        List<Task> layer = new ArrayList<>();
        int parallelism = 1 + random.nextInt(4);
        for (int i = 0; i < parallelism; i++) {
            layer.add(new Task(head));
        }
        tasks.addAll(layer);
        return layer;
    }

    private static void connect(List<Task> from, List<Task> into, boolean forward) {
        for (int i = 0; i < from.size(); i++) {
            List<Channel> group = new ArrayList<>();
            for (int j = 0; j < into.size(); j++) {
                if (!forward || from.size() != into.size() || i == j) {
                    Channel channel = new Channel(new ArrayDeque<>(), true);
                    group.add(channel);
                    into.get(j).inputs.add(channel);
                }
            }
            from.get(i).outputs.add(group);
        }
    }

    private void feedFromOutside(Task task) {
        int channels = task.head ? 1 + random.nextInt(2) : random.nextInt(5) == 0 ? 1 : 0;
        for (int i = 0; i < channels; i++) {
            Queue<Object> elements = new ArrayDeque<>();
            int records = random.nextInt(maxFromEach + 1);
            for (int n = 0; n < records; n++) {
                elements.add(random.nextInt(20));
            }
            elements.add(END);
            task.inputs.add(new Channel(elements, false));
        }
    }

    private void join(Task task) {
        int loopInputs = (int) task.inputs.stream().filter(Channel::inLoop).count();
        int outsideInputs = task.inputs.size() - loopInputs;
        task.member =
                task.head ? LoopMember.head(loopInputs, outsideInputs) : LoopMember.body(loopInputs, outsideInputs);
    }

    private void run() {
        List<Task> able = new ArrayList<>(tasks);
        while (!able.isEmpty()) {
            Task task = able.get(random.nextInt(able.size()));
            if (task.step()) {
                able = new ArrayList<>(tasks);
            } else {
                able.remove(task);
            }
        }
        assertThat(tasks)
                .as("when nothing can happen any more, every instance of the head has ended")
                .allMatch(task -> !task.head || task.member.hasEnded());
    }
}
