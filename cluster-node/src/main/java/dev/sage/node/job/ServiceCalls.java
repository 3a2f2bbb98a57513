package dev.sage.node.job;

import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.CallCodec;
import dev.sage.runtime.local.Engine;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Calls of the services of live jobs and of those that outlived their job, whose code it keeps for that. */
final class ServiceCalls {
    private final Engine engine;
    private final JobThreads threads;
    private final Map<String, PreparedJob> keptCode = new ConcurrentHashMap<>();

    ServiceCalls(Engine engine, JobThreads threads) {
        this.engine = engine;
        this.threads = threads;
        engine.onKeptEnded(this::ended);
    }

    /** The job has ended, but not all of its services. */
    void keep(String jobId, PreparedJob code) {
        keptCode.put(jobId, code);
        // They may have died meanwhile.
        release(jobId);
    }

    private void ended(String service) {
        int slash = service.indexOf('/');
        if (slash > 0) {
            threads.submitOrRunHere(() -> release(service.substring(0, slash)));
        }
    }

    /** Blocks until the service has answered. */
    byte[] call(Found found, String service, byte[] call) throws IOException {
        PreparedJob code = keptCode.get(found.id());
        Optional<ServiceCaller> kept = engine.kept(found.id() + "/" + service);
        if (code != null && kept.isPresent()) {
            return CallCodec.execute(call, kept.get(), code.loader());
        }
        LiveJob job = found.requireLive();
        Engine.Running running = job.requireHandle();
        PreparedJob loaded = job.code().orElseThrow(job::notRunning);
        return CallCodec.execute(call, running.caller(service), loaded.loader());
    }

    /** With the last kept service of a job goes the need of its code. */
    private void release(String jobId) {
        boolean more =
                engine.keptServices().stream().anyMatch(kept -> kept.name().startsWith(jobId + "/"));
        PreparedJob code = more ? null : keptCode.remove(jobId);
        if (code != null) {
            code.close();
        }
    }
}
