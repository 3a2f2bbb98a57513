package dev.sage.runtime.process;

import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A process with all that came from it: its descendants, what has its mark in the environment, what is in its session,
 * and the descendants of those. Whoever wiped its environment, left the session and lost its parent, all before it was
 * first seen, is not found.
 *
 * <p>Nothing is signalled whose start ticks are not those of the process that was found. Not to be used by several threads
 * at once.
 */
public final class ProcessTree {
    /** A process has no environment for a moment while it becomes another program, so one look proves nothing. */
    private static final int EMPTY_LOOKS = 2;

    private final Predicate<String> owner;
    private final Optional<Spawned> first;
    private final Optional<Spawned> sessionLeader;
    private final Optional<Path> folder;
    /** A member that was seen once is one, even if nothing shows it any more. */
    private final Set<Spawned> known = new HashSet<>();

    ProcessTree(Predicate<String> owner, Optional<Spawned> first, Optional<Spawned> sessionLeader) {
        this(owner, first, sessionLeader, Optional.empty());
    }

    private ProcessTree(
            Predicate<String> owner, Optional<Spawned> first, Optional<Spawned> sessionLeader, Optional<Path> folder) {
        this.owner = owner;
        this.first = first;
        this.sessionLeader = sessionLeader;
        this.folder = folder;
    }

    /** Of a process that this JVM spawned in a session of its own. */
    static ProcessTree spawned(String mark, Optional<Spawned> first) {
        return new ProcessTree(ProcessMark.is(mark), first, first);
    }

    /** Of a process of which there is a record. Its session counts only while its first process is still there. */
    public static ProcessTree recorded(String mark, Optional<Spawned> first) {
        Optional<Spawned> leader = first.filter(SeenProcess::runs);
        return new ProcessTree(ProcessMark.is(mark), first, leader);
    }

    /** Of all marks that begin so, see {@link ProcessMark#ofInstance} and {@link ProcessMark#ofJob}. */
    public static ProcessTree markedUnder(String prefix) {
        return new ProcessTree(ProcessMark.beginsWith(prefix), Optional.empty(), Optional.empty());
    }

    /**
     * Of all that have a file in this folder open, with their descendants: for programs that write a title over their
     * environment, and with it over their mark. To be used for private folders only.
     */
    public static ProcessTree using(Path folder) {
        return new ProcessTree(mark -> false, Optional.empty(), Optional.empty(), Optional.of(folder));
    }

    /** Ends all that has this mark, as {@link #end}; answers what is left. */
    public static List<SeenProcess> endMarked(String mark, Duration stopWithin, Duration killWithin)
            throws InterruptedException {
        return recorded(mark, Optional.empty()).end(stopWithin, killWithin);
    }

    /** Those that are there now; this JVM is never among them. */
    public List<SeenProcess> members() {
        ProcessTable table = ProcessTable.read();
        List<SeenProcess> roots = new ArrayList<>(table.owned(owner));
        first.flatMap(table::find).ifPresent(roots::add);
        known.forEach(process -> table.find(process).ifPresent(roots::add));
        sessionLeader
                // Its number is given to nobody else while somebody is in its session.
                .filter(leader ->
                        !table.isTaken(leader.pid()) || table.find(leader).isPresent())
                .ifPresent(leader -> roots.addAll(table.inSession(leader.pid())));
        folder.ifPresent(used -> roots.addAll(table.using(used)));
        long self = ProcessHandle.current().pid();
        roots.removeIf(process -> process.pid() == self);
        List<SeenProcess> members = table.withDescendants(roots).stream()
                .filter(process -> process.pid() != self)
                .toList();
        members.forEach(process -> known.add(process.identity()));
        return members;
    }

    /**
     * TERM to each; KILL to those that are left when {@code stopWithin} is over; looks again until none is left or {@code
     * killWithin} is over too. Blocks for that long at most.
     *
     * @return what is left: processes that wait in the kernel, or that belong to somebody else
     * @throws InterruptedException between two looks; some were not signalled yet
     */
    public List<SeenProcess> end(Duration stopWithin, Duration killWithin) throws InterruptedException {
        Set<Spawned> asked = new HashSet<>();
        Last last = signalUntilGone(stopWithin, members -> {
            List<SeenProcess> fresh = members.stream()
                    .filter(process -> asked.add(process.identity()))
                    .toList();
            signal(fresh, false);
        });
        return last.isSure() ? List.of() : kill(killWithin);
    }

    /** KILL to each, until none is left or the time is over; answers what is left, as {@link #end}. */
    public List<SeenProcess> kill(Duration within) throws InterruptedException {
        return signalUntilGone(within, members -> signal(members, true)).left();
    }

    /**
     * What was seen when the time was over.
     *
     * @param empty how many of the last looks in a row saw none
     */
    private record Last(List<SeenProcess> left, int empty) {
        boolean isSure() {
            return empty >= EMPTY_LOOKS;
        }
    }

    private Last signalUntilGone(Duration within, Signal signal) throws InterruptedException {
        Asking asking = new Asking(within);
        int empty = 0;
        List<SeenProcess> left;
        do {
            left = members();
            signal.to(left);
            empty = left.isEmpty() ? empty + 1 : 0;
        } while (empty < EMPTY_LOOKS && asking.again());
        return new Last(left, empty);
    }

    private static void signal(Collection<SeenProcess> processes, boolean kill) {
        for (SeenProcess process : processes) {
            // The handle knows when its process began and compares it again when it signals.
            ProcessHandle.of(process.pid())
                    .filter(handle -> SeenProcess.read(process.pid())
                            .filter(now -> now.is(process.identity()))
                            .isPresent())
                    .ifPresent(handle -> {
                        if (kill) {
                            handle.destroyForcibly();
                        } else {
                            handle.destroy();
                        }
                    });
        }
    }

    @FunctionalInterface
    private interface Signal {
        void to(List<SeenProcess> members);
    }
}
