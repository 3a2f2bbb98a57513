package dev.sage.node.job;

import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages through jobs that come and go: a page is continued after a place in the order, not after a count. */
public final class JobPages {
    private static final Comparator<Place> NEWEST_FIRST =
            Comparator.comparing(Place::submittedAt).thenComparing(Place::id).reversed();

    private JobPages() {}

    /**
     * Where a job stands in the order of all jobs.
     *
     * @param submittedAt to the microsecond, as all databases keep it
     */
    public record Place(Instant submittedAt, String id) {
        public static Place of(JobView job) {
            return new Place(job.submittedAt(), job.id());
        }

        /** As {@link JobPage#next} has it. */
        public String text() {
            return micros() + "-" + id;
        }

        public long micros() {
            return Math.addExact(
                    Math.multiplyExact(submittedAt.getEpochSecond(), 1_000_000L), submittedAt.getNano() / 1_000);
        }

        /**
         * The reverse of {@link #text}.
         *
         * @throws NodeException {@code page.invalid} when it is none
         */
        public static Place parse(String text) {
            int dash = text.indexOf('-', 1);
            try {
                if (dash > 0) {
                    return new Place(ofMicros(Long.parseLong(text.substring(0, dash))), text.substring(dash + 1));
                }
            } catch (NumberFormatException | DateTimeException e) {
                // Refused below, like everything else that no page gave.
            }
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "page.invalid",
                    "There is no page after '" + text + "'.",
                    "Give what the page before has as 'next', or nothing for the first page.");
        }

        public static Instant ofMicros(long micros) {
            return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
        }
    }

    /**
     * One page of live and finished jobs.
     *
     * @param live all live jobs
     * @param finished the page of the history to the same query
     */
    public static JobPage merge(List<JobView> live, JobPage finished, Jobs.Query query) {
        Map<String, JobView> byId = new HashMap<>();
        live.stream().filter(job -> matches(job, query)).forEach(job -> byId.put(job.id(), job));
        // A job that ended between the two looks is in both; the history has the last word.
        finished.jobs().forEach(job -> byId.put(job.id(), job));
        List<JobView> sorted = byId.values().stream()
                .sorted(Comparator.comparing(Place::of, NEWEST_FIRST))
                .toList();
        boolean more = finished.next() != null || sorted.size() > query.limit();
        List<JobView> page = sorted.subList(0, Math.min(query.limit(), sorted.size()));
        return page(page, more);
    }

    /** A page of these. */
    public static JobPage page(List<JobView> jobs, boolean more) {
        return new JobPage(
                List.copyOf(jobs),
                more && !jobs.isEmpty() ? Place.of(jobs.get(jobs.size() - 1)).text() : null);
    }

    private static boolean matches(JobView job, Jobs.Query query) {
        return (query.states().isEmpty() || query.states().contains(job.state()))
                && query.name().stream().allMatch(job.name()::equals)
                && query.owner().stream().allMatch(job.owner()::equals)
                && query.after().stream()
                        .map(Place::parse)
                        .allMatch(after -> NEWEST_FIRST.compare(after, Place.of(job)) < 0);
    }
}
