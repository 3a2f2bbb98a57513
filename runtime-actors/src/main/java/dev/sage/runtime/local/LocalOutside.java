package dev.sage.runtime.local;

import com.typesafe.config.Config;
import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.api.Next;
import dev.sage.api.OutputListener;
import dev.sage.api.ProcessService;
import dev.sage.api.Service;
import dev.sage.api.Subscription;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.Commands;
import dev.sage.runtime.dataplane.RemotePools;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.process.Processes;
import dev.sage.runtime.ray.RayActors;
import dev.sage.runtime.ray.RayHost;
import dev.sage.runtime.resource.ActorEnder;
import dev.sage.runtime.resource.Leases;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.OutputFolders;
import dev.sage.runtime.resource.Sweep;
import dev.sage.runtime.resource.SweepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outside of a local environment: the processes of its jobs, and its part of what this JVM holds. It touches the disk
 * when a job first needs something, but for what dead programs have left, which it sweeps at its start.
 */
final class LocalOutside implements Outside {
    private static final Logger log = LoggerFactory.getLogger(LocalOutside.class);

    /** Of the processes that all jobs share. */
    static final String NO_JOB = "ray";

    private final Duration callTimeout;
    private final Ledger ledger;
    private final JobProcesses processes;
    private final LeaseBook leases;
    private final RayActors actors;

    private LocalOutside(SageSettings settings, BlockingThreads threads) {
        this.callTimeout = settings.callTimeout();
        this.ledger = Ledger.open(LocalCaretaker.home(settings));
        this.processes = new JobProcesses(
                settings.process(),
                !settings.scheduling().gpus().isEmpty(),
                ledger,
                new OutputFolders(ledger, settings.keptOutputs()),
                threads);
        this.leases = new LeaseBook(
                new Leases(settings.leases(), ledger, mark -> LocalCaretaker.endMarked(mark, settings)),
                processes::whyNotEnded);
        this.actors = RayActors.create(settings.ray(), ledger, threads, Dispatcher.EPOCH, new OwnRay(settings, ledger));
    }

    /** What its way to Ray is given: the processes of that belong to no job. */
    private final class OwnRay implements RayHost {
        private final SageSettings settings;
        private final Ledger written;

        OwnRay(SageSettings settings, Ledger written) {
            this.settings = settings;
            this.written = written;
        }

        @Override
        public Config config() {
            return settings.config();
        }

        @Override
        public Path home() {
            return written.home().folder();
        }

        @Override
        public Optional<Set<String>> heldActors() throws InterruptedException {
            List<SweepReport.Line> others =
                    LocalCaretaker.sweep(settings, ActorEnder.LEAVES).check().lines();
            if (others.stream().anyMatch(line -> line.outcome() == SweepReport.Outcome.FAILED)) {
                return Optional.empty();
            }
            return Optional.of(Stream.concat(
                            written.entries().stream(),
                            others.stream()
                                    .filter(line -> line.outcome() != SweepReport.Outcome.LEFT)
                                    .flatMap(line -> line.entry().stream()))
                    .map(LedgerEntry::resource)
                    .filter(Resource.RayActor.class::isInstance)
                    .map(resource -> ((Resource.RayActor) resource).name())
                    .collect(Collectors.toSet()));
        }

        @Override
        public String instance() {
            return written.instance();
        }

        @Override
        public void takeGpus(String program, List<Integer> ids) throws InterruptedException {
            leases.take(NO_JOB, program, ids);
        }

        @Override
        public void giveGpusBack(String program) throws InterruptedException {
            leases.release(NO_JOB, program::equals).lines().stream()
                    .filter(line -> line.outcome() == CleanupReport.Outcome.FAILED)
                    .forEach(line -> log.warn("Still held, and tried again at the end: {}", line));
        }

        @Override
        public ManagedProcess program(String name, ProcessService description) {
            return processes.service(NO_JOB, name, description, JobLeases.Lease.NONE, callTimeout);
        }
    }

    static LocalOutside start(SageSettings settings, BlockingThreads threads) {
        LocalOutside outside = new LocalOutside(settings, threads);
        Sweep sweep = LocalCaretaker.sweep(settings, outside.actors.ender());
        threads.submit(() -> {
            tell(sweep);
            return true;
        });
        return outside;
    }

    /** Sweeps for somebody who has no environment. Blocks. */
    static SweepReport swept(SageSettings settings) throws InterruptedException {
        BlockingThreads threads = BlockingThreads.create("sweep");
        LocalOutside outside = new LocalOutside(settings, threads);
        try {
            return LocalCaretaker.sweep(settings, outside.actors.ender()).run();
        } finally {
            outside.close();
            threads.close();
        }
    }

