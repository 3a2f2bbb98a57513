package dev.sage.runtime.core.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The last decisions. Immutable. */
record DecisionLog(int kept, long last, SortedTree<Long, Decision> decisions) {

    static DecisionLog keeping(int kept) {
        return new DecisionLog(kept, 0, SortedTree.empty());
    }

    /** Those after this number that are kept. */
    List<Decision> since(long number) {
        List<Decision> newer = new ArrayList<>();
        Long next = decisions.higherKey(number);
        while (next != null) {
            newer.add(Objects.requireNonNull(decisions.get(next)));
            next = decisions.higherKey(next);
        }
        return newer;
    }

    DecisionLog plus(
            long atNs, String job, Decision.Outcome outcome, String reason, List<Decision.Candidate> candidates) {
        long number = last + 1;
        return new DecisionLog(
                kept,
                number,
                decisions
                        .put(number, new Decision(number, atNs, job, outcome, reason, candidates))
                        .remove(number - kept));
    }
}
