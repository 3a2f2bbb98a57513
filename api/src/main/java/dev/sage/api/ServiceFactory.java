package dev.sage.api;

import java.io.Serializable;

/** Makes a service: once for a job or environment, and once more for each restart, on a thread that may block. */
@FunctionalInterface
public interface ServiceFactory<S extends Service> extends Serializable {
    S create() throws Exception;
}
