package dev.sage.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sage.api.Resources;
import dev.sage.client.http.NodeProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The GPUs and ports of the node. */
record RemoteResources(NodeApi api) implements Resources {
    /** Read as it is, field by field: the node tells more of each than users of this see. */
    private JsonNode view() {
        return api.http().getJson("/v1/resources");
    }

    @Override
    public List<Gpu> gpus() {
        return all(view().path("gpus"), gpu -> new Gpu(gpu.path("id").asInt(), standing(gpu)));
    }

    private static String standing(JsonNode gpu) {
        String holder =
                gpu.hasNonNull("job") ? "leased to job " + gpu.get("job").asText() : "free";
        String whole = gpu.hasNonNull("trouble") ? gpu.get("trouble").asText() : holder;
        return gpu.path("drained").asBoolean() ? whole + ", draining" : whole;
    }

    @Override
    public List<Port> ports() {
        return all(
                view().path("ports"),
                port -> new Port(
                        port.path("port").asInt(),
                        "leased to job " + port.path("job").asText()));
    }

    @Override
    public List<String> waiting() {
        return all(view().path("waiting"), job -> job.path("job").asText());
    }

    @Override
    public List<Decision> decisions() {
        List<Decision> newestFirst = new ArrayList<>(List.of(api.http().get("/v1/decisions", Decision[].class)));
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    private static <T> List<T> all(JsonNode array, Function<JsonNode, T> one) {
        List<T> values = new ArrayList<>();
        array.forEach(element -> values.add(one.apply(element)));
        return values;
    }

    @Override
    public void drainGpus(int... ids) {
        tell("drain", ids);
    }

    @Override
    public void undrainGpus(int... ids) {
        tell("undrain", ids);
    }

    private void tell(String order, int... ids) {
        Set<Integer> known = gpus().stream().map(Gpu::id).collect(Collectors.toSet());
        Arrays.stream(ids).filter(id -> !known.contains(id)).findFirst().ifPresent(id -> {
            throw new IllegalArgumentException("There is no GPU " + id + "; the node has " + known + ".");
        });
        for (int id : ids) {
            try {
                api.http().postText("/v1/resources/gpus/" + id + "/" + order, null);
            } catch (NodeProblemException refused) {
                throw new IllegalArgumentException(refused.detail(), refused);
            }
        }
    }
}
