package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.KeptService;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.runtime.job.JobManager;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A kept service as the environment shows it. */
record JvmKeptService(String name, LocalNode node) implements KeptService {

    @Override
    public <I> I as(Class<I> type) {
        return ServiceProxy.of(
                name,
                type,
                () -> node.kept()
                        .find(name)
                        .orElseThrow(() -> new ServiceException(
                                "service.unavailable", "The kept service '" + name + "' has been ended.")));
    }

    @Override
    public CleanupReport end() throws InterruptedException {
        try {
            return node.<CleanupReport>ask(reply -> new JobManager.EndKept(name, reply))
                    .get()
                    .orElseGet(() -> new CleanupReport(List.of()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("Ending the kept service '" + name + "' failed: " + e.getCause(), e);
        }
    }
}
