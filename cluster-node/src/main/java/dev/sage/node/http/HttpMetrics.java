package dev.sage.node.http;

import dev.sage.api.JobState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;

/** Counts and times of requests, jobs by state, and the basics of the JVM, for Prometheus. */
final class HttpMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile Map<JobState, Long> jobs = Map.of();

    HttpMetrics(IntSupplier streams) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        Gauge.builder("sage.http.streams", streams::getAsInt)
                .description("Open streams of server-sent events")
                .register(registry);
        for (JobState state : JobState.values()) {
            Gauge.builder("sage.jobs", () -> jobs.getOrDefault(state, 0L))
                    .description("Jobs by state")
                    .tag("state", state.name())
                    .register(registry);
        }
    }

    /**
     * Notes an answer.
     *
     * @param route the template; made-up paths have one name, so that they make no series of their own
     */
    void answered(String method, String route, int status, Duration time) {
        Timer.builder("sage.http.requests")
                .description("Requests, from their headers to the begin of their answers")
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(time);
    }

    String scrape(Map<JobState, Long> counts) {
        jobs = Map.copyOf(counts);
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
