package dev.sage.runtime.local;

import dev.sage.api.spi.Caretaker;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.process.ProcessTree;
import dev.sage.runtime.process.SeenProcess;
import dev.sage.runtime.resource.ActorEnder;
import dev.sage.runtime.resource.SageHome;
import dev.sage.runtime.resource.Sweep;
import dev.sage.runtime.resource.SweepReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sweeps as an environment does at its start, for those who want to see it. */
public final class LocalCaretaker implements Caretaker {
    @Override
    public Findings look(Map<String, ?> given, boolean free) throws InterruptedException {
        SageSettings settings = SageSettings.load(given);
        SweepReport report = free
                ? LocalOutside.swept(settings)
                : sweep(settings, ActorEnder.LEAVES).check();
        return new Findings(
                home(settings).folder().toString(),
                report.clean(),
                report.lines().stream().map(LocalCaretaker::finding).toList());
    }

    /** The state folder that these settings name, or else the usual one. Looks at no disk. */
    public static SageHome home(SageSettings settings) {
        return settings.home().isBlank()
                ? SageHome.find(System.getenv(), Optional.empty())
                : new SageHome(Path.of(settings.home()));
    }

    static Sweep sweep(SageSettings settings, ActorEnder actors) {
        return new Sweep(home(settings), settings.leases().lockFolder(), mark -> endMarked(mark, settings), actors);
    }

    /** What its owner's guardian has not asked to end is not asked any more. */
    static List<String> endMarked(String mark, SageSettings settings) throws InterruptedException {
        return ProcessTree.endMarked(
                        mark,
                        settings.process().stopWithin(),
                        settings.process().killWithin())
                .stream()
                .map(SeenProcess::toString)
                .toList();
    }

    private static Finding finding(SweepReport.Line line) {
        return new Finding(
                line.instance(),
                line.entry().map(LedgerEntry::job).orElse(""),
                line.entry().map(LedgerEntry::holder).orElse(""),
                line.entry().map(entry -> describe(entry.resource())).orElse("ledger"),
                line.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                line.reason());
    }

    private static String describe(Resource resource) {
        if (resource instanceof Resource.Gpu gpu) {
            return "GPU " + gpu.id();
        } else if (resource instanceof Resource.Port port) {
            return "port " + port.number();
        } else if (resource instanceof Resource.ProcessTree tree) {
            return tree.first().map(first -> "process " + first.pid()).orElse("process " + tree.mark());
        } else if (resource instanceof Resource.RayActor actor) {
            return "Ray actor " + actor.name() + " at " + actor.cluster();
        }
        return resource.toString();
    }
}
