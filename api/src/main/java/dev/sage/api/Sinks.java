package dev.sage.api;

import java.nio.file.Path;

/** The sinks that come with Sage. Files are written beside their place and moved there only when the job's tasks have all ended well. */
public final class Sinks {
    private Sinks() {}

    /** One line per record, its {@code toString()}, in UTF-8. An existing file is replaced. */
    public static Sink<Object> textLines(Path file) {
        return new LineFile<>(file, new LineFormat.Text());
    }

    /** One JSON value per record and line. Records, beans, maps, lists, strings, numbers. An existing file is replaced. */
    public static Sink<Object> jsonLines(Path file) {
        return new LineFile<>(file, new LineFormat.Json());
    }

    /**
     * One row of CSV per record, after a row that names the columns: the components of a record class in their order, or
     * the properties of a bean. Null is an empty field, an empty string {@code ""}, so that {@link Environment#fromCsv}
     * reads what was written. An existing file is replaced.
     */
    public static <T> Sink<T> csv(Path file, Class<T> type) {
        return new LineFile<>(file, new LineFormat.Csv<>(type));
    }
}
