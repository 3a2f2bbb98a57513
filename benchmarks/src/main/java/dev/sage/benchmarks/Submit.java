package dev.sage.benchmarks;

import dev.sage.api.JobState;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.RemoteOptions;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * W9: from the submission of a job of one record until the client knows that it is clean, against a node in another JVM
 * with its journal on the disk. Once as users do it, with an environment per client, and once with bare requests.
 *
 * <p>Arguments: the class path of the node, then how many seconds one measurement takes, and how many rounds. The system
 * property {@code sage.benchmarks.node} has options for the node's JVM.
 */
public final class Submit {
    private static final List<Integer> CLIENTS = List.of(1, 32);
    private static final int MOST = 32;

    private Submit() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 1) {
            throw new IllegalArgumentException("Usage: Submit NODE-CLASS-PATH [SECONDS [ROUNDS]]");
        }
        // All clients share this JVM's idle connections, of which there are five by default: enough for one client
        // only.
        System.setProperty("http.maxConnections", Integer.toString(2 * MOST));
        Duration time = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 5);
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        String options = System.getProperty("sage.benchmarks.node", "");
        try (NodeProcess node =
                NodeProcess.start(args[0], options.isBlank() ? List.of() : List.of(options.split(" ")))) {
            onlyOwnCode();
            List<RemoteEnvironment> environments = new ArrayList<>();
            try {
                for (int i = 0; i < MOST; i++) {
                    environments.add(RemoteEnvironment.connect(
                            "one-record",
                            node.address().host(),
                            node.address().port(),
                            RemoteOptions.DEFAULT.token(node.token())));
                }
                BareJobs bare = new BareJobs(node.http());
                measure(
                        node,
                        client -> throughEnvironment(environments.get(client)),
                        client -> bare.run(),
                        time,
                        rounds);
            } finally {
                environments.forEach(RemoteEnvironment::close);
            }
        }
    }

    /** A small program: its class path has one entry that is not Sage's. Threads that are made later take it over. */
    private static void onlyOwnCode() {
        URL own = Submit.class.getProtectionDomain().getCodeSource().getLocation();
        Thread.currentThread()
                .setContextClassLoader(new URLClassLoader(new URL[] {own}, ClassLoader.getPlatformClassLoader()));
    }

    private static void throughEnvironment(RemoteEnvironment environment) throws InterruptedException {
        var collected = environment.fromRange(0, 1).collect();
        if (environment.run().state() != JobState.COMPLETED) {
            throw new IllegalStateException("A job did not complete.");
        }
        if (!collected.list().equals(List.of(0L))) {
            throw new IllegalStateException("A job collected " + collected.list() + ".");
        }
    }

    private static void measure(NodeProcess node, Load.Step environment, Load.Step requests, Duration time, int rounds)
            throws Exception {
        for (int clients : CLIENTS) {
            Load.run(clients, time, environment);
            Load.run(clients, time, requests);
        }
        for (int round = 1; round <= rounds; round++) {
            print("syncs of the disk: %.0f/s", Syncs.perSecond(node.home(), Duration.ofSeconds(1)));
            for (int clients : CLIENTS) {
                print(clients + " clients, environment", node, () -> Load.run(clients, time, environment));
                print(clients + " clients, requests", node, () -> Load.run(clients, time, requests));
            }
        }
    }

    /** With the time of the processors, which a busy machine changes less than the time of the clock. */
    private static void print(String what, NodeProcess node, Callable<Load.Seen> measured) throws Exception {
        Duration node1 = node.cpuTime();
        Duration client1 = cpuTime();
        Load.Seen seen = measured.call();
        print(
                "%-24s %s  CPU per job: node %.2f ms, clients %.2f ms",
                what,
                seen,
                node.cpuTime().minus(node1).toNanos() / 1e6 / seen.sortedNs().length,
                cpuTime().minus(client1).toNanos() / 1e6 / seen.sortedNs().length);
    }

    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void print(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
