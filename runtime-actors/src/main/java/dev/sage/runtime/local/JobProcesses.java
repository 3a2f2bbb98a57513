package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobLeases.Lease;
import dev.sage.api.OutputListener;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.Subscription;
import dev.sage.api.graph.ServiceBody;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.feed.OutputFeed;
import dev.sage.runtime.format.JacksonFormat;
import dev.sage.runtime.process.ClientProcess;
import dev.sage.runtime.process.CommandRun;
import dev.sage.runtime.process.Guardian;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.process.OutputFollower;
import dev.sage.runtime.process.ProcessGrant;
import dev.sage.runtime.process.ProcessLedger;
import dev.sage.runtime.process.ProcessMark;
import dev.sage.runtime.process.ProcessSettings;
import dev.sage.runtime.process.ProcessTable;
import dev.sage.runtime.process.ProcessTree;
import dev.sage.runtime.process.Processes;
import dev.sage.runtime.process.SeenProcess;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.OutputFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The processes of the jobs of one environment: what they are given, what they print, and that none is left. */
final class JobProcesses implements AutoCloseable {
    private static final int ENDED_OUTPUTS = 16;

    /** One guardian sees to all processes of this JVM with the same state folder. */
    private static final Map<String, Guardian> GUARDIANS = new ConcurrentHashMap<>();

    private record Holder(String job, String name) {}

    private final ProcessSettings settings;
    private final boolean gpusShared;
    private final Ledger ledger;
    private final OutputFolders folders;
    private final BlockingThreads threads;
    private final Processes processes;
    private final Map<Holder, OutputFeed> outputs = new LinkedHashMap<>();
    /** Of those that have ended last, for who comes a moment late. */
    private final Map<Holder, OutputFeed> endedOutputs = new LinkedHashMap<>();

    /** Those that have ended in order, until they are reported. */
    private final Map<Holder, Duration> ended = new ConcurrentHashMap<>();
    /** As they stand in the ledger, which other environments of this JVM write as well. */
    private final Set<LedgerEntry> running = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** @param gpusShared whether there are GPUs that jobs can be given */
    JobProcesses(
            ProcessSettings settings,
            boolean gpusShared,
            Ledger ledger,
            OutputFolders folders,
            BlockingThreads threads) {
        this.settings = settings;
        this.gpusShared = gpusShared;
        this.ledger = ledger;
        this.folders = folders;
        this.threads = threads;
        this.processes = new Processes(
                settings, GUARDIANS.computeIfAbsent(ledger.instance(), Guardian::new), threads, new JacksonFormat());
    }

    ManagedProcess service(String job, String name, ProcessService program, Lease lease, Duration callTimeout) {
        return processes.service(program, grant(job, name, lease), new Written(job, name), callTimeout);
    }

    ClientProcess atClient(String name, ServiceBody.BesideClient where, Duration callTimeout) {
        return processes.atClient(name, where, callTimeout);
    }

    CommandRun command(String job, String name, ProcessService program, Lease lease) {
        return processes.command(program, grant(job, name, lease), new Written(job, name));
    }

    private ProcessGrant grant(String job, String name, Lease lease) {
        return new ProcessGrant(
                new ProcessMark(ledger.instance(), job, Dispatcher.EPOCH, name),
                lease.ports(),
                lease.gpus(),
                gpusShared,
                file(job, name),
                follower(output(job, name)));
    }

    private static OutputFollower follower(OutputFeed feed) {
        return new OutputFollower() {
            @Override
            public void line(String line) {
                feed.tell(line);
            }

            @Override
            public CompletableFuture<?> room() {
                return feed.room();
            }
        };
    }

    Path file(String job, String name) {
        return folders.of(job).resolve(URLEncoder.encode(name, StandardCharsets.UTF_8) + ".log");
    }

    Subscription follow(String job, String name, OutputListener listener) {
        OutputFeed late = ended(new Holder(job, name));
        return (late == null ? output(job, name) : late).follow(listener);
    }

    private synchronized @Nullable OutputFeed ended(Holder holder) {
        return outputs.containsKey(holder) ? null : endedOutputs.get(holder);
    }

    private synchronized OutputFeed output(String job, String name) {
        return outputs.computeIfAbsent(
                new Holder(job, name),
                holder -> new OutputFeed("output '" + name + "' of job " + job, settings.followLines(), threads));
    }

    /** Who follows the output of these processes hears its end. */
    synchronized void forget(String job, Predicate<String> holders) {
        for (Map.Entry<Holder, OutputFeed> output : List.copyOf(outputs.entrySet())) {
            Holder holder = output.getKey();
            if (holder.job().equals(job) && holders.test(holder.name())) {
                output.getValue().end();
                outputs.remove(holder);
                endedOutputs.putIfAbsent(holder, output.getValue());
            }
        }
        while (endedOutputs.size() > ENDED_OUTPUTS) {
            endedOutputs.remove(endedOutputs.keySet().iterator().next());
        }
        if (outputs.keySet().stream().noneMatch(holder -> holder.job().equals(job))) {
            folders.ended(job);
        }
        ended.keySet().removeIf(holder -> holder.job().equals(job) && holders.test(holder.name()));
    }

    /** Kills what a job has, but of these holders; who runs it strikes it off. Blocks; answers how many are left. */
    int kill(String job, Set<String> except) throws InterruptedException {
        int left = 0;
        for (LedgerEntry entry : trees(job, holder -> !except.contains(holder))) {
            left += kill(mark(entry)).size();
        }
        return left;
    }

