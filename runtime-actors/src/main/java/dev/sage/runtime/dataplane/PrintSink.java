package dev.sage.runtime.dataplane;

import dev.sage.api.Sink;

/** Writes each record to standard output in one call, so that lines of different instances do not mix. */
record PrintSink(String prefix) implements Sink<Object> {
    @Override
    public void accept(Object value) {
        System.out.println(prefix + value);
    }
}
