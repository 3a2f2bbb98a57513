package dev.sage.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a job held, and what became of it: one line per task, service and resource. */
public record CleanupReport(List<Line> lines) {

    public enum Outcome {
        RELEASED,
        FAILED,
        KEPT
    }

    /**
     * What became of one thing.
     *
     * @param kind for example {@code task}, {@code service}
     * @param step what was done to give it back, a phase's name
     * @param reason why it failed or was kept; empty when released
     */
    public record Line(String kind, String name, String step, Outcome outcome, String reason, Duration duration) {
        @Override
        public String toString() {
            return kind + " " + name + " [" + step + "] "
                    + outcome.name().toLowerCase(java.util.Locale.ROOT)
                    + (reason.isEmpty() ? "" : " (" + reason + ")") + " in " + duration.toMillis() + " ms";
        }
    }

    public CleanupReport {
        lines = List.copyOf(lines);
    }

    /** Whether everything was released, or kept on request. */
    public boolean clean() {
        return lines.stream().noneMatch(line -> line.outcome() == Outcome.FAILED);
    }

    /** The names of the services that go on. */
    public Set<String> kept() {
        return lines.stream()
                .filter(line -> line.outcome() == Outcome.KEPT)
                .map(Line::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    public List<Line> failures() {
        return lines.stream().filter(line -> line.outcome() == Outcome.FAILED).toList();
    }
}
