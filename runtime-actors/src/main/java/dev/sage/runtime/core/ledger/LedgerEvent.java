package dev.sage.runtime.core.ledger;

/** One line of a ledger. */
public sealed interface LedgerEvent {
    /** The first line. */
    record Opened(LedgerOwner owner) implements LedgerEvent {}

    /** Written before the resource is acquired. */
    record Added(LedgerEntry entry) implements LedgerEvent {}

    /** The first process of a tree was seen. */
    record Spawned(long number, long pid, long startTicks) implements LedgerEvent {}

    /** Written after the resource was seen to be released. */
    record Struck(long number) implements LedgerEvent {}
}
