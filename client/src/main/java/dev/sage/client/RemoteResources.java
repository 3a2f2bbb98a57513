package dev.sage.client;

import dev.sage.api.Resources;
import dev.sage.client.http.NodeProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The GPUs and ports of the node. */
record RemoteResources(NodeApi api) implements Resources {
    private record View(List<Gpu> gpus, List<Port> ports, List<String> waiting) {}

    private View view() {
        return api.http().get("/v1/resources", View.class);
    }

    @Override
    public List<Gpu> gpus() {
        return view().gpus();
    }

    @Override
    public List<Port> ports() {
        return view().ports();
    }

    @Override
    public List<String> waiting() {
        return view().waiting();
    }

    @Override
    public List<Decision> decisions() {
        return List.of(api.http().get("/v1/decisions", Decision[].class));
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
                throw new IllegalArgumentException(refused.getMessage(), refused);
            }
        }
    }
}
