package dev.sage.api.spi;

import java.io.IOException;

/**
 * Rows of CSV (RFC 4180) for records and beans; found by {@link java.util.ServiceLoader}, so that the api needs no CSV
 * library. Rows are given and answered one by one and without the end of their line, for the caller knows where they are.
 */
public interface CsvFormat {
    /**
     * The rows of a type.
     *
     * @throws IOException when its values have no columns
     */
    <T> Rows<T> rows(Class<T> type) throws IOException;

    /** Of one type. For one thread at a time. */
    interface Rows<T> {
        /** The row that names the columns. */
        String header();

        String write(T value) throws IOException;

        /**
         * Reads rows whose columns are in the order of a header.
         *
         * @throws IOException when the header does not name each column once
         */
        Reader<T> reader(String header) throws IOException;
    }

    /** Of the rows of one file. */
    interface Reader<T> {
        T read(String row) throws IOException;
    }
}
