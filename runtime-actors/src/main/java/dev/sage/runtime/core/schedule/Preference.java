package dev.sage.runtime.core.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of those that are free are given first. */
sealed interface Preference {
    /**
     * Chooses {@code count} of them.
     *
     * @param open those that can be given, at least {@code count}
     * @param last the one given last, or one before all
     */
    List<Integer> pick(SortedTree<Integer, Boolean> open, int count, int last);

    /**
     * Those that belong together: all from the group that is left with the fewest, else from as few groups as possible.
     * What is in no group is a group by itself.
     */
    record Together(List<List<Integer>> groups) implements Preference {
        public Together {
            groups = groups.stream().map(List::copyOf).toList();
            Set<Integer> seen = new HashSet<>();
            for (List<Integer> group : groups) {
                for (int id : group) {
                    if (!seen.add(id)) {
                        throw new IllegalArgumentException("GPU " + id + " is twice in the groups " + groups
                                + ". Name each id once, in one group.");
                    }
                }
            }
        }

        @Override
        public List<Integer> pick(SortedTree<Integer, Boolean> open, int count, int last) {
            List<List<Integer>> left = openGroups(open);
            List<Integer> picked = new ArrayList<>(count);
            while (picked.size() < count) {
                int missing = count - picked.size();
                List<Integer> next = left.stream()
                        .filter(group -> group.size() >= missing)
                        .min(Comparator.comparingInt(List::size))
                        .orElseGet(() -> left.stream()
                                .min(Comparator.comparingInt(group -> -group.size()))
                                .orElseThrow());
                picked.addAll(next.subList(0, Math.min(missing, next.size())));
                left.remove(next);
            }
            return picked;
        }

        private List<List<Integer>> openGroups(SortedTree<Integer, Boolean> open) {
            List<List<Integer>> result = new ArrayList<>();
            Set<Integer> grouped = new HashSet<>();
            for (List<Integer> group : groups) {
                grouped.addAll(group);
                List<Integer> members = group.stream().filter(open::contains).toList();
                if (!members.isEmpty()) {
                    result.add(members);
                }
            }
            open.forEach((id, free) -> {
                if (!grouped.contains(id)) {
                    result.add(List.of(id));
                }
            });
            return result;
        }
    }

    /** Round and round, so that one that was freed rests for as long as possible. */
    record GoRound() implements Preference {
        @Override
        public List<Integer> pick(SortedTree<Integer, Boolean> open, int count, int last) {
            List<Integer> picked = new ArrayList<>(count);
            int before = last;
            while (picked.size() < count) {
                Integer next = open.higherKey(before);
                if (next == null) {
                    next = open.firstKey();
                }
                if (next == null) {
                    throw new IllegalArgumentException(
                            count + " are asked for, and " + picked.size() + " can be given.");
                }
                picked.add(next);
                before = next;
            }
            return picked;
        }
    }
}
