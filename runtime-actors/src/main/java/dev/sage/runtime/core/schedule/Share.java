package dev.sage.runtime.core.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one holder of a job has.
 *
 * @param gpus ids, in the order in which they were chosen
 * @param ports numbers, in the order in which they were chosen
 */
public record Share(List<Integer> gpus, List<Integer> ports) {
    public Share {
        gpus = List.copyOf(gpus);
        ports = List.copyOf(ports);
    }

    boolean isEmpty() {
        return gpus.isEmpty() && ports.isEmpty();
    }

    boolean has(Thing thing) {
        return (thing.kind() == Thing.Kind.GPU ? gpus : ports).contains(thing.number());
    }

    Share plus(Share more) {
        List<Integer> allGpus = new ArrayList<>(gpus);
        allGpus.addAll(more.gpus);
        List<Integer> allPorts = new ArrayList<>(ports);
        allPorts.addAll(more.ports);
        return new Share(allGpus, allPorts);
    }

    Share without(Thing thing) {
        List<Integer> lessGpus = new ArrayList<>(gpus);
        List<Integer> lessPorts = new ArrayList<>(ports);
        (thing.kind() == Thing.Kind.GPU ? lessGpus : lessPorts).remove(Integer.valueOf(thing.number()));
        return new Share(lessGpus, lessPorts);
    }

    /** Sorted by holder, without those that have nothing. */
    static Map<String, Share> sorted(Map<String, Share> shares) {
        Map<String, Share> sorted = new TreeMap<>(shares);
        sorted.values().removeIf(Share::isEmpty);
        return Collections.unmodifiableMap(sorted);
    }
}
