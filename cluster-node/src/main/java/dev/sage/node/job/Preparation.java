package dev.sage.node.job;

import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.Records;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import dev.sage.client.wire.ShippedCode.Artifact;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.code.ArtifactStore;
import dev.sage.node.code.JobCode;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Work;
import dev.sage.runtime.local.Engine;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of a submission something that can run, and of what the registry has, after a start of the node. Blocks. */
public final class Preparation {
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    private static final int ID_BYTES = 4;

    private final Engine engine;
    private final ArtifactStore artifacts;
    private final JobFiles files;
    private final SecureRandom random = new SecureRandom();
    private volatile Function<String, Optional<LiveJob>> jobByKey = key -> Optional.empty();

    public Preparation(Engine engine, ArtifactStore artifacts, JobFiles files) {
        this.engine = engine;
        this.artifacts = artifacts;
        this.files = files;
    }

    /** Says where the jobs are whose services are shared; before the first of them runs. */
    void callsServicesOf(Function<String, Optional<LiveJob>> liveJobByKey) {
        jobByKey = liveJobByKey;
    }

    /**
     * Checks a submission, keeps its graph if the journal is not to have it, and loads its code.
     *
     * @param taken ids that it must not have; that it is none of the history either, the registry looks
     * @param inJournal whether a graph of so many bytes goes with the job into the journal
     * @throws NodeException when it cannot run; then nothing is kept
     */
    PreparedJob prepare(
            JobSubmission submission,
            Optional<String> key,
            String owner,
            Predicate<String> taken,
            IntPredicate inJournal)
            throws IOException {
        SubmitOptions options = options(submission, key);
        NewJob job = new NewJob(
                freshId(taken),
                submission.name(),
                options.owner().orElse(owner),
                key,
                contentHash(submission),
                submission.options(),
                work(submission, inJournal));
        ShippedCode code = submission.code();
        if (code != null && JobFiles.hasGraphFile(job)) {
            files.saveGraph(job.id(), bytes(code.graph()));
        }
        try {
            PreparedJob prepared = load(job);
            engine.check(prepared.graph(), options);
            return prepared;
        } catch (RuntimeException | IOException | Error cannotRun) {
            discard(job);
            throw cannotRun;
        }
    }

    private String freshId(Predicate<String> taken) {
        byte[] bytes = new byte[ID_BYTES];
        String id;
        do {
            random.nextBytes(bytes);
            id = HexFormat.of().formatHex(bytes);
        } while (files.hasGraph(id) || taken.test(id));
        return id;
    }

    /** Without the graph: the same pipeline has other bytes in another JVM, where sets and maps have another order. */
    private static String contentHash(JobSubmission submission) {
        ShippedCode code = submission.code();
        return JobFiles.digest(StoredTexts.bytes(new JobSubmission(
                submission.name(),
                submission.options(),
                code == null ? null : new ShippedCode(code.sage(), code.java(), code.artifacts(), ""),
                submission.command())));
    }

    private static SubmitOptions options(JobSubmission submission, Optional<String> key) {
        try {
            return submission.options().toOptions(key.orElse(null));
        } catch (IllegalArgumentException e) {
            throw new NodeException(
                    Kind.INVALID, "options.invalid", String.valueOf(e.getMessage()), "Correct the value.", e);
        }
    }

    private Work work(JobSubmission submission, IntPredicate inJournal) throws IOException {
        ShippedCode code = submission.code();
        CommandLine command = submission.command();
        if (code != null && command == null) {
            JobCode.checkVersion(code, SageVersion.here());
            requireArtifacts(code.artifacts());
            Optional<String> graph = Optional.of(code.graph()).filter(text -> inJournal.test(text.length()));
            return new Work.Pipeline(code.sage(), code.java(), code.artifacts(), graph);
        }
        if (code == null && command != null) {
            return new Work.Program(command);
        }
        throw new NodeException(
                Kind.INVALID,
                "submission.invalid",
                "A submission has either 'code' or 'command'; this one has " + (code == null ? "neither." : "both."),
                "Send one of the two.");
    }

    private void requireArtifacts(List<Artifact> needed) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Artifact artifact : needed) {
            if (!artifacts.has(artifact.sha256())) {
                missing.add(artifact.name() + " (" + artifact.sha256() + ")");
            }
        }
        if (!missing.isEmpty()) {
            throw new NodeException(
                    Kind.UNPROCESSABLE,
                    "artifact.missing",
                    "The node does not have " + String.join(", ", missing) + ".",
                    "Upload them with PUT /v1/artifacts/{sha256}, then submit again.");
        }
    }

    private static byte[] bytes(String graph) {
        try {
            return Base64.getDecoder().decode(graph);
        } catch (IllegalArgumentException e) {
            throw new NodeException(
                    Kind.INVALID, "submission.invalid", "The graph is no Base64: " + e.getMessage(), "Send it so.", e);
        }
    }

    /** Loads the code of a job. */
    PreparedJob load(NewJob job) throws IOException {
        PrintLog print = new PrintLog(files.printed(job.id()), engine.settings().process());
        if (job.work() instanceof Work.Program program) {
            JobGraph graph = CommandGraph.of(job.name(), program.command());
            return new PreparedJob(job, graph, Optional.empty(), print, Set.of());
        }
        Work.Pipeline pipeline = (Work.Pipeline) job.work();
        Set<String> collects = new TreeSet<>();
        List<Path> jars = new ArrayList<>();
        for (Artifact artifact : pipeline.artifacts()) {
            jars.add(artifacts.path(artifact.sha256()));
        }
        byte[] graph = pipeline.graph().isPresent() ? bytes(pipeline.graph().get()) : files.graph(job.id());
        JobCode code = JobCode.load(job.id(), jars, graph, new JobCode.Hooks() {
            @Override
            public Consumer<List<Object>> collect(String operator) {
                collects.add(operator);
                return records -> keep(job.id(), operator, records);
            }

            @Override
            public Consumer<String> print() {
                print.use();
                return print::print;
            }

            @Override
            public ServiceCaller shared(String home, String service, ClassLoader loader) {
                return new SharedCaller(
                        service,
                        loader,
                        () -> jobByKey.apply(home),
                        engine.settings().startTimeout());
            }
        });
        return new PreparedJob(job, code.graph(), Optional.of(code), print, collects);
    }

    private void keep(String id, String operator, List<Object> records) {
        try (OutputStream out = new BufferedOutputStream(files.collect(id, operator))) {
            Records.write(records, out);
        } catch (IOException e) {
            throw new UncheckedIOException("What '" + operator + "' collected cannot be sent: " + e.getMessage(), e);
        }
    }

    /** The job was not accepted. */
    void discard(NewJob job) {
        if (!JobFiles.hasGraphFile(job)) {
            return;
        }
        try {
            files.deleteGraph(job.id());
        } catch (IOException e) {
            log.warn("The graph of job {} cannot be deleted; the next start of the node tries again", job.id(), e);
        }
    }

    String plan(NewJob job) throws IOException {
        try (PreparedJob loaded = load(job)) {
            return engine.explain(loaded.graph());
        }
    }
}
