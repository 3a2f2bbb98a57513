package dev.sage.api.spi;

import dev.sage.api.LocalEnvironment;
import java.util.Map;

/** Makes local environments; found by {@link java.util.ServiceLoader}. */
public interface LocalRuntimeProvider {
    LocalEnvironment create(String name, Map<String, ?> settings);
}
