package dev.sage.samples.rag;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The one mapper of this sample; making it is dear, and it may be shared. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static String line(Object value) throws JsonProcessingException {
        return MAPPER.writeValueAsString(value);
    }
}
