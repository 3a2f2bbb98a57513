package dev.sage.api;

/** What a service learns about itself. */
public interface ServiceContext {
    /** The name that the job knows it by. */
    String name();

    String jobId();
}
