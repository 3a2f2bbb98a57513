package dev.sage.runtime.local;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;

/** JSON by Jackson; dates and times as ISO 8601 text. */
public final class JacksonFormat implements JsonFormat {
    private final ObjectWriter writer = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writer();

    @Override
    public String write(Object value) throws IOException {
        return writer.writeValueAsString(value);
    }
}
