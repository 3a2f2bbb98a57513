package dev.sage.runtime.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.LedgerState;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.ledger.SweepRule;
import dev.sage.runtime.core.ledger.World;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * An owner that does what owners do, in a world that is only a map, and is killed at any byte of its log. The sweep sees the
 * cut log and the world, in which others live as well, some with numbers that the owner's processes had.
 */
class LedgerRecoveryProperties {
    private static final LedgerOwner OWNER = new LedgerOwner("abc", "here", "boot-1", 10, 20);

    @Property(tries = 1_000)
    void everyPrefixRecoversToAStateFromWhichTheSweepFreesAll(
            @ForAll long seed, @ForAll @IntRange(max = 60) int steps, @ForAll int anywhere) {
        int whole = Life.of(seed, steps, Integer.MAX_VALUE).log.size();
        Life life = Life.of(seed, steps, Math.floorMod(anywhere, whole + 1));
        Map<Long, World.Live> others = life.strangers();

        LedgerState left = sweep(life);

        assertThat(left.entries()).isEmpty();
        assertThat(life.processes).isEqualTo(others);
        assertThat(life.gpus).isEmpty();
    }

    @Property(tries = 300)
    void onAnotherMachineNothingIsTouched(@ForAll long seed, @ForAll @IntRange(max = 60) int steps) {
        Life life = Life.of(seed, steps, Integer.MAX_VALUE);
        life.host = "there";
        Map<Long, World.Live> before = Map.copyOf(life.processes);
        Set<Integer> gpusBefore = Set.copyOf(life.gpus);
        LedgerState left = sweep(life);
        assertThat(life.processes).isEqualTo(before);
        assertThat(life.gpus).isEqualTo(gpusBefore);
        assertThat(left.entries())
                .containsExactlyElementsOf(
                        LedgerLines.read(life.log.toByteArray()).state().entries());
    }

    /** In the order of a sweep: trees, then what they may use. */
    private static LedgerState sweep(Life life) {
        LedgerLines.Content content = LedgerLines.read(life.log.toByteArray());
        assertThat(content.trouble()).isEmpty();
        LedgerState state = content.state();
        for (LedgerEntry entry : content.state().entries()) {
            if (entry.resource() instanceof Resource.ProcessTree tree) {
                SweepRule.Verdict verdict = SweepRule.verdict(state, entry, life.world());
                if (verdict instanceof SweepRule.End end) {
                    life.processes.values().removeIf(process -> process.marks().contains(end.mark()));
                }
                if (!(verdict instanceof SweepRule.Leave)
                        && SweepRule.remains(state, tree, life.world()).isEmpty()) {
                    state = state.evolve(new LedgerEvent.Struck(entry.number()));
                }
            }
        }
        for (LedgerEntry entry : content.state().entries()) {
            if (entry.resource() instanceof Resource.Gpu gpu
                    && SweepRule.verdict(state, entry, life.world()) instanceof SweepRule.Free) {
                life.gpus.remove(gpu.id());
                state = state.evolve(new LedgerEvent.Struck(entry.number()));
            }
        }
        return state;
    }

    /** Does nothing any more from the moment when a byte of its log could not be written. */
    private static final class Life {
        private final ByteArrayOutputStream log = new ByteArrayOutputStream();
        private final Map<Long, World.Live> processes = new TreeMap<>();
        private final Set<Integer> gpus = new HashSet<>();
        private final List<LedgerEntry> held = new ArrayList<>();
        private final Random random;
        private final int maxBytes;
        private String host = "here";
        private long nextNumber = 1;
        private long nextPid = 100;
        private boolean dead;

        private Life(long seed, int maxBytes) {
            this.random = new Random(seed);
            this.maxBytes = maxBytes;
        }

        static Life of(long seed, int steps, int maxBytes) {
            Life life = new Life(seed, maxBytes);
            life.write(new LedgerEvent.Opened(OWNER));
            for (int i = 0; i < steps && !life.dead; i++) {
                life.step();
            }
            return life;
        }

        World world() {
            return new World(host, "boot-1", List.copyOf(processes.values()));
        }

        Map<Long, World.Live> strangers() {
            Map<Long, World.Live> strangers = new TreeMap<>(processes);
            strangers.values().removeIf(process -> process.marks().stream().anyMatch(mark -> mark.startsWith("abc/")));
            return strangers;
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0 -> takeGpu();
                case 1, 2 -> spawn();
                case 3, 4 -> release();
                default -> stranger();
            }
        }

        private void takeGpu() {
            int id = random.nextInt(4);
            if (!gpus.contains(id)) {
                LedgerEntry entry = add(new Resource.Gpu(id));
                if (!dead) {
                    gpus.add(id);
                    held.add(entry);
                }
            }
        }

        private void spawn() {
            LedgerEntry entry = add(new Resource.ProcessTree("abc/job/1/p" + nextNumber, Optional.empty()));
            String mark = ((Resource.ProcessTree) entry.resource()).mark();
            long first = nextPid;
            for (int i = random.nextInt(3); i >= 0 && !dead; i--) {
                process(nextPid++, Set.of("outer/x/1/y", mark));
            }
            if (!dead) {
                held.add(entry);
                write(new LedgerEvent.Spawned(entry.number(), first, ticks(first)));
            }
        }

        private void release() {
            if (held.isEmpty()) {
                return;
            }
            LedgerEntry entry = held.remove(random.nextInt(held.size()));
            if (entry.resource() instanceof Resource.ProcessTree tree) {
                processes.values().removeIf(process -> process.marks().contains(tree.mark()));
            } else if (entry.resource() instanceof Resource.Gpu gpu) {
                gpus.remove(gpu.id());
            }
            write(new LedgerEvent.Struck(entry.number()));
        }

        /** Often under the number of a process of the owner that is gone. */
        private void stranger() {
            long pid = 100L + random.nextInt(40);
            if (!processes.containsKey(pid)) {
                processes.put(pid, new World.Live(pid, ticks(pid) + 1, Set.of("abcd/job/1/p1", "x/abc/job/1/p1")));
                nextPid = Math.max(nextPid, pid + 1);
            }
        }

        private void process(long pid, Set<String> marks) {
            processes.put(pid, new World.Live(pid, ticks(pid), marks));
        }

        private static long ticks(long pid) {
            return 10_000 + pid;
        }

        private LedgerEntry add(Resource resource) {
            LedgerEntry entry = new LedgerEntry(nextNumber++, "job", 1, "holder", resource);
            write(new LedgerEvent.Added(entry));
            return entry;
        }

        private void write(LedgerEvent event) {
            byte[] line = LedgerLines.write(event);
            int room = Math.min(line.length, maxBytes - log.size());
            log.writeBytes(Arrays.copyOf(line, room));
            dead = dead || room < line.length;
        }
    }
}
