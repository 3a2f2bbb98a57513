package dev.sage.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sees threads. Daemon threads count as others do: what a service or a function starts inherits that property from the
 * thread of Sage on which it runs. Threads that the JVM starts for itself, and those of the test tools, do not count.
 */
final class ThreadWatcher implements Watcher {
    private static final int SHOWN_FRAMES = 12;
    private static final Pattern OF_ACTOR_SYSTEM = Pattern.compile("(.*)-pekko\\..*");
    private static final Set<String> GROUPS_OF_THE_JVM = Set.of("system", "InnocuousThreadGroup", "CarrierThreads");
    private static final Pattern SHARED =
            Pattern.compile("ForkJoinPool\\.commonPool-.*|junit-.*|awaitility.*|surefire-.*");

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final List<String> expected = new CopyOnWriteArrayList<>();

    void expect(List<String> prefixes) {
        expected.addAll(prefixes);
    }

    @Override
    public List<String> leaks() {
        List<String> leaks = new ArrayList<>();
        Map<String, Integer> actorSystems = new LinkedHashMap<>();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (!before.contains(thread) && isLeak(thread)) {
                Matcher actorThread = OF_ACTOR_SYSTEM.matcher(thread.getName());
                if (actorThread.matches()) {
                    actorSystems.merge(actorThread.group(1), 1, Integer::sum);
                } else {
                    leaks.add(describe(thread, stack));
                }
            }
        });
        actorSystems.forEach((name, threads) ->
                leaks.add("actor system '" + name + "' still runs, with " + threads + " threads of its dispatchers"));
        return leaks;
    }

    private boolean isLeak(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        boolean ended = group == null;
        return !ended
                && !GROUPS_OF_THE_JVM.contains(group.getName())
                && !SHARED.matcher(thread.getName()).matches()
                && expected.stream().noneMatch(thread.getName()::startsWith);
    }

    private static String describe(Thread thread, StackTraceElement[] stack) {
        String frames = Arrays.stream(stack)
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n      at " + frame)
                .collect(Collectors.joining());
        return "thread '" + thread.getName() + "', " + thread.getState() + (thread.isDaemon() ? ", daemon" : "")
                + frames;
    }
}
