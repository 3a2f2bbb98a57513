package dev.sage.api;

import java.util.List;

/**
 * What a service learns about itself, whom it may call, and how it says that it died. May be kept and used from any thread.
 * A test of a service alone makes its own, which needs the names only.
 */
public interface ServiceContext {
    /** The name that the job knows it by. */
    String name();

    /** Empty for a shared service, which belongs to no job. */
    String jobId();

    /**
     * A typed proxy of another service of the same job, which must be among those that this one depends on: only those
     * run for as long as this one does. See {@link ServiceRef#as}.
     *
     * @throws ServiceException with code {@code service.unknown} when it is not among them
     */
    default <I> I service(String name, Class<I> type) {
        throw new ServiceException(
                "service.unknown", "Service '" + name() + "' runs alone, and there is no service '" + name + "'.");
    }

    /** The ids of the job's own GPUs, see {@link SubmitOptions#gpus}; none for a shared service. */
    default List<Integer> gpus() {
        return List.of();
    }

    /** The job's own ports, see {@link SubmitOptions#ports}; none for a shared service. */
    default List<Integer> ports() {
        return List.of();
    }

    /**
     * Says that this service cannot serve any more: its process ended, its connection is gone. Does not wait. Running
     * calls go on to their end; what becomes of later ones, and of the service, is told by its {@link RestartPolicy}. A
     * service that is not to be restarted fails its job with this cause. No effect once the service is being stopped or
     * has been replaced; before {@code start} has returned, it is as if {@code start} had thrown the cause.
     */
    default void failed(Throwable cause) {
        throw new IllegalStateException("Service '" + name() + "' died, and there is nobody to tell.", cause);
    }
}
