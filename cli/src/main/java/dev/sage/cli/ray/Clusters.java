package dev.sage.cli.ray;

import dev.sage.api.spi.RayControl;
import dev.sage.api.spi.RayControl.Cluster;
import dev.sage.cli.Context;
import dev.sage.cli.remote.Json;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** What the commands share: how clusters are found, and shown. */
final class Clusters {
    private Clusters() {}

    static RayControl control() {
        return ServiceLoader.load(RayControl.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The bridge to Ray is not on the class path: no "
                        + RayControl.class.getName() + ". Was bin/sage built?"));
    }

    static Map<String, String> settings(Context context) {
        return Map.of("sage.home", context.home().toString());
    }

    static String words(Cluster cluster) {
        return "Ray " + cluster.version() + (cluster.address().isEmpty() ? "" : " at " + cluster.address())
                + cluster.pid().map(pid -> " (pid " + pid + ")").orElse("")
                + (cluster.started() ? ", started" : ", connected to") + " at "
                + cluster.since().truncatedTo(ChronoUnit.SECONDS)
                + gpus(cluster)
                + ", Python " + cluster.python();
    }

    private static String gpus(Cluster cluster) {
        if (!cluster.started()) {
            return ", whose GPUs are its own and in no pool of Sage";
        }
        String ids = cluster.gpus().stream().map(String::valueOf).collect(Collectors.joining(","));
        return ids.isEmpty() ? "" : ", GPUs " + ids + ", which no job of Sage gets meanwhile";
    }

    /** @param first the member that tells whether there is, or was, one */
    static Json asJson(String first, Optional<Cluster> cluster) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(first, cluster.isPresent());
        cluster.ifPresent(one -> {
            json.put("running", one.running());
            json.put("started", one.started());
            json.put("address", one.address());
            json.put("version", one.version());
            json.put("python", one.python().toString());
            one.pid().ifPresent(pid -> json.put("pid", pid));
            one.log().ifPresent(log -> json.put("log", log.toString()));
            json.put("gpus", one.gpus());
            json.put("since", one.since().toString());
        });
        return new Json(json);
    }
}