    /** Kills what is left of these holders of a job, and tells of all that they had. Blocks. */
    List<CleanupReport.Line> end(String job, Predicate<String> holders) throws InterruptedException {
        List<CleanupReport.Line> lines = new ArrayList<>();
        for (LedgerEntry entry : trees(job, holders)) {
            lines.add(end(entry));
        }
        ended.forEach((holder, duration) -> {
            if (holder.job().equals(job) && holders.test(holder.name()) && ended.remove(holder, duration)) {
                lines.add(line(holder.name(), Outcome.RELEASED, "", duration));
            }
        });
        return lines;
    }

    /** Tries once more to end what is left of a holder, and answers why that cannot be done. Blocks. */
    Optional<String> whyNotEnded(String job, String holder) throws InterruptedException {
        for (LedgerEntry entry : trees(job, holder::equals)) {
            CleanupReport.Line line = end(entry);
            if (line.outcome() == Outcome.FAILED) {
                return Optional.of(line.reason());
            }
        }
        return Optional.empty();
    }

    /** Kills all that still runs; from now on nothing is started. Blocks. */
    List<CleanupReport.Line> endAll() throws InterruptedException {
        closed = true;
        List<CleanupReport.Line> lines = new ArrayList<>();
        for (LedgerEntry entry : List.copyOf(running)) {
            lines.add(end(entry));
        }
        return lines;
    }

    /** The world is compared with the ledger, should something have come to life while its family was being ended. */
    List<CleanupReport.Line> endStrays(String job, Set<String> except) throws InterruptedException {
        String ofJob = ProcessMark.ofJob(ledger.instance(), job);
        Set<String> spared = except.stream()
                .map(name -> new ProcessMark(ledger.instance(), job, Dispatcher.EPOCH, name).text())
                .collect(Collectors.toSet());
        Set<String> marks = ProcessTable.read().markedUnder(ofJob).stream()
                .flatMap(process -> ProcessMark.in(process.owner()))
                .filter(mark -> mark.startsWith(ofJob) && !spared.contains(mark))
                .collect(Collectors.toCollection(TreeSet::new));
        List<CleanupReport.Line> lines = new ArrayList<>();
        for (String mark : marks) {
            long sinceNs = System.nanoTime();
            List<SeenProcess> left = kill(mark);
            lines.add(line(
                    mark,
                    left.isEmpty() ? Outcome.RELEASED : Outcome.FAILED,
                    left.isEmpty() ? "" : notEnded(left),
                    Duration.ofNanos(System.nanoTime() - sinceNs)));
        }
        return lines;
    }

    private CleanupReport.Line end(LedgerEntry entry) throws InterruptedException {
        long sinceNs = System.nanoTime();
        List<SeenProcess> left = kill(mark(entry));
        Duration duration = Duration.ofNanos(System.nanoTime() - sinceNs);
        if (!left.isEmpty()) {
            return line(entry.holder(), Outcome.FAILED, notEnded(left) + "; the ledger has it still", duration);
        }
        ledger.strike(entry);
        running.remove(entry);
        ended.remove(new Holder(entry.job(), entry.holder()));
        return line(entry.holder(), Outcome.RELEASED, "", duration);
    }

    /** What stands in the ledger of the processes of these holders. */
    private List<LedgerEntry> trees(String job, Predicate<String> holders) {
        return ledger.entries().stream()
                .filter(entry -> entry.job().equals(job) && holders.test(entry.holder()))
                .filter(entry -> entry.resource() instanceof Resource.ProcessTree)
                .toList();
    }

    private static String mark(LedgerEntry entry) {
        return ((Resource.ProcessTree) entry.resource()).mark();
    }

    /** Answers what is left. */
    private List<SeenProcess> kill(String mark) throws InterruptedException {
        return ProcessTree.endMarked(mark, Duration.ZERO, settings.killWithin());
    }

    private String notEnded(List<SeenProcess> left) {
        return left + " did not end within " + settings.killWithin() + " after KILL";
    }

    private static CleanupReport.Line line(String name, Outcome outcome, String reason, Duration duration) {
        return new CleanupReport.Line("process", name, Step.STOP_PROCESSES.key(), outcome, reason, duration);
    }

    @Override
    public void close() {
        processes.close();
        synchronized (this) {
            outputs.values().forEach(OutputFeed::end);
        }
        folders.close();
    }

    /** The ledger, as the processes of one holder are written there. */
    private final class Written implements ProcessLedger {
        private final String job;
        private final String name;

        Written(String job, String name) {
            this.job = job;
            this.name = name;
        }

        /** Nothing was spawned for it. */
        private void unwritten(LedgerEntry written) {
            running.remove(written);
            ledger.strike(written);
        }

        @Override
        public Entry intend(String mark) {
            LedgerEntry written =
                    ledger.add(job, Dispatcher.EPOCH, name, new Resource.ProcessTree(mark, Optional.empty()));
            running.add(written);
            if (closed) {
                unwritten(written);
                throw new SageException(
                        "environment.closed", "The environment of '" + name + "' was closed: it starts no process.");
            }
            try {
                folders.make(job);
            } catch (IOException e) {
                unwritten(written);
                throw new UncheckedIOException("The folder for the output of job " + job + " cannot be made", e);
            }
            return new Entry() {
                @Override
                public void spawned(long pid, long startTicks) {
                    ledger.spawned(written, pid, startTicks);
                }

                @Override
                public void strikeOff() {
                    running.remove(written);
                    if (ledger.strike(written)) {
                        ended.put(new Holder(job, name), Duration.ZERO);
                    }
                }
            };
        }
    }
}
