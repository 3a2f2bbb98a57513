package dev.sage.runtime.core.ledger;

/**
 * The JVM that writes a ledger.
 *
 * @param instance the name of the ledger, and what its marks begin with
 * @param host name of the machine
 * @param bootId of the machine, another one after each start of it
 * @param startTicks since the boot, as in {@code /proc/PID/stat}
 */
public record LedgerOwner(String instance, String host, String bootId, long pid, long startTicks) {}
