package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.World;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code /proc} tells of this machine and its processes. */
final class Machine {
    private static final String OWNER_VARIABLE = "SAGE_OWNER=";
    private static final Path PROC = Path.of("/proc");

    private Machine() {}

    /** The facts of this JVM. */
    static LedgerOwner self(String instance) {
        long pid = ProcessHandle.current().pid();
        long startTicks = startTicks(pid).orElseThrow(() -> unsupported("/proc/" + pid + "/stat cannot be read", null));
        return new LedgerOwner(
                instance, line("sys/kernel/hostname"), line("sys/kernel/random/boot_id"), pid, startTicks);
    }

    /** All processes of about one moment, with the marks of those that may be looked into. */
    static World look() {
        List<World.Live> processes = new ArrayList<>();
        String[] names = new File(PROC.toString()).list((folder, name) -> Character.isDigit(name.charAt(0)));
        if (names == null) {
            throw unsupported("/proc cannot be read", null);
        }
        for (String name : names) {
            long pid = Long.parseLong(name);
            startTicks(pid).ifPresent(ticks -> processes.add(new World.Live(pid, ticks, marks(pid))));
        }
        return new World(line("sys/kernel/hostname"), line("sys/kernel/random/boot_id"), processes);
    }

    /** Whether the JVM that wrote a ledger runs on this machine now. */
    static boolean runs(LedgerOwner owner) {
        return owner.host().equals(line("sys/kernel/hostname"))
                && owner.bootId().equals(line("sys/kernel/random/boot_id"))
                && startTicks(owner.pid())
                        .filter(ticks -> ticks == owner.startTicks())
                        .isPresent();
    }

    /** When a process was started, in ticks since the boot; empty when it has ended, or is a zombie. */
    private static Optional<Long> startTicks(long pid) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name before is in parentheses, and may have some of its own.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Set<String> marks(long pid) {
        try {
            byte[] environment =
                    Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
            return Stream.of(new String(environment, StandardCharsets.UTF_8).split("\0"))
                    .filter(variable -> variable.startsWith(OWNER_VARIABLE))
                    .flatMap(variable -> Stream.of(
                            variable.substring(OWNER_VARIABLE.length()).split(";")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException goneOrOfAnotherUser) {
            return Set.of();
        }
    }

    private static String line(String file) {
        try {
            return Files.readString(PROC.resolve(file)).strip();
        } catch (IOException e) {
            throw unsupported("/proc/" + file + " cannot be read", e);
        }
    }

    private static SageException unsupported(String why, @Nullable Throwable cause) {
        return new SageException(
                "platform.unsupported",
                "Processes, GPUs and ports need Linux: " + why + ". Run jobs without them, or on Linux.",
                cause);
    }
}
