package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.KeptService;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceProxy;
import dev.sage.runtime.job.JobManager;
import java.util.concurrent.CompletableFuture;
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
        CompletableFuture<CleanupReport> reply = new CompletableFuture<>();
        node.tell(new JobManager.EndKept(name, reply));
        try {
            return reply.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Ending the kept service '" + name + "' failed: " + e.getCause(), e);
        }
    }
}
