package dev.sage.client;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.http.NodeToken;
import dev.sage.client.ship.GraphCodec;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ServiceView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Sends graphs to a node. */
class HttpEnvironment extends GraphEnvironment implements RemoteEnvironment {
    /** Of the name of a job, at a node. */
    private static final int LONGEST_NAME = 255;

    private final UUID identity = UUID.randomUUID();
    private final NodeApi api;
    private final CountDownLatch closing;
    private final Shipment shipment;
    private final ClientPrograms programs;
    private final RemoteJobs jobs;

    HttpEnvironment(String name, NodeApi api, RemoteOptions options, CountDownLatch closing) {
        super(name);
        this.api = api;
        this.closing = closing;
        this.shipment = new Shipment(api, options);
        this.programs = new ClientPrograms(name, options);
        this.jobs = new RemoteJobs(name, api, options, programs, closing);
    }

    /** An API of a node that has been asked, and fits. */
    static NodeApi reach(NodeAddress address, RemoteOptions options, CountDownLatch closing) {
        var token = options.token().or(() -> NodeToken.find(System.getenv(), address));
        NodeApi api = new NodeApi(new NodeHttp(address, token, options.times()), closing);
        checkVersions(address, api.node());
        return api;
    }

    static HttpEnvironment connect(String name, NodeAddress address, RemoteOptions options) {
        CountDownLatch closing = new CountDownLatch(1);
        return new HttpEnvironment(name, reach(address, options, closing), options, closing);
    }

    private static void checkVersions(NodeAddress address, NodeView node) {
        if (!SageVersion.fit(node.sage(), SageVersion.here())) {
            throw new SageException(
                    "node.version",
                    "The node at " + address + " runs Sage " + node.sage() + ", and this is Sage " + SageVersion.here()
                            + ". Use the same version on both sides.");
        }
        int java = Runtime.version().feature();
        if (node.java() < java) {
            throw new SageException(
                    "node.version",
                    "The node at " + address + " runs on Java " + node.java() + ", and this on Java " + java
                            + ": it could not load the classes of here. Start the node with Java " + java
                            + ", or this program with Java " + node.java() + ".");
        }
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions submitOptions) {
        requireOpen("takes no more jobs");
        ClientPrograms.check(graph, submitOptions);
        Set<String> shared = new LinkedHashSet<>();
        byte[] encoded = encode(graph, shared);
        if (submitOptions.isDetached() && !shared.isEmpty()) {
            throw new InvalidGraphException("The job is detached, and calls the shared services " + shared
                    + ", which end with environment '" + name()
                    + "'. Declare them with service(…) as a part of the job, or"
                    + " submit it without detached().");
        }
        shared.forEach(this::startShared);
        BesideJob beside = programs.start(graph);
        try {
            byte[] complete = beside == null ? encoded : encode(beside.known(graph, ownHost()), shared);
            // With a key always, so that a repetition after a broken connection does not start it twice.
            JobView view = send(
                    name(),
                    complete,
                    submitOptions,
                    submitOptions
                            .idempotencyKey()
                            .orElseGet(() -> UUID.randomUUID().toString()));
            graph.services()
                    .forEach(service -> service.bind().accept(new RemoteCaller(api, view.id(), service.name())));
            return jobs.add(view, graph, programs(graph), beside);
        } catch (RuntimeException | Error notSubmitted) {
            if (beside != null) {
                beside.end();
            }
            throw notSubmitted;
        }
    }

    /** Where the node reaches programs of here. */
    private String ownHost() {
        return OwnHost.seenFrom(api.http().address(), api.http().times());
    }

    private void requireOpen(String otherwise) {
        if (closing.getCount() == 0) {
            throw new SageException(
                    "environment.closed", "Environment '" + name() + "' was closed and " + otherwise + ".");
        }
    }

    /** @param shared is told the shared services that the graph's functions hold */
    private byte[] encode(JobGraph graph, Set<String> shared) {
        return GraphCodec.encode(graph, (service, sharedBy) -> {
            if (sharedBy != this) {
                throw new InvalidGraphException("service '" + service + "', which another environment, '"
                        + sharedBy.name() + "', shares with its own jobs only. Share one by this environment");
            }
            shared.add(service);
            return homeOf(service);
        });
    }

    /** The key of the job that a shared service has for itself: known before it is submitted, and nowhere the same. */
    private String homeOf(String sharedService) {
        byte[] whole = (identity + "/" + sharedService).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(whole).toString();
    }

    private JobView send(String jobName, byte[] graph, SubmitOptions submitOptions, String key) {
        JobOptions wireOptions = JobOptions.of(submitOptions);
        try {
            return api.submit(new JobSubmission(jobName, wireOptions, shipment.send(graph), null), key);
        } catch (NodeProblemException refused) {
            if (!refused.code().equals("artifact.missing")) {
                throw refused;
            }
            shipment.askAgain();
            return api.submit(new JobSubmission(jobName, wireOptions, shipment.send(graph), null), key);
        }
    }

    private static Set<String> programs(JobGraph graph) {
        Set<String> programs = new TreeSet<>();
        graph.services().stream()
                .filter(service -> service.body() instanceof ServiceBody.OfProcess)
                .forEach(service -> programs.add(service.name()));
        graph.vertices().stream()
                .filter(vertex -> vertex.operator() instanceof Operator.CommandSource)
                .forEach(vertex -> programs.add(vertex.name()));
        return programs;
    }

    /** As a job that has nothing but this service. Blocks until it was submitted; the services that its code calls follow. */
    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        requireOpen("starts no more services");
        JobGraph graph = new JobGraph(name(), List.of(), List.of(service));
        Set<String> needed = new LinkedHashSet<>();
        byte[] encoded = encode(graph, needed);
        needed.forEach(this::startShared);
        JobView view = send(
                abbreviated(name() + "/" + service.name()),
                encoded,
                SubmitOptions.keepRunning().priority(SubmitOptions.HIGHEST_PRIORITY),
                homeOf(service.name()));
        return jobs.addShared(view, graph, programs(graph), service.name());
    }

    private static String abbreviated(String jobName) {
        return jobName.length() <= LONGEST_NAME ? jobName : jobName.substring(0, LONGEST_NAME);
    }

    /** Tasks and chains are the node's affair: this tells what it is given. */
    @Override
    protected String explain(JobGraph graph) {
        StringBuilder text =
                new StringBuilder("To be run at ").append(api.http().address()).append(":\n");
        graph.services()
                .forEach(service ->
                        text.append("service ").append(service.name()).append('\n'));
        graph.vertices().forEach(vertex -> {
            text.append(vertex.name()).append(" × ").append(vertex.parallelism());
            vertex.inputs()
                    .forEach(input -> text.append(" ← ")
                            .append(graph.vertices().get(input.from()).name())
                            .append(' ')
                            .append(input.partitioning().getClass().getSimpleName()));
            text.append('\n');
        });
        return text.toString();
    }

    @Override
    public List<KeptService> keptServices() {
        List<KeptService> services = new ArrayList<>(jobs.sharedServices());
        for (ServiceView kept : api.http().get("/v1/services", ServiceView[].class)) {
            services.add(new RemoteKeptService(api, kept.name()));
        }
        return services;
    }

    @Override
    public Resources resources() {
        return new RemoteResources(api);
    }

    @Override
    public void stop() throws InterruptedException {
        jobs.stop();
    }

    @Override
    public void close() {
        jobs.close();
        api.http().close();
    }

    void hurry() {
        jobs.hurry();
    }
}
