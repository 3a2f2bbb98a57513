package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.SweepRule;
import dev.sage.runtime.core.ledger.World;
import dev.sage.runtime.resource.SweepReport.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Frees what the dead owners of a home held. The lock on a ledger is the right to sweep it: its owner has it until its
 * death, and of several sweeps one. Within a JVM one sweeps at a time, as locks are the JVM's and not a thread's.
 */
public final class Sweep {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final SageHome home;
    private final MachineLocks locks;
    private final ProcessEnder ender;
    private final ActorEnder actorEnder;

    /** One that leaves actors of Ray to another sweep. */
    public Sweep(SageHome home, Path lockFolder, ProcessEnder ender) {
        this(home, lockFolder, ender, ActorEnder.LEAVES);
    }

    /** @param lockFolder of the machine's GPUs and ports */
    public Sweep(SageHome home, Path lockFolder, ProcessEnder ender, ActorEnder actorEnder) {
        this.home = home;
        this.locks = new MachineLocks(lockFolder);
        this.ender = ender;
        this.actorEnder = actorEnder;
    }

    /** Blocks for as long as processes take to end. A home that does not exist has nothing to sweep. */
    public SweepReport run() throws InterruptedException {
        return each(ledgers(), true);
    }

    /** Only looks. */
    public SweepReport check() throws InterruptedException {
        return each(ledgers(), false);
    }

    /** Of one owner. */
    SweepReport run(String instance) throws InterruptedException {
        return each(List.of(home.ledgers().resolve(instance + LedgerFile.SUFFIX)), true);
    }

    private SweepReport each(List<Path> paths, boolean free) throws InterruptedException {
        List<SweepReport.Line> lines = new ArrayList<>();
        if (paths.isEmpty()) {
            return new SweepReport(lines);
        }
        ONE_AT_A_TIME.lockInterruptibly();
        try {
            for (Path path : paths) {
                String name = String.valueOf(path.getFileName());
                String instance = name.substring(0, name.lastIndexOf('.'));
                if (Ledger.isOfThisJvm(instance)) {
                    continue;
                }
                try {
                    if (name.endsWith(LedgerFile.SUFFIX)) {
                        look(path, instance, free, lines);
                    } else if (free) {
                        removeUnnamed(path);
                    }
                } catch (NoSuchFileException freedByAnother) {
                    // Nothing is left to be said of it.
                } catch (ClosedByInterruptException given) {
                    Thread.interrupted();
                    throw new InterruptedException("the sweep of '" + path + "'");
                } catch (IOException e) {
                    lines.add(ofLedger(instance, Outcome.FAILED, "'" + path + "' cannot be read or written: " + e));
                }
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
        return new SweepReport(lines);
    }

    private void look(Path path, String instance, boolean free, List<SweepReport.Line> lines)
            throws IOException, InterruptedException {
        // The note in a lock, which any user may have written, names homes: what waits there need not be a ledger.
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                lines.add(
                        ofLedger(instance, Outcome.FAILED, "'" + path + "' is no file. Look into it, and remove it."));
            }
            return;
        }
        LedgerLines.Content seen = LedgerLines.read(Files.readAllBytes(path));
        World here = Machine.look();
        Optional<String> foreign = SweepRule.foreign(seen.state(), here);
        if (foreign.isPresent()) {
            tell(instance, seen, Outcome.FOREIGN_HOST, foreign.get(), lines);
            return;
        }
        if (!FileOwner.isThisUser(path)) {
            String why = "'" + path + "' belongs to user '" + Files.getOwner(path) + "'. Sweep it as that user.";
            lines.add(ofLedger(instance, Outcome.FAILED, why));
            return;
        }
        Object identity = FileOwner.identity(path);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            // To look, a lock that several can have is enough.
            if (channel.tryLock(0, Long.MAX_VALUE, !free) == null) {
                boolean lives = seen.state().owner().filter(Machine::runs).isPresent();
                tell(instance, seen, lives ? Outcome.OWNER_LIVES : Outcome.SWEPT_BY_ANOTHER, "", lines);
                return;
            }
            if (!FileOwner.identity(path).equals(identity)) {
                // Its owner lives, and wrote a new one between the two looks.
                return;
            }
            DeadLedger dead = new DeadLedger(instance, path, channel);
            lines.addAll(free ? dead.free(ender, actorEnder, locks) : dead.left());
        }
    }

    private static void tell(
            String instance, LedgerLines.Content seen, Outcome outcome, String reason, List<SweepReport.Line> lines) {
        if (seen.state().entries().isEmpty()) {
            lines.add(ofLedger(instance, outcome, reason));
        }
        for (LedgerEntry entry : seen.state().entries()) {
            lines.add(new SweepReport.Line(instance, Optional.of(entry), outcome, reason));
        }
    }

    static SweepReport.Line ofLedger(String instance, Outcome outcome, String reason) {
        return new SweepReport.Line(instance, Optional.empty(), outcome, reason);
    }

    /** Its owner was killed before it had a name, and so before the first entry. */
    private static void removeUnnamed(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(path);
            }
        }
    }

    private List<Path> ledgers() {
        if (!Files.isDirectory(home.ledgers())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(home.ledgers())) {
            return files.filter(path -> path.toString().endsWith(LedgerFile.SUFFIX)
                            || path.toString().endsWith(LedgerFile.UNNAMED_SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + home.ledgers() + "' cannot be listed", e);
        }
    }
}
