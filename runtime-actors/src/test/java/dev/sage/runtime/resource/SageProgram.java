package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Another Sage program: a JVM of its own that does what it is told, a line of its input each, with a line of its output. */
final class SageProgram implements AutoCloseable {
    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private SageProgram(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static SageProgram start(Path home, Path locks) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new SageProgram(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        SageProgram.class.getName(),
                        home.toString(),
                        locks.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    String ask(String command) throws IOException {
        commands.println(command);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("The program ended at '" + command + "'");
        }
        return answer;
    }

    void send(String command) {
        commands.println(command);
    }

    String answer() throws IOException {
        return answers.readLine();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] args) throws Exception {
        SageHome home = new SageHome(Path.of(args[0]));
        Path locks = Path.of(args[1]);
        Ledger ledger = Ledger.open(home);
        Leases leases = new Leases(settings(locks, ""), ledger, SageProgram::endMarked);
        List<Lease> held = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    switch (words[0]) {
                        case "gpus" -> acquire(leases, held, numbers(words), List.of());
                        case "ports" -> acquire(leases, held, List.of(), numbers(words));
                        case "release" -> leases.release(held.remove(0)).toString();
                        case "spawn" -> Long.toString(spawn(ledger, words[1]));
                        case "sweep" -> outcomes(new Sweep(home, locks, SageProgram::endMarked).run());
                        case "instance" -> ledger.instance();
                        default -> throw new IllegalArgumentException(line);
                    });
        }
    }

    static LeaseSettings settings(Path locks, String searchPath) {
        return new LeaseSettings(
                locks,
                "nvidia-smi",
                searchPath,
                !searchPath.isEmpty(),
                Duration.ofSeconds(20),
                100,
                Duration.ofSeconds(20));
    }

    private static List<Integer> numbers(String[] words) {
        return Arrays.stream(words).skip(1).map(Integer::valueOf).toList();
    }

    private static String acquire(Leases leases, List<Lease> held, List<Integer> gpus, List<Integer> ports)
            throws InterruptedException {
        Acquisition acquisition = leases.acquire("train", 1, List.of(new Want("trainer", gpus, ports, 0)));
        if (acquisition instanceof Acquisition.Granted granted) {
            held.addAll(granted.leases());
            return "granted";
        }
        return acquisition.toString();
    }

    static String outcomes(SweepReport report) {
        return report.lines().stream().map(line -> line.outcome().name()).collect(Collectors.joining(" "));
    }

    private static long spawn(Ledger ledger, String job) throws IOException {
        String mark = ledger.instance() + "/" + job + "/1/sleeper";
        LedgerEntry entry = ledger.add(job, 1, "sleeper", new Resource.ProcessTree(mark, Optional.empty()));
        Process sleeper = sleeper(mark);
        ledger.spawned(entry, sleeper.pid(), startTicks(sleeper.pid()));
        return sleeper.pid();
    }

    static Process sleeper(String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "300");
        builder.environment().put("SAGE_OWNER", mark);
        return builder.redirectErrorStream(true).start();
    }

    static long startTicks(long pid) {
        return Machine.look().processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow()
                .startTicks();
    }

    /** Looks until all that has the mark is gone: a process that was just started gets its environment a little later. */
    static List<String> endMarked(String mark) {
        for (int empty = 0; empty < 3; ) {
            List<ProcessHandle> marked = marked(mark);
            marked.forEach(ProcessHandle::destroyForcibly);
            marked.forEach(
                    handle -> handle.onExit().orTimeout(20, TimeUnit.SECONDS).join());
            empty = marked.isEmpty() ? empty + 1 : 0;
        }
        return List.of();
    }

    static List<ProcessHandle> marked(String mark) {
        return Machine.look().processes().stream()
                .filter(process -> process.marks().contains(mark))
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .toList();
    }
}
