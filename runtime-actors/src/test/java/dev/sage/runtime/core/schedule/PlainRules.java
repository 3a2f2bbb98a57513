package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may start, by the words of the rules and nothing else: each job that waits is asked, and counts are counted. */
final class PlainRules {
    /**
     * What can be given out.
     *
     * @param running jobs of each owner
     * @param gpusOf each owner
     */
    record Stock(int places, int gpus, int ports, Map<String, Integer> running, Map<String, Integer> gpusOf) {}

    record Start(String job, Outcome outcome) {}

    private final ScheduleLimits limits;
    private final Map<String, Integer> running;
    private final Map<String, Integer> gpusOf;
    private final Map<String, Integer> promisedRunning = new HashMap<>();
    private final Map<String, Integer> promisedGpus = new HashMap<>();
    private final List<String> heldOwners = new ArrayList<>();
    private final Set<List<Object>> waits = new HashSet<>();
    final List<Start> starts = new ArrayList<>();
    private int places;
    private int gpus;
    private int ports;

    @Nullable
    Submission head;

    private PlainRules(ScheduleLimits limits, Stock stock) {
        this.limits = limits;
        places = stock.places();
        gpus = stock.gpus();
        ports = stock.ports();
        running = new HashMap<>(stock.running());
        gpusOf = new HashMap<>(stock.gpusOf());
    }

    static PlainRules ask(ScheduleLimits limits, Stock stock, List<Submission> waiting, long nowNs) {
        PlainRules rules = new PlainRules(limits, stock);
        inOrder(waiting, limits, nowNs).forEach(rules::ask);
        return rules;
    }

    /** By priority and waiting time; both times the ageing, so that nothing is rounded. */
    static List<Submission> inOrder(List<Submission> submittedInOrder, ScheduleLimits limits, long nowNs) {
        List<Submission> order = new ArrayList<>(submittedInOrder);
        order.sort(Comparator.comparingLong(
                        (Submission job) -> job.priority() * limits.ageing().toNanos() + (nowNs - job.submittedNs()))
                .reversed());
        return order;
    }

    /** What waits behind one that asks for the same waits with it, and keeps nothing free for itself. */
    private void ask(Submission job) {
        List<Object> asked =
                List.of(job.owner(), job.demand().gpus(), job.demand().ports());
        int before = starts.size();
        if (!waits.contains(asked)) {
            askFirst(job);
            if (starts.size() == before) {
                waits.add(asked);
            }
        }
    }

    private void askFirst(Submission job) {
        String owner = job.owner();
        int asksGpus = job.demand().gpus();
        int asksPorts = job.demand().ports();
        int runs = running.getOrDefault(owner, 0);
        int has = gpusOf.getOrDefault(owner, 0);
        int mayRun = limits.maxRunningOfOwner() - runs - promisedRunning.getOrDefault(owner, 0);
        int mayHave = limits.maxGpusOfOwner() - has - promisedGpus.getOrDefault(owner, 0);
        if (runs >= limits.maxRunningOfOwner() || (asksGpus > 0 && has + asksGpus > limits.maxGpusOfOwner())) {
            if (!heldOwners.contains(owner)) {
                heldOwners.add(owner);
                promise(owner, mayRun, mayHave, asksGpus);
            }
            return;
        }
        if (mayRun < 1 || (asksGpus > 0 && asksGpus > mayHave)) {
            return;
        }
        if (places >= 1 && asksGpus <= gpus && asksPorts <= ports) {
            starts.add(new Start(job.job(), head == null ? Outcome.STARTED : Outcome.BACKFILLED));
            running.merge(owner, 1, Integer::sum);
            gpusOf.merge(owner, asksGpus, Integer::sum);
            places--;
            gpus -= asksGpus;
            ports -= asksPorts;
        } else if (head == null) {
            head = job;
            promise(owner, mayRun, mayHave, asksGpus);
            places -= Math.min(1, places);
            gpus -= Math.min(asksGpus, gpus);
            ports -= Math.min(asksPorts, ports);
        }
    }

    private void promise(String owner, int mayRun, int mayHave, int asksGpus) {
        promisedRunning.merge(owner, Math.min(1, Math.max(0, mayRun)), Integer::sum);
        promisedGpus.merge(owner, Math.min(asksGpus, Math.max(0, mayHave)), Integer::sum);
    }
}
