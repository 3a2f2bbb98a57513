package dev.sage.node;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import dev.sage.client.ProcessSignals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The node's JVM. Prints one line on its output when it is ready, and one line on its errors when it cannot start. Exit
 * codes: 0 when it was stopped, 1 when it could not start or go on, 2 for a wrong option or setting, 130 after Ctrl+C, 143
 * after SIGTERM; a second signal makes the clean-up hurry.
 */
public final class Main {
    private static final SortedMap<String, String> OPTIONS = new TreeMap<>(Map.of(
            "--host", "sage.node.host",
            "--port", "sage.node.port",
            "--gpus", "sage.gpus.ids",
            "--port-range", "sage.ports.range"));
    private static final int SIGNALLED = 128;
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private static final String INSECURE = "--insecure-bind";

    private Main() {}

    /** {@code [--host H] [--port P] [--gpus 0,1] [--port-range A-B] [--insecure-bind] [KEY=VALUE…]}. */
    public static void main(String[] arguments) {
        NodeLogging.use();
        // Read while the first logger is made, which takes as long.
        var unused = CompletableFuture.runAsync(ConfigFactory::defaultReference);
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            Map<String, Object> settings = properties(System.getProperties());
            settings.putAll(settings(Arrays.asList(arguments)));
            Node node = Node.start(settings);
            endOnSignals(node);
            System.out.println("Sage node ready at http://" + node.view().host() + ":"
                    + node.view().port() + " (pid " + node.view().pid() + ")");
            return node.awaitEnd();
        } catch (SageException e) {
            System.err.println("sage: " + e.getMessage());
            return e.code().equals("config.invalid") ? 2 : 1;
        } catch (NodeException e) {
            System.err.println("sage: " + e.getMessage() + " " + e.next());
            return 1;
        } catch (ConfigException e) {
            System.err.println("sage: The configuration cannot be used: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println("sage: The node cannot use its files: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** The first one ends the node as the JVM would do by itself; the next one makes the clean-up hurry. */
    private static void endOnSignals(Node node) {
        AtomicBoolean ending = new AtomicBoolean();
        SIGNALS.forEach((name, number) -> ProcessSignals.on(name, () -> {
            if (ending.compareAndSet(false, true)) {
                System.exit(SIGNALLED + number);
            } else {
                node.hurry();
            }
        }));
    }

    /** Settings by -D, so that a wrong one is refused: this JVM is the node's alone. */
    static Map<String, Object> properties(Properties given) {
        Map<String, Object> settings = new LinkedHashMap<>();
        given.stringPropertyNames().stream()
                .filter(name -> name.startsWith("sage.") && !name.equals(NodeLogging.FILE))
                .forEach(name -> settings.put(name, given.getProperty(name)));
        return settings;
    }

    static Map<String, Object> settings(List<String> arguments) {
        Map<String, Object> settings = new LinkedHashMap<>();
        Iterator<String> rest = new ArrayList<>(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            String key = OPTIONS.get(argument);
            int equals = argument.indexOf('=');
            if (argument.equals(INSECURE)) {
                settings.put("sage.node.insecure-bind", "on");
            } else if (key != null && rest.hasNext()) {
                settings.put(key, rest.next());
            } else if (key == null && equals > 0 && !argument.startsWith("-")) {
                settings.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                throw new SageException(
                        "config.invalid",
                        key != null
                                ? argument + " needs a value."
                                : "There is no option '" + argument + "'. There are " + OPTIONS.keySet() + ", "
                                        + INSECURE + " and KEY=VALUE for any setting.");
            }
        }
        return settings;
    }
}
