package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerState;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.ledger.SweepRule;
import dev.sage.runtime.core.ledger.World;
import dev.sage.runtime.resource.SweepReport.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A ledger whose lock this sweep got. Each entry is struck off when it was freed, so that a sweep which is killed itself
 * leaves the rest to the next one; the file goes with the last entry.
 */
final class DeadLedger {
    private final String instance;
    private final Path path;
    private final FileChannel channel;
    private final Optional<String> trouble;
    private final List<SweepReport.Line> lines = new ArrayList<>();
    private LedgerState state;
    private long end;

    DeadLedger(String instance, Path path, FileChannel channel) throws IOException {
        this.instance = instance;
        this.path = path;
        this.channel = channel;
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // Until all of it is there.
        }
        LedgerLines.Content content = LedgerLines.read(bytes.array());
        this.state = content.state();
        this.end = content.bytes();
        this.trouble = content.trouble();
    }

    /** What is to be freed. */
    List<SweepReport.Line> left() {
        for (LedgerEntry entry : state.entries()) {
            tell(entry, Outcome.LEFT, "its owner is dead");
        }
        tellTrouble();
        return lines;
    }

    List<SweepReport.Line> free(ProcessEnder ender, ActorEnder actorEnder, MachineLocks locks)
            throws IOException, InterruptedException {
        List<LedgerEntry> entries = List.copyOf(state.entries());
        for (LedgerEntry entry : entries) {
            if (entry.resource() instanceof Resource.ProcessTree tree) {
                end(entry, tree, ender);
            }
        }
        // With its processes a dead owner's own cluster went, and whatever ended with its gateway.
        reap(entries, actorEnder);
        World here = Machine.look();
        for (LedgerEntry entry : entries) {
            if (entry.resource() instanceof Resource.Gpu || entry.resource() instanceof Resource.Port) {
                unlock(entry, here, locks);
            }
        }
        tellTrouble();
        if (state.entries().isEmpty() && trouble.isEmpty()) {
            Files.deleteIfExists(path);
        }
        return lines;
    }

    private void end(LedgerEntry entry, Resource.ProcessTree tree, ProcessEnder ender)
            throws IOException, InterruptedException {
        SweepRule.Verdict verdict = SweepRule.verdict(state, entry, Machine.look());
        if (verdict instanceof SweepRule.End ended) {
            List<String> left = ender.endMarked(ended.mark());
            Optional<String> remains = SweepRule.remains(state, tree, Machine.look());
            if (!left.isEmpty() || remains.isPresent()) {
                tell(entry, Outcome.FAILED, remains.orElseGet(() -> "still there: " + String.join(", ", left)));
                return;
            }
        }
        strike(entry);
    }

    private void reap(List<LedgerEntry> entries, ActorEnder ender) throws IOException, InterruptedException {
        World here = Machine.look();
        Map<LedgerEntry, Resource.RayActor> actors = new LinkedHashMap<>();
        for (LedgerEntry entry : entries) {
            if (SweepRule.verdict(state, entry, here) instanceof SweepRule.Reap reap) {
                actors.put(entry, reap.actor());
            }
        }
        if (actors.isEmpty()) {
            return;
        }
        Map<Resource.RayActor, ActorEnder.Found> found = ender.end(Set.copyOf(actors.values()));
        for (Map.Entry<LedgerEntry, Resource.RayActor> actor : actors.entrySet()) {
            ActorEnder.Found one = found.get(actor.getValue());
            if (one == null) {
                tell(actor.getKey(), Outcome.FAILED, "nothing is known of it");
            } else if (one.gone()) {
                strike(actor.getKey(), one.reason());
            } else {
                tell(actor.getKey(), Outcome.FAILED, one.reason());
            }
        }
    }

    private void unlock(LedgerEntry entry, World here, MachineLocks locks) throws IOException {
        if (SweepRule.verdict(state, entry, here) instanceof SweepRule.After after) {
            tell(entry, Outcome.FAILED, "may be in use by what could not be ended: " + after.trees());
            return;
        }
        Optional<String> failure = locks.clear(entry.resource(), instance);
        if (failure.isPresent()) {
            tell(entry, Outcome.FAILED, failure.get());
            return;
        }
        strike(entry);
    }

    private void strike(LedgerEntry entry) throws IOException {
        strike(entry, "");
    }

    private void strike(LedgerEntry entry, String reason) throws IOException {
        LedgerEvent struck = new LedgerEvent.Struck(entry.number());
        if (trouble.isEmpty()) {
            // Over the torn rest of the last line, if there is one.
            channel.truncate(end);
            end += channel.write(ByteBuffer.wrap(LedgerLines.write(struck)), end);
        }
        state = state.evolve(struck);
        tell(entry, Outcome.FREED, reason);
    }

    private void tell(LedgerEntry entry, Outcome outcome, String reason) {
        lines.add(new SweepReport.Line(instance, Optional.of(entry), outcome, reason));
    }

    private void tellTrouble() {
        trouble.ifPresent(what -> lines.add(Sweep.ofLedger(
                instance,
                Outcome.FAILED,
                "'" + path + "' is left as it is: " + what
                        + ". What stands behind that was not freed; look into it, end"
                        + " what it names, and delete it.")));
    }
}
