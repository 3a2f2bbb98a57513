package dev.sage.runtime.process;

import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** All processes of the machine at about one moment, without those that have ended and only wait to be waited for. */
public final class ProcessTable {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Map<Long, SeenProcess> byPid;

    private ProcessTable(Map<Long, SeenProcess> byPid) {
        this.byPid = byPid;
    }

    /** Reads {@code /proc}: some milliseconds for some hundred processes. Those that vanish meanwhile are left out. */
    public static ProcessTable read() {
        String[] names =
                new File("/proc").list((folder, name) -> NUMBER.matcher(name).matches());
        if (names == null) {
            throw Platform.unsupported("/proc cannot be read");
        }
        Map<Long, SeenProcess> seen = new TreeMap<>();
        for (String name : names) {
            SeenProcess.read(Long.parseLong(name))
                    .filter(process -> !process.hasEnded())
                    .ifPresent(process -> seen.put(process.pid(), process));
        }
        return new ProcessTable(seen);
    }

    /** Those that have exactly this mark. */
    public List<SeenProcess> marked(String mark) {
        return owned(ProcessMark.is(mark));
    }

    /** Those that have a mark which begins so, see {@link ProcessMark#ofInstance} and {@link ProcessMark#ofJob}. */
    public List<SeenProcess> markedUnder(String prefix) {
        return owned(ProcessMark.beginsWith(prefix));
    }

    List<SeenProcess> owned(Predicate<String> owner) {
        return where(process -> !process.owner().isEmpty() && owner.test(process.owner()));
    }

    List<SeenProcess> inSession(long session) {
        return where(process -> process.session() == session);
    }

    List<SeenProcess> using(Path folder) {
        return where(process -> process.hasOpenIn(folder));
    }

    Optional<SeenProcess> find(Spawned process) {
        return Optional.ofNullable(byPid.get(process.pid())).filter(seen -> seen.is(process));
    }

    boolean isTaken(long pid) {
        return byPid.containsKey(pid);
    }

    /** These, with their children, the children of those, and so on. */
    Collection<SeenProcess> withDescendants(Collection<SeenProcess> roots) {
        Map<Long, SeenProcess> found = new TreeMap<>();
        Deque<SeenProcess> open = new ArrayDeque<>(roots);
        Map<Long, List<SeenProcess>> children = children();
        while (!open.isEmpty()) {
            SeenProcess process = open.remove();
            if (found.put(process.pid(), process) == null) {
                open.addAll(children.getOrDefault(process.pid(), List.of()));
            }
        }
        return found.values();
    }

    private Map<Long, List<SeenProcess>> children() {
        Map<Long, List<SeenProcess>> children = new HashMap<>();
        for (SeenProcess process : byPid.values()) {
            children.computeIfAbsent(process.parent(), parent -> new ArrayList<>())
                    .add(process);
        }
        return children;
    }

    private List<SeenProcess> where(Predicate<SeenProcess> wanted) {
        return byPid.values().stream().filter(wanted).toList();
    }
}
