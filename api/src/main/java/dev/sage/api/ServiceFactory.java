package dev.sage.api;

import java.io.Serializable;

/** Makes a service, once per job attempt. */
@FunctionalInterface
public interface ServiceFactory<S extends Service> extends Serializable {
    S create() throws Exception;
}
