package dev.sage.api.graph;

/** How the records of a file are told apart, and what they become. */
public sealed interface FileFormat {

    /** One line, one record, a string. */
    record Lines() implements FileFormat {}

    /** One line, one JSON value. */
    record JsonLines(Class<?> type) implements FileFormat {}

    /** One row, one record; a row can have line ends within quotes. The first one names the columns. */
    record Csv(Class<?> type) implements FileFormat {}
}
