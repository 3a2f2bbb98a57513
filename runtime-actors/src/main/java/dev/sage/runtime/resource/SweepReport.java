package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.LedgerEntry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a sweep found in the ledgers of a home, but for those of this JVM. */
public record SweepReport(List<Line> lines) {

    public enum Outcome {
        /** Its owner is dead; it is free now. */
        FREED,
        /** Its owner is dead; it is not known to be free. */
        FAILED,
        /** Its owner is dead, and it was only looked at. */
        LEFT,
        OWNER_LIVES,
        /** Another program has the right to sweep it now. */
        SWEPT_BY_ANOTHER,
        FOREIGN_HOST
    }

    /**
     * What became of one entry.
     *
     * @param instance whose ledger it is
     * @param entry empty where the line is of the whole ledger
     * @param reason mostly empty when freed
     */
    public record Line(String instance, Optional<LedgerEntry> entry, Outcome outcome, String reason) {
        @Override
        public String toString() {
            String what = entry.map(one -> one.resource() + " of job '" + one.job() + "', '" + one.holder() + "'")
                    .orElse("ledger");
            return what + " (Sage instance " + instance + ") "
                    + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    public SweepReport {
        lines = List.copyOf(lines);
    }

    /** Whether nothing is left of any owner that is known to be dead. */
    public boolean clean() {
        return lines.stream().noneMatch(line -> line.outcome() == Outcome.FAILED || line.outcome() == Outcome.LEFT);
    }
}
