package dev.sage.runtime.dataplane;

import java.util.List;

/** Where a stream is read more than once: each reader gets every record. */
final class Fork extends Stage {
    private final Stage[] readers;

    Fork(List<Stage> readers) {
        this.readers = readers.toArray(Stage[]::new);
    }

    @Override
    void accept(Object value) {
        for (Stage reader : readers) {
            reader.accept(value);
        }
    }
}
