package dev.sage.runtime.ray;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.resource.ActorEnder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the clusters in which dead owners had actors to kill them. Where nobody takes a connection any more, none is left. */
final class ClusterEnder implements ActorEnder {
    private static final int CONNECT_MS = 2_000;

    private final RayWay way;
    private final Duration within;

    ClusterEnder(RayWay way, Duration within) {
        this.way = way;
        this.within = within;
    }

    @Override
    public Map<Resource.RayActor, Found> end(Set<Resource.RayActor> actors) throws InterruptedException {
        Map<Resource.RayActor, Found> found = new HashMap<>();
        Map<RayPlace, Set<Resource.RayActor>> byPlace = actors.stream()
                .collect(Collectors.groupingBy(
                        actor -> new RayPlace(actor.cluster(), actor.namespace()), Collectors.toSet()));
        for (Map.Entry<RayPlace, Set<Resource.RayActor>> place : byPlace.entrySet()) {
            found.putAll(end(place.getKey(), place.getValue()));
        }
        return found;
    }

    private Map<Resource.RayActor, Found> end(RayPlace place, Set<Resource.RayActor> actors)
            throws InterruptedException {
        if (isGone(place.cluster())) {
            return all(actors, new Found(true, "the cluster " + place.cluster() + " is gone, and it with that"));
        }
        Set<String> names = actors.stream().map(Resource.RayActor::name).collect(Collectors.toSet());
        Map<String, String> left;
        try {
            left = way.bridge().reap(place, names, within);
        } catch (SageException notAsked) {
            return all(actors, new Found(false, "its cluster could not be asked: " + notAsked.getMessage()));
        }
        return actors.stream()
                .collect(Collectors.toMap(
                        actor -> actor,
                        actor -> left.containsKey(actor.name())
                                ? new Found(false, String.valueOf(left.get(actor.name())))
                                : new Found(true, "")));
    }

    private static Map<Resource.RayActor, Found> all(Set<Resource.RayActor> actors, Found one) {
        return actors.stream().collect(Collectors.toMap(actor -> actor, actor -> one));
    }

    /** Of another machine that does not answer nothing is known. */
    private static boolean isGone(String cluster) {
        int colon = cluster.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(cluster.substring(0, colon), Integer.parseInt(cluster.substring(colon + 1))),
                    CONNECT_MS);
            return false;
        } catch (java.net.ConnectException refused) {
            return true;
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }
}
