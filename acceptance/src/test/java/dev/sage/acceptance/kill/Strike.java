package dev.sage.acceptance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The killing of a round, and what the program must do then. */
final class Strike {
    private static final int FAILED = 1;
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;
    /** One that died younger than in a second is not started again; by more, as both clocks are coarse. */
    private static final Duration GUARDIAN_IS_YOUNG = Duration.ofMillis(1_500);
    /** For as long the program is seen to go on. */
    private static final int GOES_ON_MS = 300;

    private final Round round;
    private final Child program;
    private boolean leftToTheSweep;

    Strike(Round round, Child program) {
        this.round = round;
        this.program = program;
    }

    /** Afterwards the program has ended. */
    void run() throws IOException, InterruptedException {
        int exit = round.moment() == Moment.ENDING ? whileItEnds() : whileItRuns();
        assertThat(program.awaitExit()).as(program::toString).isEqualTo(exit);
    }

    /** Whether nobody was left who could have ended the program's processes. */
    boolean leftToTheSweep() {
        return leftToTheSweep;
    }

    private int whileItRuns() throws IOException, InterruptedException {
        List<Marked> victims = victims();
        switch (round.victim()) {
            case JVM -> program.kill();
            case JVM_AND_GUARDIAN -> killWithGuardian();
            case SERVER, COMMAND -> {
                victims.forEach(Marked::kill);
                if (!victims.isEmpty()) {
                    return FAILED;
                }
                assertThat(round.moment()).isEqualTo(Moment.STARTING);
                program.kill();
            }
            case CHILD -> {
                victims.forEach(Marked::kill);
                killLater();
            }
            case GUARDIAN -> {
                victims.forEach(this::killGuardian);
                killLater();
            }
        }
        return KILLED;
    }

    private int whileItEnds() throws IOException, InterruptedException {
        // It may have ended before the kill comes; then that hits nobody.
        boolean ended = !program.isAlive();
        switch (round.victim()) {
            case JVM -> program.kill();
            case JVM_AND_GUARDIAN -> killWithGuardian();
            default -> {
                victims().forEach(Marked::kill);
                return TERMINATED;
            }
        }
        return ended || program.awaitExit() == TERMINATED ? TERMINATED : KILLED;
    }

    private void killLater() throws InterruptedException {
        assertThat(program.endsWithin(GOES_ON_MS))
                .as("it goes on after this: %s", program)
                .isFalse();
        program.kill();
    }

    private void killWithGuardian() throws IOException, InterruptedException {
        if (!program.isAlive()) {
            return;
        }
        program.freeze();
        program.guardians().forEach(Marked::kill);
        program.kill();
        leftToTheSweep = true;
    }

    private void killGuardian(Marked guardian) {
        Instant started = ProcessHandle.of(guardian.pid())
                .flatMap(handle -> handle.info().startInstant())
                .orElse(Instant.MAX);
        boolean young = started.plus(GUARDIAN_IS_YOUNG).isAfter(Instant.now());
        guardian.kill();
        if (young) {
            leftToTheSweep = true;
        } else {
            program.awaitGuardianBut(guardian);
        }
    }

    private List<Marked> victims() throws IOException {
        return program.processes().stream()
                .filter(process -> process.pid() != program.pid() && isHit(process))
                .toList();
    }

    private boolean isHit(Marked process) {
        return switch (round.victim()) {
            case JVM, JVM_AND_GUARDIAN -> false;
            case GUARDIAN -> process.command().contains("sage-guardian");
            case SERVER -> process.holds("server") && process.parent() == program.pid();
            case CHILD -> process.holds("server") && process.parent() != program.pid();
            case COMMAND -> process.holds("trainer");
        };
    }
}
