package dev.sage.runtime.core.schedule;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A job, from its submission until nothing is leased to it.
 *
 * @param shares what each of its holders has
 * @param recorded why it waits, as the last decision on it says
 */
record Placement(
        Submission submission,
        Rank rank,
        Shape shape,
        Stage stage,
        Map<String, Share> shares,
        Optional<Wait> recorded) {
    Placement {
        shares = Share.sorted(shares);
    }

    static Placement submitted(Submission submission, Duration ageing, long number) {
        return new Placement(
                submission,
                Rank.of(submission, ageing, number),
                Shape.of(submission),
                Stage.WAITING,
                Map.of(),
                Optional.empty());
    }

    String job() {
        return submission.job();
    }

    String owner() {
        return submission.owner();
    }

    /** Whether it counts as one of those that run. */
    boolean isPlaced() {
        return stage == Stage.ACQUIRING || stage == Stage.RUNNING;
    }

    int gpus() {
        return shares.values().stream().mapToInt(share -> share.gpus().size()).sum();
    }

    Placement on(StageTrigger trigger) {
        Stage next = StageTransitions.TABLE.require(stage, trigger);
        return new Placement(submission, rank, shape, next, shares, Optional.empty());
    }

    Placement with(Map<String, Share> newShares) {
        return new Placement(submission, rank, shape, stage, newShares, recorded);
    }

    Placement waits(Wait newWait) {
        return new Placement(submission, rank, shape, stage, shares, Optional.of(newWait));
    }
}
