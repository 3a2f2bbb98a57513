package dev.sage.ray;

import com.typesafe.config.Config;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.format.JacksonFormat;
import dev.sage.runtime.process.Guardian;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.process.ProcessGrant;
import dev.sage.runtime.process.ProcessLedger;
import dev.sage.runtime.process.ProcessMark;
import dev.sage.runtime.process.Processes;
import dev.sage.runtime.ray.RayHost;
import dev.sage.runtime.resource.Acquisition;
import dev.sage.runtime.resource.Lease;
import dev.sage.runtime.resource.Leases;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.SageHome;
import dev.sage.runtime.resource.Want;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Gives programs what an environment would: a session, a mark, the ledger and a guardian. */
public final class TestHost implements RayHost, AutoCloseable {
    private final SageSettings settings;
    private final Ledger ledger;
    private final BlockingThreads threads = BlockingThreads.create("test-ray");
    private final Processes processes;
    private final List<Lease> lent = new CopyOnWriteArrayList<>();

    /** @param given settings that differ from the defaults */
    public TestHost(Path home, Map<String, ?> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("sage.home", home.toString());
        // The GPUs of tests need not exist, and others that run at the same time have the same.
        all.putIfAbsent("sage.locks-folder", home.resolve("locks").toString());
        all.put("sage.gpus.idle-check.when", "off");
        settings = SageSettings.load(all);
        ledger = Ledger.open(new SageHome(home));
        processes = new Processes(settings.process(), new Guardian(ledger.instance()), threads, new JacksonFormat());
    }

    @Override
    public Config config() {
        return settings.config();
    }

    @Override
    public Path home() {
        return ledger.home().folder();
    }

    @Override
    public Optional<Set<String>> heldActors() {
        return Optional.of(ledger.entries().stream()
                .map(LedgerEntry::resource)
                .filter(Resource.RayActor.class::isInstance)
                .map(resource -> ((Resource.RayActor) resource).name())
                .collect(Collectors.toSet()));
    }

    @Override
    public void takeGpus(String program, List<Integer> ids) throws InterruptedException {
        Acquisition acquisition = leases().acquire("", 1, List.of(new Want(program, ids, List.of(), 0)));
        if (acquisition instanceof Acquisition.Refused refused) {
            throw new SageException("ray.gpus", refused.refusals().toString());
        }
        lent.addAll(((Acquisition.Granted) acquisition).leases());
    }

    @Override
    public void giveGpusBack(String program) throws InterruptedException {
        for (Lease lease : List.copyOf(lent)) {
            leases().release(lease);
            lent.remove(lease);
        }
    }

    private Leases leases() {
        return new Leases(settings.leases(), ledger, mark -> List.of());
    }

    @Override
    public String instance() {
        return ledger.instance();
    }

    public List<LedgerEntry> held() {
        return ledger.entries();
    }

    @Override
    public ManagedProcess program(String name, ProcessService description) {
        ProcessMark mark = new ProcessMark(instance(), "", 1, name);
        try {
            Files.createDirectories(home());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ProcessGrant grant =
                new ProcessGrant(mark, List.of(), List.of(), false, home().resolve(name + ".log"), line -> {});
        return processes.service(description, grant, new Written(name), Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        processes.close();
        ledger.close();
        threads.close();
    }

    private final class Written implements ProcessLedger {
        private final String name;

        Written(String name) {
            this.name = name;
        }

        @Override
        public Entry intend(String mark) {
            LedgerEntry entry = ledger.add("", 1, name, new Resource.ProcessTree(mark, Optional.empty()));
            return new Entry() {
                @Override
                public void spawned(long pid, long startTicks) {
                    ledger.spawned(entry, pid, startTicks);
                }

                @Override
                public void strikeOff() {
                    ledger.strike(entry);
                }
            };
        }
    }
}
