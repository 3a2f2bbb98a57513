package dev.sage.runtime.service;

import dev.sage.api.Service;
import dev.sage.api.spi.ServiceCaller;

/** A service whose methods are not those of an object in this JVM. */
public interface AwayService extends Service {
    /** The way to where they are. */
    ServiceCaller way();
}
