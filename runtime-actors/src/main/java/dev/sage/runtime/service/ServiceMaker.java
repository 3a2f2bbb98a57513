package dev.sage.runtime.service;

import dev.sage.api.JobLeases;
import dev.sage.api.Service;
import dev.sage.api.graph.ServiceSpec;

/** Makes the object behind a service, and knows what the service's job has. Called on threads for blocking code. */
public interface ServiceMaker {
    /** In the place of a job's id, for a service that belongs to none. */
    static String sharedId(String service) {
        return "shared-" + service;
    }

    /**
     * One that has not been initialized. User code runs.
     *
     * @param lasting whether it may outlive its job, as a kept or a shared service
     */
    Service make(String jobId, ServiceSpec spec, boolean lasting) throws Exception;

    /** Of the job itself. Does not block. */
    JobLeases.Lease ownLease(String jobId);
}
