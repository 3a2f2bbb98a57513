package dev.sage.ray;

import dev.sage.ray.link.Gateway;
import dev.sage.ray.link.RayCallException;
import dev.sage.ray.wire.Message;
import dev.sage.runtime.ray.RayHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the actors in our namespace that no program which lives has in its ledger, whoever left them. */
final class Unowned {
    private static final Logger log = LoggerFactory.getLogger(Unowned.class);

    private Unowned() {}

    /** Blocks. What could not be ended is told on the log, and tried again by the next gateway. */
    static void end(Gateway gateway, RayHost host, Duration within) {
        try {
            List<String> unowned = find(gateway, host, within);
            if (unowned.isEmpty()) {
                return;
            }
            Bridge.get(gateway.reap(unowned, within), within);
            // What Ray says of each killing is one thing, its list another.
            List<String> left =
                    names(gateway, within).stream().filter(unowned::contains).toList();
            unowned.stream()
                    .filter(name -> !left.contains(name))
                    .forEach(name -> log.info("Swept: Ray actor {}, which no living program had", name));
            if (!left.isEmpty()) {
                log.warn("Not swept: Ray actors {}, which no living program has, are still there", left);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RayCallException lost) {
            log.debug("The actors of Ray were not swept; the next gateway does it", lost);
        } catch (RuntimeException broken) {
            log.warn("The actors of Ray that nobody has could not be looked for", broken);
        }
    }

    /** The list first: what is made meanwhile was written down before. */
    private static List<String> find(Gateway gateway, RayHost host, Duration within) throws InterruptedException {
        List<String> there = names(gateway, within);
        if (there.isEmpty()) {
            return List.of();
        }
        Optional<Set<String>> held = host.heldActors();
        return held.map(owned ->
                        there.stream().filter(name -> !owned.contains(name)).toList())
                .orElse(List.of());
    }

    private static List<String> names(Gateway gateway, Duration within) throws InterruptedException {
        return Bridge.get(gateway.list(), within).stream()
                .map(Message.ActorState::name)
                .toList();
    }
}
