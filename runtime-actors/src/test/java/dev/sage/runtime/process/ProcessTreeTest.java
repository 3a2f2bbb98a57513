package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcessTreeTest {
    @RegisterExtension
    final ProcessLab lab = new ProcessLab();

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endThoseWithoutMark() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void everyRelativeIsEnded() throws Exception {
        Process process = spawn(
                "python3",
                lab.resource("family.py").toString(),
                "0",
                lab.familyFile().toString());
        Map<Long, String> relatives = lab.relatives();

        List<SeenProcess> left = tree(process).end(Duration.ofMillis(300), LIMIT);

        assertThat(left).isEmpty();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        relatives.forEach(
                (pid, kind) -> assertThat(ProcessLab.runs(pid)).as(kind).isFalse());
    }

    @Test
    void relativesAreFoundByTheirMarkWhenTheFirstProcessIsGone() throws Exception {
        Process process = spawn("sh", "-c", "setsid sleep 1000 & setsid sh -c 'sleep 1001 & wait' & echo started");
        readLine(process);
        process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        await().atMost(LIMIT).until(() -> marked().size() == 3);

        assertThat(ProcessTree.endMarked(lab.mark("tree").text(), Duration.ofSeconds(2), LIMIT))
                .isEmpty();
        assertThat(marked()).isEmpty();
    }

    @Test
    void oneThatWipedItsEnvironmentIsFoundByItsSession() throws Exception {
        Process process = spawn("sh", "-c", "env -i sleep 1000 & echo $!; read go");
        long orphan = Long.parseLong(readLine(process));
        ProcessTree tree = tree(process);
        process.outputWriter().close();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(marked()).isEmpty();

        assertThat(tree.end(Duration.ofSeconds(2), LIMIT)).isEmpty();
        assertThat(ProcessLab.runs(orphan)).isFalse();
    }

    @Test
    void oneThatHasNoEnvironmentAtTheFirstLookIsEndedEvenWithoutTimeToStop() throws Exception {
        Process process = spawn("sleep", "1000");
        AtomicBoolean looked = new AtomicBoolean();
        Predicate<String> mark = ProcessMark.is(lab.mark("tree").text());
        ProcessTree tree = new ProcessTree(
                owner -> mark.test(owner) && !looked.compareAndSet(false, true), Optional.empty(), Optional.empty());

        assertThat(tree.end(Duration.ZERO, LIMIT)).isEmpty();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anotherMarkIsAnothersProcess() throws Exception {
        Process mine = spawn("sleep", "1000");
        Process sameBeginning = spawnMarked(lab.mark("tree2"), "sleep", "1000");

        assertThat(ProcessTree.endMarked(lab.mark("tree").text(), Duration.ofSeconds(2), LIMIT))
                .isEmpty();

        assertThat(mine.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sameBeginning.isAlive()).isTrue();
        assertThat(ProcessTree.markedUnder(ProcessMark.ofJob(lab.instance, "job-1"))
                        .end(Duration.ofSeconds(2), LIMIT))
                .isEmpty();
        assertThat(sameBeginning.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProcessWithOtherStartTicksIsNotSignalled() throws Exception {
        Process unmarked = start(new ProcessBuilder("setsid", "sleep", "1000"));
        Spawned now = identity(unmarked);
        Spawned before = new Spawned(now.pid(), now.startTicks() - 1);

        assertThat(ProcessTree.recorded("no such mark", Optional.of(before)).end(Duration.ZERO, LIMIT))
                .isEmpty();
        assertThat(ProcessTree.spawned("no such mark", Optional.of(before)).end(Duration.ZERO, LIMIT))
                .isEmpty();

        assertThat(unmarked.isAlive()).isTrue();
        assertThat(ProcessTree.recorded("no such mark", Optional.of(now)).end(Duration.ofSeconds(2), LIMIT))
                .isEmpty();
        assertThat(unmarked.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void thisJvmIsNeverAMember() {
        ProcessHandle self = ProcessHandle.current();
        Spawned own = SeenProcess.read(self.pid()).orElseThrow().identity();

        assertThat(ProcessTree.recorded("no such mark", Optional.of(own)).members())
                .noneMatch(member -> member.pid() == self.pid());
    }

    @Test
    void termIsSentFirstAndGivenItsTime() throws Exception {
        Path note = lab.folder.resolve("note");
        Process process = spawn(
                "sh",
                "-c",
                "trap 'sleep 0.3; echo asked > " + note + "; exit 0' TERM; echo started; while :; do sleep 0.05; done");
        readLine(process);

        assertThat(tree(process).end(LIMIT, LIMIT)).isEmpty();
        assertThat(note).content().isEqualTo("asked\n");
    }

    @Test
    void aTreeThatForksWhileItIsEndedIsEndedToo() throws Exception {
        Process process = spawn(
                "sh",
                "-c",
                "trap '' TERM; echo started; while :; do (trap '' TERM; setsid sleep 5 & sleep 0.01); done");
        readLine(process);

        long before = System.nanoTime();
        assertThat(tree(process).end(Duration.ofMillis(100), LIMIT)).isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        assertThat(marked()).isEmpty();
    }

    @Test
    void aZombieCountsAsGone() throws Exception {
        Process process = spawn("sh", "-c", "sleep 0 & echo $!; exec sleep 1000");
        long zombie = Long.parseLong(readLine(process));
        await().atMost(LIMIT).until(() -> SeenProcess.read(zombie).orElseThrow().state() == 'Z');

        assertThat(ProcessTable.read().inSession(process.pid()))
                .extracting(SeenProcess::pid)
                .containsExactly(process.pid());
        assertThat(tree(process).end(Duration.ofSeconds(2), LIMIT)).isEmpty();
    }

    @Test
    void aNameMayContainAnything() throws Exception {
        SeenProcess seen = SeenProcess.parse(
                7, "7 (a) Z 1 (b\n) S 5 7 6 0 -1 4194560 79 0 0 0 0 0 0 0 20 0 1 0 4711 2895872 181", "");

        assertThat(seen).isEqualTo(new SeenProcess(7, 5, 'S', 1, 6, 4711, ""));
    }

    @Test
    void theTableIsReadWhileProcessesComeAndGo() throws Exception {
        Process storm = spawn("sh", "-c", "while :; do /bin/true & /bin/true; done");

        for (int i = 0; i < 50; i++) {
            assertThat(ProcessTable.read().inSession(storm.pid())).isNotEmpty();
        }
        assertThat(tree(storm).end(Duration.ofSeconds(2), LIMIT)).isEmpty();
    }

    private ProcessTree tree(Process process) {
        return ProcessTree.spawned(lab.mark("tree").text(), Optional.of(identity(process)));
    }

    private List<SeenProcess> marked() {
        return ProcessTable.read().marked(lab.mark("tree").text());
    }

    private static Spawned identity(Process process) {
        return SeenProcess.read(process.pid()).orElseThrow().identity();
    }

    private static String readLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        return reader.readLine();
    }

    private Process spawn(String... command) throws IOException {
        return spawnMarked(lab.mark("tree"), command);
    }

    private Process spawnMarked(ProcessMark mark, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("setsid"));
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put(ProcessMark.VARIABLE, "outer/job/1/a;" + mark.text());
        return start(builder);
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        await().atMost(LIMIT)
                .until(() -> SeenProcess.read(process.pid())
                        .map(seen -> seen.session() == process.pid())
                        .orElse(true));
        return process;
    }
}
