package dev.sage.acceptance.node;

import dev.sage.client.RemoteEnvironment;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeToken;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The client of the kill test: submits all {@link KeyedJobs}, tells which were acknowledged, and stays. */
final class KeyedProgram {
    static final String SUBMITTING = "submitting";
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String DONE = "done";

    private KeyedProgram() {}

    /** @param arguments the port of the node, the folder of {@link KeyedJobs}, the number of the round */
    public static void main(String[] arguments) throws Exception {
        NodeAddress node = new NodeAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        Path folder = Path.of(arguments[1]);
        int round = Integer.parseInt(arguments[2]);
        NodeRequests requests =
                new NodeRequests(new NodeHttp(node, NodeToken.find(System.getenv()), HttpTimes.DEFAULT));
        try (RemoteEnvironment env = RemoteEnvironment.connect("keyed", node.host(), node.port())) {
            System.out.println(SUBMITTING);
            for (KeyedJobs job : KeyedJobs.values()) {
                String id = job.submit(folder, round, requests, env);
                System.out.println(ACKNOWLEDGED + job.key(round) + " " + id);
            }
            System.out.println(DONE);
            new CountDownLatch(1).await();
        }
    }
}
