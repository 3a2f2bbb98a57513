package dev.sage.client;

import dev.sage.api.CleanupReport;
import dev.sage.api.KeptService;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.client.http.NodeProblemException;
import java.net.HttpURLConnection;
import java.util.List;

/** A service that a job left at the node. */
record RemoteKeptService(NodeApi api, String name) implements KeptService {
    @Override
    public <I> I as(Class<I> type) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            throw new ServiceException(
                    "service.unknown", "'" + name + "' is shared, and is called by the jobs of the node only.");
        }
        RemoteCaller caller = new RemoteCaller(api, name.substring(0, slash), name.substring(slash + 1));
        return ServiceProxy.of(name, type, () -> caller);
    }

    @Override
    public CleanupReport end() {
        int slash = name.indexOf('/');
        String path = slash < 0
                ? NodeApi.escaped(name)
                : NodeApi.escaped(name.substring(0, slash)) + "/" + NodeApi.escaped(name.substring(slash + 1));
        try {
            return api.http().delete("/v1/services/" + path, CleanupReport.class);
        } catch (NodeProblemException refused) {
            if (refused.status() == HttpURLConnection.HTTP_NOT_FOUND) {
                return new CleanupReport(List.of());
            }
            throw refused;
        }
    }
}
