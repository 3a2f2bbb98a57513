package dev.sage.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sees threads that would keep the JVM alive, and those of Sage and of actor systems, which end with their owners. */
final class ThreadWatcher implements Watcher {
    private static final int SHOWN_FRAMES = 12;
    private static final Pattern OF_ACTOR_SYSTEM = Pattern.compile("(.*)-pekko\\..*");
    private static final Pattern OF_SAGE = Pattern.compile("sage-.*|.*pekko.*");
    private static final Pattern OF_TEST_TOOLS = Pattern.compile("junit-.*|awaitility-.*|surefire-.*");

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

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

    private static boolean isLeak(Thread thread) {
        String name = thread.getName();
        return (!thread.isDaemon() || OF_SAGE.matcher(name).matches())
                && !OF_TEST_TOOLS.matcher(name).matches()
                && thread.isAlive();
    }

    private static String describe(Thread thread, StackTraceElement[] stack) {
        String frames = Arrays.stream(stack)
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n      at " + frame)
                .collect(Collectors.joining());
        return "thread '" + thread.getName() + "', " + thread.getState() + (thread.isDaemon() ? ", daemon" : "") + frames;
    }
}
