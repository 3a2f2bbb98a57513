package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A pool under operations in any order, against a few plain sets. */
class PoolProperties {
    private static final List<Integer> IDS = IntStream.range(0, 8).boxed().toList();

    private final Map<Integer, Lessee> leased = new HashMap<>();
    private final Set<Integer> quarantined = new HashSet<>();
    private final Set<Integer> draining = new HashSet<>();

    @Property(tries = 1_000)
    void nothingHasTwoLesseesAndNothingIsLost(@ForAll long seed, @ForAll boolean grouped) {
        leased.clear();
        quarantined.clear();
        draining.clear();
        Random random = new Random(seed);
        Pool pool = grouped ? Pool.gpus(IDS, List.of(List.of(0, 1, 2), List.of(4, 5, 6, 7))) : Pool.ports(IDS);
        for (int i = 0; i < 80; i++) {
            pool = step(random, pool);
            assertAgrees(pool);
        }
    }

    private Pool step(Random random, Pool pool) {
        int id = random.nextInt(IDS.size());
        Lessee lessee = new Lessee("job-" + random.nextInt(3), "h" + random.nextInt(2));
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                List<Integer> picked = pool.pick(random.nextInt(pool.available() + 1));
                assertThat(picked)
                        .doesNotHaveDuplicates()
                        .allSatisfy(one -> assertThat(leased).doesNotContainKey(one))
                        .doesNotContainAnyElementsOf(union());
                picked.forEach(one -> leased.put(one, lessee));
                return pool.lease(lessee, picked);
            }
            case 2 -> {
                leased.remove(id, lessee);
                return pool.release(lessee, List.of(id));
            }
            case 3 -> {
                if (leased.remove(id, lessee)) {
                    quarantined.add(id);
                }
                return pool.quarantine(lessee, id, "busy");
            }
            case 4 -> {
                quarantined.remove(id);
                return pool.readmit(id);
            }
            default -> {
                boolean drain = random.nextBoolean();
                if (drain) {
                    draining.add(id);
                } else {
                    draining.remove(id);
                }
                return pool.drain(id, drain);
            }
        }
    }

    /** {@code doesNotContainAnyElementsOf} wants one element at least; 99 is no id. */
    private Set<Integer> union() {
        Set<Integer> union = new HashSet<>(quarantined);
        union.addAll(draining);
        union.add(99);
        return union;
    }

    private void assertAgrees(Pool pool) {
        assertThat(pool.numbers()).isEqualTo(IDS);
        assertThat(pool.leased()).isEqualTo(leased.size());
        assertThat(pool.quarantined()).isEqualTo(quarantined.size());
        assertThat(pool.free() + pool.leased() + pool.quarantined()).isEqualTo(IDS.size());
        long closed = draining.stream()
                .filter(id -> !leased.containsKey(id) && !quarantined.contains(id))
                .count();
        assertThat(pool.available()).isEqualTo(pool.free() - (int) closed);
        leased.forEach((id, lessee) -> assertThat(pool.isLeasedTo(lessee, id)).isTrue());
    }
}
