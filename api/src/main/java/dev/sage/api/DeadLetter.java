package dev.sage.api;

import java.io.Serializable;

/**
 * A record that an operator could not process, see {@link ErrorPolicy#deadLetter}.
 *
 * @param value the record as it came to the operator
 * @param operator its name
 * @param instance the parallel instance, from 0
 * @param ordinal the number of the record, from 0, as that input of the instance counts
 * @param error what was thrown, as text
 */
@SuppressWarnings("serial")
public record DeadLetter(Object value, String operator, int instance, long ordinal, String error)
        implements Serializable {}
