package dev.sage.runtime.core.ledger;

import java.util.List;
import java.util.Set;

/**
 * What a sweep sees around it.
 *
 * @param host the machine's name
 * @param bootId of the machine
 * @param processes that live, of those that may be looked into; zombies do not
 */
public record World(String host, String bootId, List<Live> processes) {

    /**
     * One of them.
     *
     * @param marks all parts of its {@code SAGE_OWNER}
     */
    public record Live(long pid, long startTicks, Set<String> marks) {}

    public World {
        processes = List.copyOf(processes);
    }
}
