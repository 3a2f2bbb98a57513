package dev.sage.runtime.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON by Jackson; dates and times as ISO 8601 text. What is read must fit: nothing of it is passed over or made up. */
public final class JacksonFormat implements JsonFormat {
    private @Nullable JsonMapper mapper;

    /** Made by the first who needs it: that takes longer than the rest of an environment without programs. */
    private synchronized JsonMapper mapper() {
        JsonMapper made = mapper;
        if (made == null) {
            made = JsonMapper.builder(JsonFactory.builder()
                            .streamReadConstraints(JacksonErrors.CONSTRAINTS)
                            .build())
                    .typeFactory(JacksonModules.types())
                    .addModules(JacksonModules.found())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();
            mapper = made;
        }
        return made;
    }

    @Override
    public String write(Object value) throws IOException {
        return mapper().writeValueAsString(value);
    }

    @Override
    public <T> @Nullable T read(String json, Class<T> type) throws IOException {
        try {
            return mapper().readValue(json, type);
        } catch (JacksonException failure) {
            throw JacksonErrors.plain(failure);
        }
    }
}
