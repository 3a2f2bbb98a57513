package dev.sage.api.spi;

import java.lang.reflect.Method;

/** The way to a running service. */
public interface ServiceCaller {
    /** Calls by name; the method is chosen by the number and types of the arguments. */
    Object call(String method, Object[] arguments) throws Throwable;

    /** Calls the service's method of the same name and parameter types. */
    Object call(Method method, Object[] arguments) throws Throwable;
}
