package dev.sage.api;

import java.io.Serializable;

/**
 * A record that an operator could not process, see {@link ErrorPolicy#deadLetter}.
 *
 * @param value the record as it came to the operator; of a file source the line or row as text, of a generator the number
 *     that it was to make a record of, of a function that was called at the end of the stream the key
 * @param operator its name
 * @param instance the parallel instance, from 0; where a {@code keyBy} function threw, the one that sent the record
 * @param ordinal the number of the record, from 0, as that input of the instance counts; −1 for a key at the end of the
 *     stream
 * @param error what was thrown, as text
 */
@SuppressWarnings("serial")
public record DeadLetter(Object value, String operator, int instance, long ordinal, String error)
        implements Serializable {}
