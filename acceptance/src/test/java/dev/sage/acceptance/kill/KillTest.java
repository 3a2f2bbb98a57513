package dev.sage.acceptance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills with -9, at a random moment, a Sage program, its guardian or one of its processes, and looks at what is left: by
 * a variable in the environment of all that the program started, which Sage knows nothing of.
 *
 * <p>Ten rounds, or 300 with {@code -Dsage.tests.nightly=true}, or as many as {@code -Dsage.test.kills} says. A failure
 * prints the seed of all of them.
 */
@Tag("any-java")
@EnabledOnOs(OS.LINUX)
class KillTest {
    private static final int ROUNDS =
            Integer.getInteger("sage.test.kills", Boolean.getBoolean("sage.tests.nightly") ? 300 : 10);
    private static final long SEED = Long.getLong("sage.test.seed", System.nanoTime());
    private static final int GPUS = 4;
    private static final int JOBS_OF_A_ROUND = 4;
    /** A second is what the guardian has; the machine of a test may be slow. */
    private static final Duration GONE_LIMIT = Duration.ofSeconds(10);

    /** From when the job of the next program is to end, and then all else must be gone. */
    private static final Duration SWEPT_LIMIT = Duration.ofSeconds(5);

    private static final Duration NEXT_LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final List<Long> goneAfterMs = new ArrayList<>();
    private final List<Long> sweptAfterMs = new ArrayList<>();

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whateverIsKilledNothingIsLeft() throws Exception {
        Random random = new Random(SEED);
        Deck<Victim> victims = new Deck<>(List.of(Victim.values()), random);
        Deck<Moment> moments = new Deck<>(List.of(Moment.values()), random);
        Deck<Boolean> neighbours = new Deck<>(List.of(true, false, false, false), random);
        Site site = Site.make(folder);
        for (int number = 0; number < ROUNDS; number++) {
            Moment moment = moments.draw();
            Round round =
                    new Round(number, victims.draw(), moment, random.nextInt(moment.longestMs()), neighbours.draw());
            try {
                play(round, site);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError(
                        round + " of " + ROUNDS + "; run it again with -Dsage.test.seed=" + SEED + " -Dsage.test.kills="
                                + (number + 1),
                        failure);
            }
        }
        System.out.println("kill -9, until the last process was gone: " + statistics(goneAfterMs)
                + "; where nobody was left but the next program, until that had swept and run: "
                + statistics(sweptAfterMs));
    }

    private void play(Round round, Site site) throws Exception {
        int jobs = (round.number() + 1) * JOBS_OF_A_ROUND;
        Set<Integer> ports = new TreeSet<>();
        try (Child program = Child.start(site, false)) {
            if (round.withNeighbour()) {
                try (Child neighbour = Child.start(site, true)) {
                    besideANeighbour(round, site, program, neighbour);
                    ports.addAll(neighbour.ports());
                }
            } else {
                end(round, program);
            }
            long sinceNs = System.nanoTime();
            nextProgramHas(GPUS, site);
            program.awaitGone(SWEPT_LIMIT);
            sweptAfterMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs));
            ports.addAll(program.ports());
            site.assertNothingIsLeft(jobs, ports);
        }
    }

    /** Answers when the program has ended, and with all that was not left to the next one to sweep. */
    private void end(Round round, Child program) throws Exception {
        program.awaitSubmitting();
        if (round.moment() != Moment.STARTING) {
            program.awaitRunning();
        }
        if (round.moment() == Moment.ENDING) {
            program.terminate();
        }
        program.endsWithin(round.afterMs());
        Strike strike = new Strike(round, program);
        strike.run();
        long endedNs = System.nanoTime();
        if (!strike.leftToTheSweep()) {
            program.awaitGone(GONE_LIMIT);
            goneAfterMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endedNs));
        }
    }

    /** Who notices nothing, and whose GPU nobody gets. */
    private void besideANeighbour(Round round, Site site, Child program, Child neighbour) throws Exception {
        neighbour.awaitSubmitting();
        Optional<Marked> before = neighbour.server();
        end(round, program);
        neighbour.awaitRunning();
        Optional<Marked> after = neighbour.server();
        before.ifPresent(server -> assertThat(after.map(Marked::pid)).contains(server.pid()));
        nextProgramHas(GPUS - 1, site);
        assertThat(neighbour.server().map(Marked::pid)).isEqualTo(after.map(Marked::pid));
        neighbour.terminate();
        assertThat(neighbour.awaitExit()).as(neighbour::toString).isEqualTo(128 + 15);
        assertThat(neighbour.processes()).isEmpty();
    }

    /** Its start sweeps what was left; then all GPUs must be free. */
    private static void nextProgramHas(int gpus, Site site) throws Exception {
        try (LocalEnvironment env = LocalEnvironment.create("next", site.settings())) {
            env.command("all", ProcessService.command("true").gpus(gpus));
            JobHandle job = env.submit(SubmitOptions.autostop());
            JobResult result = job.awaitClean(NEXT_LIMIT);
            assertThat(result.state()).isEqualTo(JobState.COMPLETED);
            assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
        }
    }

    private static String statistics(List<Long> milliseconds) {
        return milliseconds.isEmpty()
                ? "never"
                : milliseconds.size() + " times, at most " + Collections.max(milliseconds) + " ms of " + milliseconds;
    }
}
