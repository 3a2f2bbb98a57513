package dev.sage.api.spi;

import dev.sage.api.ServiceContext;
import java.io.Serializable;

/** What a service of Java is told that runs in another JVM: its names, and nothing else that it had here. */
public record RemoteContext(String name, String jobId) implements ServiceContext, Serializable {}
