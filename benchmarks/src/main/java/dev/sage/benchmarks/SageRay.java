package dev.sage.benchmarks;

import dev.sage.api.Environment;
import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayPool;
import dev.sage.api.RayService;
import dev.sage.api.ServiceDeclaration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The actors of one language as Sage has them: services and operators of a job that runs until this is closed. */
final class SageRay implements AutoCloseable {
    private final LocalEnvironment environment;
    private final LocalEnvironment deep;
    private final JobHandle job;
    private final Flow async;
    private final Flow single;
    private final Flow batched;

    /**
     * Blocks until all actors are made.
     *
     * @param underWay calls that streams of one call a record have under way
     */
    SageRay(String language, Path module, Map<String, Object> settings, int underWay) throws Exception {
        environment = LocalEnvironment.create("calls", settings);
        Map<String, Object> many = new HashMap<>(settings);
        many.put("sage.ray.calls-per-actor", underWay);
        deep = LocalEnvironment.create("deep", many);
        RayPool pool = language.equals("java") ? RayPool.java(Echo.class) : RayPool.python(module.toString(), "Echo");
        RayService service =
                language.equals("java") ? RayService.java(Echo.class) : RayService.python(module.toString(), "Echo");
        environment.service("one", service);
        Echo.Calls wide = proxy(environment, "wide", service.concurrency(underWay));
        async = new Flow(environment, numbers -> numbers.mapAsync(underWay, wide::echo));
        batched = new Flow(environment, numbers -> numbers.on(pool).map("echo", Long.class));
        single = new Flow(deep, numbers -> numbers.on(pool.batch(1)).map("echo", Long.class));
        job = environment.submit();
        deep.submit();
        for (Flow flow : new Flow[] {async, single, batched}) {
            flow.send(Duration.ofMillis(500));
            flow.send(Duration.ofMillis(500));
        }
    }

    private static Echo.Calls proxy(Environment environment, String name, RayService service) {
        ServiceDeclaration<?> declared = environment.service(name, service);
        return declared.as(Echo.Calls.class);
    }

    /** One call at a time. */
    Echo.Calls service() {
        return job.service("one", Echo.Calls.class);
    }

    /** {@code mapAsync} over a service that runs as many calls at once. */
    Flow async() {
        return async;
    }

    /** An operator with one call for each record. */
    Flow single() {
        return single;
    }

    /** An operator as it is without settings. */
    Flow batched() {
        return batched;
    }

    @Override
    public void close() {
        environment.close();
        deep.close();
    }
}
