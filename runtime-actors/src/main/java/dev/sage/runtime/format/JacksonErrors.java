package dev.sage.runtime.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * What Jackson says, for people: it counts lines within the one text that it was given, and would quote that text. Where
 * the text came from, the caller adds.
 */
final class JacksonErrors {
    /** How long a text may be is decided by who read it. */
    static final StreamReadConstraints CONSTRAINTS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    private JacksonErrors() {}

    static IOException plain(JacksonException failure) {
        String where = failure instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        return new IOException((where.isEmpty() ? "" : where + ": ") + failure.getOriginalMessage(), failure);
    }
}
