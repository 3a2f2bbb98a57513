package dev.sage.client;

import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.spi.LocalRuntimeProvider;
import dev.sage.client.http.NodeAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Takes the place of the local runtime in a program that was started by {@code sage submit}: the system property {@code
 * sage.submit.node} says at which node its jobs run. The settings that the program gives are not used, as jobs follow
 * those of the node.
 */
public final class SubmitProvider implements LocalRuntimeProvider {
    /** HOST:PORT. */
    public static final String NODE = "sage.submit.node";

    /** What lets in at that node; without it, or blank, the token that every client finds. */
    public static final String TOKEN = "sage.submit.token";

    /** {@code true}: the jobs need no client; their ids are printed as they are submitted. */
    public static final String DETACHED = "sage.submit.detached";

    private static final Set<StandIn> OPEN = ConcurrentHashMap.newKeySet();

    /** A remote environment for a program that knows of none. */
    private static final class StandIn extends HttpEnvironment implements LocalEnvironment {
        private StandIn(String name, NodeApi api, RemoteOptions options, CountDownLatch closing) {
            super(name, api, options, closing);
        }

        @Override
        protected JobHandle submit(JobGraph graph, SubmitOptions options) {
            if (!Boolean.getBoolean(DETACHED)) {
                return super.submit(graph, options);
            }
            JobHandle job = super.submit(graph, options.detached());
            System.out.println(job.id());
            return job;
        }

        @Override
        public void close() {
            try {
                super.close();
            } finally {
                OPEN.remove(this);
            }
        }
    }

    @Override
    public int precedence() {
        return System.getProperty(NODE, "").isBlank() ? NOT_NOW : 1;
    }

    @Override
    public LocalEnvironment create(String name, Map<String, ?> settings) {
        RemoteOptions options = options();
        CountDownLatch closing = new CountDownLatch(1);
        NodeApi api = HttpEnvironment.reach(NodeAddress.parse(System.getProperty(NODE, "")), options, closing);
        StandIn environment = new StandIn(name, api, options, closing);
        OPEN.add(environment);
        return environment;
    }

    private static RemoteOptions options() {
        String token = System.getProperty(TOKEN, "");
        RemoteOptions options = RemoteOptions.DEFAULT.showOutput();
        return token.isBlank() ? options : options.token(token);
    }

    /** Whoever closes an environment does not wait for the node's clean-up any longer; the node goes on with it. */
    @Override
    public void hurry() {
        OPEN.forEach(HttpEnvironment::hurry);
    }
}
