package dev.sage.runtime.core.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a job is to get.
 *
 * @param shares of each holder
 * @param portsToFind by whoever acquires it, for each holder
 */
record Choice(Map<String, Share> shares, Map<String, Integer> portsToFind) {

    /** Holders that ask for many GPUs choose first: they are the hardest to keep together. */
    static Choice of(Placement placement, Pool gpus, Pool ports) {
        Map<String, Share> shares = new TreeMap<>();
        Map<String, Integer> portsToFind = new TreeMap<>();
        Pool gpusLeft = gpus;
        Pool portsLeft = ports;
        List<Map.Entry<String, Demand.Need>> holders =
                new ArrayList<>(placement.submission().demand().holders().entrySet());
        holders.sort(Comparator.comparing(entry -> -entry.getValue().gpus()));
        for (Map.Entry<String, Demand.Need> entry : holders) {
            Lessee lessee = new Lessee(placement.job(), entry.getKey());
            Demand.Need need = entry.getValue();
            List<Integer> gpuIds = gpusLeft.pick(need.gpus());
            gpusLeft = gpusLeft.lease(lessee, gpuIds);
            List<Integer> numbers = List.of();
            if (!ports.isElastic()) {
                numbers = portsLeft.pick(need.ports());
                portsLeft = portsLeft.lease(lessee, numbers);
            } else if (need.ports() > 0) {
                portsToFind.put(entry.getKey(), need.ports());
            }
            shares.put(entry.getKey(), new Share(gpuIds, numbers));
        }
        return new Choice(Share.sorted(shares), portsToFind);
    }
}
