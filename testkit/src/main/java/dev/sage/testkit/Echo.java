package dev.sage.testkit;

/** The calls of a {@link ProbeService}, for typed proxies of it. */
@FunctionalInterface
public interface Echo {
    /** Answers its argument. */
    Object echo(Object value) throws Exception;
}
