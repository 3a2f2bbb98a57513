package dev.sage.api.spi;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** The way to a running service. */
public interface ServiceCaller {
    /** Calls by name; null for a method that returns nothing. The method is chosen by the number and types of the arguments. */
    @Nullable
    Object call(String method, Object[] arguments) throws Throwable;

    /** Calls the service's method of the same name and parameter types. */
    @Nullable
    Object call(Method method, Object[] arguments) throws Throwable;
}
