package dev.sage.runtime.process;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program from its spawning until nothing of it is left. Its life-cycle methods block, and are called one at a time. */
final class LiveProcess {
    private static final Logger log = LoggerFactory.getLogger(LiveProcess.class);
    /** What a program wrote just before it ended is in its pipe, and read at once; its children may hold the pipe for long. */
    private static final Duration OUTPUT_WITHIN = Duration.ofMillis(250);
    /** When nothing of it is left, its pipe ends as soon as it is read; this bounds who holds it without a mark. */
    private static final Duration LAST_OUTPUT_WITHIN = Duration.ofSeconds(2);

    private final String name;
    private final ProcessGrant grant;
    private final ProcessSettings settings;
    private final Guardian guardian;
    private final ProcessLedger.Entry entry;
    private final ProcessOutput output;
    private final Process process;
    private final Optional<Spawned> first;
    private final ProcessTree tree;
    private boolean released;

    private LiveProcess(
            Program program,
            ProcessGrant grant,
            ProcessSettings settings,
            Guardian guardian,
            ProcessLedger.Entry entry,
            ProcessOutput output,
            Process process) {
        this.name = program.name();
        this.grant = grant;
        this.settings = settings;
        this.guardian = guardian;
        this.entry = entry;
        this.output = output;
        this.process = process;
        // Before somebody waits for it, it stays in the table; the JVM does, so it may be gone here.
        this.first = SeenProcess.read(process.pid())
                .filter(seen -> seen.parent() == ProcessHandle.current().pid())
                .map(SeenProcess::identity);
        this.tree = ProcessTree.spawned(grant.mark().text(), first);
    }

    /** Writes it down, then spawns it. The guardian must run. */
    static LiveProcess spawn(
            Program program,
            ProcessGrant grant,
            ProcessSettings settings,
            Guardian guardian,
            ProcessLedger ledger,
            ProcessOutput output)
            throws IOException, InterruptedException {
        LiveProcess live;
        try {
            ProcessLedger.Entry entry = ledger.intend(grant.mark().text());
            Process process;
            try {
                output.open();
                process = program.start();
            } catch (IOException | RuntimeException notSpawned) {
                entry.strikeOff();
                throw notSpawned;
            }
            live = new LiveProcess(program, grant, settings, guardian, entry, output, process);
        } catch (IOException | RuntimeException notSpawned) {
            output.discard();
            throw notSpawned;
        }
        live.begin();
        return live;
    }

    private void begin() throws IOException, InterruptedException {
        try {
            output.read(process.getInputStream(), process.onExit());
            if (first.isPresent()) {
                guardian.watch(first.get());
                entry.spawned(first.get().pid(), first.get().startTicks());
            }
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
    }

    long pid() {
        return process.pid();
    }

    /** Who is there now is known from now on, even when nothing shows any more whose it is. Not while it is being ended. */
    void look() {
        tree.members();
    }

    boolean hasExited() {
        return !process.isAlive();
    }

    /** Completes when its first process has ended, which says nothing of others. */
    CompletableFuture<Process> exit() {
        return process.onExit();
    }

    /** Waits for the exit of its first process, and for what that wrote. */
    int awaitExit() throws InterruptedException {
        int code = process.waitFor();
        output.awaitEnd(OUTPUT_WITHIN);
        return code;
    }

    /** Its exit as an error; to be called after the exit. Waits a moment for what it wrote. */
    SageException exitError(String when) throws InterruptedException {
        return new SageException(
                "process.exited",
                described() + " ended " + when + " with " + ExitText.of(awaitExit()) + "." + output.forError());
    }

    String described() {
        return "Program '" + name + "' of '" + grant.holder() + "', pid " + process.pid() + ",";
    }

    ProcessOutput output() {
        return output;
    }

    /** TERM, grace, KILL; see {@link ProcessTree#end}. What is left afterwards {@link #release} tells. */
    void end(Duration stopWithin) throws InterruptedException {
        tree.end(stopWithin, settings.killWithin());
    }

    /**
     * Kills what is left of it, and sees that nothing is, that its ports can be bound again, and strikes it off. Does
     * nothing when that was done before.
     *
     * @throws SageException when something is left; it stays in the ledger
     */
    void release() throws IOException, InterruptedException {
        if (released) {
            return;
        }
        List<SeenProcess> left = tree.kill(settings.killWithin());
        if (!left.isEmpty()) {
            throw new SageException(
                    "process.left",
                    described() + " has left " + left + ", which did not end within " + settings.killWithin()
                            + " after KILL. See why with \"cat /proc/PID/stack\"; it stays in the ledger.");
        }
        if (!output.awaitEnd(LAST_OUTPUT_WITHIN)) {
            log.warn("{} is gone, but a process without its mark still holds its output", described());
        }
        requirePortsFree();
        first.ifPresent(guardian::forget);
        entry.strikeOff();
        released = true;
    }

    private void requirePortsFree() throws InterruptedException {
        Asking asking = new Asking(settings.killWithin());
        List<Integer> bound = bound();
        while (!bound.isEmpty() && asking.again()) {
            bound = bound();
        }
        if (!bound.isEmpty()) {
            throw new SageException(
                    "process.left",
                    described() + " is gone, but " + (bound.size() == 1 ? "its port " : "its ports ")
                            + bound.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + " cannot be bound yet. Maybe a process that wiped its environment has it: see \"ss -ltnp\".");
        }
    }

    private List<Integer> bound() {
        return grant.ports().stream().filter(port -> !canBind(port)).toList();
    }

    /** Connections that wait out their time do not count: a listener may bind over them. */
    private static boolean canBind(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
