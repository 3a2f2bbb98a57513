package dev.sage.api;

import dev.sage.api.spi.CsvFormat;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;
import java.io.Serializable;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** What the records of a {@link LineFile} look like. The libraries for it are found where the sink is opened. */
sealed interface LineFormat<T> extends Serializable {
    Encoder<T> encoder() throws IOException;

    /** Of one file. */
    interface Encoder<T> {
        /** The first line; null for none. */
        default @Nullable String header() {
            return null;
        }

        String encode(T value) throws IOException;
    }

    record Text() implements LineFormat<Object> {
        @Override
        public Encoder<Object> encoder() {
            return String::valueOf;
        }
    }

    record Json() implements LineFormat<Object> {
        @Override
        public Encoder<Object> encoder() {
            return provider("Sinks.jsonLines", JsonFormat.class)::write;
        }
    }

    record Csv<T>(Class<T> type) implements LineFormat<T> {
        @Override
        public Encoder<T> encoder() throws IOException {
            CsvFormat.Rows<T> rows = provider("Sinks.csv", CsvFormat.class).rows(type);
            return new Encoder<>() {
                @Override
                public String header() {
                    return rows.header();
                }

                @Override
                public String encode(T value) throws IOException {
                    return rows.write(value);
                }
            };
        }
    }

    private static <P> P provider(String sink, Class<P> type) {
        // Where Sage is first: a job that was sent to a node has a context class loader with its own classes only.
        return ServiceLoader.load(type, LineFormat.class.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(type).findFirst())
                .orElseThrow(() -> new SageException(
                        "runtime.missing",
                        sink + " needs a " + type.getSimpleName()
                                + " on the class path. Add the module sage-runtime-actors to the dependencies."));
    }
}