    /** Whoever wants what a dead program left waits until that is swept, here or there; so nobody waits for this. */
    private static void tell(Sweep sweep) {
        try {
            for (SweepReport.Line line : sweep.run().lines()) {
                switch (line.outcome()) {
                    case FREED -> log.info("Swept: {}", line);
                    case FAILED -> log.warn("Not swept: {}", line);
                    default -> log.debug("{}", line);
                }
            }
        } catch (InterruptedException closed) {
            log.debug("The sweep was interrupted, as the environment is closed; the next one goes on", closed);
        } catch (RuntimeException broken) {
            log.warn("What dead Sage programs left could not be swept. See \"sage check\"", broken);
        }
    }

    @Override
    public void requireProcesses() {
        Processes.requireSupported();
    }

    @Override
    public Service make(String jobId, ServiceSpec spec, boolean lasting) throws Exception {
        if (spec.body() instanceof ServiceBody.OfProcess process) {
            return processes.service(
                    jobId,
                    spec.name(),
                    process.program(),
                    leases.of(jobId, spec.name()),
                    spec.callTimeout().orElse(callTimeout));
        }
        if (spec.body() instanceof ServiceBody.OnRay ray) {
            return actors.service(
                    jobId,
                    spec.name(),
                    ray.actor(),
                    spec.concurrency(),
                    spec.callTimeout().orElse(callTimeout),
                    lasting);
        }
        if (spec.body() instanceof ServiceBody.BesideClient client) {
            return processes.atClient(spec.name(), client, spec.callTimeout().orElse(callTimeout));
        }
        Service made = ((ServiceBody.InJvm) spec.body()).factory().create();
        if (made == null) {
            throw new NullPointerException("The factory of service '" + spec.name() + "' returned null.");
        }
        return made;
    }

    @Override
    public JobLeases.Lease ownLease(String jobId) {
        return leases.of(jobId, JobLeases.OWN);
    }

    @Override
    public List<LedgerEntry> held() {
        return ledger.entries();
    }

    @Override
    public Commands commands(String jobId) {
        return (operator, program) -> () -> {
            processes
                    .command(jobId, operator, program, leases.of(jobId, operator))
                    .run();
            return Next.end();
        };
    }

    @Override
    public void requireRay() {
        actors.require();
    }

    @Override
    public RemotePools remotePools(String jobId) {
        return (operator, instance, instances, kind) -> actors.pool(jobId, operator, instance, instances, kind);
    }

    @Override
    public List<CleanupReport.Line> endActors(String jobId, Set<String> except) throws InterruptedException {
        return actors.end(jobId, holder -> !except.contains(holder));
    }

    @Override
    public ScheduleCommand acquire(ScheduleEffect.Acquire wanted) throws InterruptedException {
        return leases.acquire(wanted);
    }

    @Override
    public Release release(String jobId, Set<String> kept) throws InterruptedException {
        return leases.release(jobId, holder -> !kept.contains(holder));
    }

    @Override
    public Release releaseHolder(String jobId, String holder) throws InterruptedException {
        List<CleanupReport.Line> lines = new ArrayList<>(actors.end(jobId, holder::equals));
        lines.addAll(processes.end(jobId, holder::equals));
        Release release = leases.release(jobId, holder::equals);
        lines.addAll(release.lines());
        processes.forget(jobId, holder::equals);
        return new Release(lines, release.holders(), release.troubles());
    }

    @Override
    public List<Thing> free(List<Thing> things) throws InterruptedException {
        return leases.free(things);
    }

    @Override
    public List<CleanupReport.Line> endProcesses(String jobId, Set<String> except) throws InterruptedException {
        List<CleanupReport.Line> lines = new ArrayList<>(processes.end(jobId, holder -> !except.contains(holder)));
        lines.addAll(processes.endStrays(jobId, except));
        return lines;
    }

    @Override
    public int killProcesses(String jobId, Set<String> except) throws InterruptedException {
        return processes.kill(jobId, except);
    }

    @Override
    public Subscription output(String jobId, String holder, OutputListener listener) {
        return processes.follow(jobId, holder, listener);
    }

    @Override
    public Path outputFile(String jobId, String holder) {
        return processes.file(jobId, holder);
    }

    @Override
    public void forget(String jobId, Set<String> kept) {
        processes.forget(jobId, holder -> !kept.contains(holder));
        if (kept.isEmpty()) {
            actors.forget(jobId);
        }
    }

    /** All jobs have ended, or lost their actors; what could not be ended and released then has one more chance. */
    @Override
    public void close() {
        try {
            List<CleanupReport.Line> lines = new ArrayList<>(actors.endAll());
            actors.close();
            lines.addAll(processes.endAll());
            lines.addAll(leases.close());
            lines.stream()
                    .filter(line -> line.outcome() == CleanupReport.Outcome.FAILED)
                    .forEach(line -> log.warn("Still held at the end, and left to the next sweep: {}", line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            actors.close();
            processes.close();
            ledger.close();
        }
    }
}
