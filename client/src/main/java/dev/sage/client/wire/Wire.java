package dev.sage.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sage.api.JobEvent;
import java.util.Locale;

/** How the records of this package, and those of the API in them, are written as JSON. */
public final class Wire {
    private static final ObjectMapper MAPPER = make();

    private Wire() {}

    /** Shared; not to be configured. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** The {@code type} of an event in JSON: {@code state-changed} for {@link JobEvent.StateChanged}. */
    public static String typeOf(Class<? extends JobEvent> event) {
        return event.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static ObjectMapper make() {
        SimpleModule sage = new SimpleModule("sage")
                .setMixInAnnotation(JobEvent.class, TypedEvent.class)
                .addSerializer(Throwable.class, new ThrowableJson.Writer())
                .addDeserializer(Throwable.class, new ThrowableJson.Reader());
        JsonMapper mapper = JsonMapper.builder()
                .addModules(new Jdk8Module(), new JavaTimeModule(), sage)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        for (Class<?> event : JobEvent.class.getPermittedSubclasses()) {
            mapper.registerSubtypes(new NamedType(event, typeOf(event.asSubclass(JobEvent.class))));
        }
        return mapper;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface TypedEvent {}
}
