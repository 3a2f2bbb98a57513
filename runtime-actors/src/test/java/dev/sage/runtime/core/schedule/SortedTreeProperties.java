package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Against the map of the JDK. */
class SortedTreeProperties {

    @Property(tries = 500)
    void holdsWhatTheMapHoldsAndEarlierOnesNeverChange(@ForAll long seed) {
        Random random = new Random(seed);
        SortedTree<Integer, Integer> tree = SortedTree.empty();
        TreeMap<Integer, Integer> map = new TreeMap<>();
        List<SortedTree<Integer, Integer>> trees = new ArrayList<>();
        List<TreeMap<Integer, Integer>> maps = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int key = random.nextInt(30);
            if (random.nextInt(3) == 0) {
                tree = tree.remove(key);
                map.remove(key);
            } else {
                tree = tree.put(key, i);
                map.put(key, i);
            }
            trees.add(tree);
            maps.add(new TreeMap<>(map));
        }
        for (int i = 0; i < trees.size(); i++) {
            assertSame(trees.get(i), maps.get(i));
        }
    }

    private static void assertSame(SortedTree<Integer, Integer> tree, NavigableMap<Integer, Integer> map) {
        assertThat(tree.size()).isEqualTo(map.size());
        assertThat(tree.isEmpty()).isEqualTo(map.isEmpty());
        assertThat(tree.keys()).containsExactlyElementsOf(map.keySet());
        assertThat(tree.values()).containsExactlyElementsOf(map.values());
        assertThat(tree.firstKey()).isEqualTo(map.isEmpty() ? null : map.firstKey());
        for (int key = -1; key <= 30; key++) {
            assertThat(tree.get(key)).isEqualTo(map.get(key));
            assertThat(tree.contains(key)).isEqualTo(map.containsKey(key));
            assertThat(tree.higherKey(key)).isEqualTo(map.higherKey(key));
        }
    }

    @Example
    void keysThatComeInOrderMakeNoDeepTree() {
        SortedTree<Long, Boolean> tree = SortedTree.empty();
        // A list of that depth would overflow the stack.
        for (long key = 0; key < 200_000; key++) {
            tree = tree.put(key, true);
        }
        assertThat(tree.keys()).hasSize(200_000).isSorted();
    }
}
