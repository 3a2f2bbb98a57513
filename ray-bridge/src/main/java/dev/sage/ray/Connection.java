package dev.sage.ray;

import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.link.Gateway;
import dev.sage.runtime.ray.RayPlace;
import java.util.concurrent.CompletableFuture;

/** A gateway that is in a cluster, for as long as both live. */
record Connection(RayCluster cluster, Gateway gateway, RayPlace place) {
    boolean lives() {
        return !isDone(gateway.ended().toCompletableFuture()) && clusterLives();
    }

    boolean clusterLives() {
        return !isDone(cluster.lost().toCompletableFuture());
    }

    private static boolean isDone(CompletableFuture<?> end) {
        return end.isDone();
    }
}
