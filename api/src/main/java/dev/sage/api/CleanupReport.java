package dev.sage.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a job held, and what became of it: one line per task, service and resource. */
public record CleanupReport(List<Line> lines) {

    /** What became of one thing. */
    public enum Outcome {
        /** It was seen to be gone, or free. */
        RELEASED,
        /** It could not be released, or not be seen to be; the reason tells why, and what goes on about it. */
        FAILED,
        /** It goes on, on request: a kept service, with its process, GPUs and ports. */
        KEPT
    }

    /**
     * What became of one thing.
     *
     * @param kind {@code task}, {@code service}, {@code process}, {@code ray-actor}, {@code gpu}, {@code port}, or {@code resources} for all that
     *     could not even be looked at
     * @param name that of the task, service or command; the number of the port, the id of the GPU
     * @param step what was done to give it back, a phase's name
     * @param reason why it failed or was kept; of an actor of Ray that was released how its cleanup went, else empty then
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

    /** What was not released. */
    public List<Line> failures() {
        return lines.stream().filter(line -> line.outcome() == Outcome.FAILED).toList();
    }
}
