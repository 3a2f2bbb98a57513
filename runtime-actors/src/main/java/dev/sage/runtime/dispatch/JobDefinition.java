package dev.sage.runtime.dispatch;

import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.runtime.core.job.JobSpec;
import dev.sage.runtime.plan.Plan;

/**
 * A job as it was submitted.
 *
 * @param spec as far as the job's life is concerned
 * @param observer is told how the job goes
 */
public record JobDefinition(
        String id,
        String name,
        JobGraph graph,
        Plan plan,
        SubmitOptions options,
        JobSpec spec,
        JobObserver observer,
        long submittedNs) {}
