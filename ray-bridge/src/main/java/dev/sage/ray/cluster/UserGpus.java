package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.process.ProcessTree;
import dev.sage.runtime.process.SeenProcess;
import dev.sage.runtime.resource.Leases;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.Refusal;
import dev.sage.runtime.resource.SageHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The GPUs of a cluster that outlives all programs. Its first process locks them as programs do, so that none of them, of
 * any state folder, gives one to a job while the cluster runs, and nobody has to clear anything when it was killed.
 */
final class UserGpus {
    private static final String HOLDER = "sage ray up";

    private final SageSettings settings;
    private final SageHome home;

    UserGpus(SageSettings settings, Path home) {
        this.settings = settings;
        this.home = new SageHome(home);
    }

    /** @throws SageException with code {@code ray.gpus}, and who has one of them */
    void requireFree(List<Integer> ids) throws InterruptedException {
        if (ids.isEmpty()) {
            return;
        }
        try (Ledger ledger = Ledger.open(home)) {
            List<Refusal> taken =
                    leases(ledger).notFree(ids.stream().map(Resource.Gpu::new).toList());
            if (!taken.isEmpty()) {
                throw new SageException(
                        "ray.gpus",
                        "The cluster cannot have "
                                + taken.stream()
                                        .map(one -> "GPU " + ((Resource.Gpu) one.resource()).id() + ", which "
                                                + one.reason())
                                        .collect(Collectors.joining("; "))
                                + ". Wait for that, or name other GPUs.");
            }
        }
    }

    /** For the first process of the cluster. */
    Map<String, String> environment(List<Integer> ids, String instance) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        try (Ledger ledger = Ledger.open(home)) {
            Leases.OwnLocks locks = leases(ledger).ownLocks(ids, instance, "ray", HOLDER);
            return Map.of(
                    "SAGE_GPU_LOCKS",
                    locks.files().stream().map(Path::toString).collect(Collectors.joining(":")),
                    "SAGE_GPU_NOTE",
                    locks.note());
        }
    }

    private Leases leases(Ledger ledger) {
        return new Leases(settings.leases(), ledger, this::endMarked);
    }

    private List<String> endMarked(String mark) throws InterruptedException {
        return ProcessTree.endMarked(
                        mark,
                        settings.process().stopWithin(),
                        settings.process().killWithin())
                .stream()
                .map(SeenProcess::toString)
                .toList();
    }
}
