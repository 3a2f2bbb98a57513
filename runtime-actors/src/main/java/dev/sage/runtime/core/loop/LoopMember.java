package dev.sage.runtime.core.loop;

/**
 * One task of a loop, as far as the end of the loop is concerned. Probes go round the loop in rounds: each instance of
 * the head sends one when its input from outside has ended, every other task sends it on when it has come through each of
 * its inputs from within the loop, and the next one leaves an instance of the head when the last has come back from every
 * end of the loop. A round in which no task took a record ends the loop.
 *
 * <p>That is exact because three rules hold. A probe never overtakes a record: it leaves a task behind everything that
 * the task has emitted, and only when the task holds no record, in a call or amid its output. It leaves no task whose
 * input from outside is open. And every instance of the head hears of every task, because each end of the loop sends its
 * probe to all of them; so all instances see the same round end the loop. Then no record was taken between the last two
 * probes; what was emitted before the last but one was taken before it, by the first rule; so none is left.
 */
public final class LoopMember {
    /** What has come of one round. */
    private static final class Round {
        private int arrived;
        private boolean busy;
    }

    private final boolean head;
    private final int loopInputs;
    private int openInputs;

    private Round awaited = new Round();
    /** Some instances of the head can be a round ahead, never more: that one needs this instance's probe. */
    private Round following = new Round();

    /** Of the last probe that was sent. */
    private long sent;
    /** Whether this task took a record since then. */
    private boolean tookRecord;
    /** Whether the probe that is due has met a task that took one. */
    private boolean metBusy;

    private boolean due;
    private boolean ended;

    private LoopMember(boolean head, int loopInputs, int outsideInputs) {
        this.head = head;
        this.loopInputs = loopInputs;
        this.openInputs = loopInputs + outsideInputs;
        this.due = head;
    }

    /**
     * An instance of the head.
     *
     * @param loopInputs channels through which records come round again
     * @param outsideInputs all other channels
     */
    public static LoopMember head(int loopInputs, int outsideInputs) {
        return new LoopMember(true, loopInputs, outsideInputs);
    }

    /** Any other task of a loop. */
    public static LoopMember body(int loopInputs, int outsideInputs) {
        return new LoopMember(false, loopInputs, outsideInputs);
    }

    /** A task that is in no loop. */
    public static LoopMember none() {
        return new LoopMember(false, 0, 0);
    }

    /** Records came, from wherever. */
    public void tookRecords() {
        tookRecord = true;
    }

    /** The end marker of a channel came. */
    public void inputEnded() {
        openInputs--;
    }

    /** A probe came through one of the channels of the loop. */
    public void probeArrived(LoopProbe probe) {
        Round round = roundOf(probe);
        round.arrived++;
        round.busy |= probe.busy();
        if (awaited.arrived == loopInputs) {
            ended = head && !awaited.busy;
            due = !ended;
            metBusy = awaited.busy && !head;
            awaited = following;
            following = new Round();
        }
    }

    private Round roundOf(LoopProbe probe) {
        long number = head && !due ? sent : sent + 1;
        if (probe.round() == number) {
            return awaited;
        }
        if (head && probe.round() == number + 1) {
            return following;
        }
        throw new IllegalStateException("A probe of round " + probe.round() + " came while one of round " + number
                + " was awaited. A channel between two tasks of the loop has lost or doubled one.");
    }

    /**
     * Whether the next probe is to be sent now.
     *
     * @param holdsRecords whether the task has not emitted yet all that follows from what it took
     */
    public boolean isDue(boolean holdsRecords) {
        return due && !holdsRecords && openInputs == loopInputs;
    }

    /** The probe to send, once and through all channels to tasks of the loop, behind everything sent before. */
    public LoopProbe send() {
        sent++;
        LoopProbe probe = new LoopProbe(sent, metBusy || tookRecord);
        due = false;
        tookRecord = false;
        return probe;
    }

    /** Whether this instance of the head knows that no record is in the loop and none can come. */
    public boolean hasEnded() {
        return ended;
    }
}
