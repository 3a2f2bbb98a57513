package dev.sage.node.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sage.api.SageException;
import dev.sage.node.core.RegistryEvent;
import dev.sage.node.core.RegistrySnapshot;
import dev.sage.node.core.Work;
import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Events and snapshots as JSON. The manifest is a name and a version, {@code accepted.v2}: a component that is added is no
 * new version where a reader that does not know it may skip it; anything else is, and the old one stays readable. So a job
 * with its graph is the second one, as who skipped that could not run it.
 */
public final class RegistrySerializer extends SerializerWithStringManifest {
    private static final int ID = 19_001;
    private static final Map<String, Class<?>> NEWEST = Map.of(
            "accepted.v2", RegistryEvent.JobAccepted.class,
            "started.v1", RegistryEvent.JobStarted.class,
            "cancelled.v1", RegistryEvent.JobCancelled.class,
            "restarted.v1", RegistryEvent.JobRestarted.class,
            "ended.v1", RegistryEvent.JobEnded.class,
            "archived.v1", RegistryEvent.JobArchived.class,
            "snapshot.v2", RegistrySnapshot.class);
    private static final Map<String, Class<?>> OLDER = Map.of(
            "accepted.v1", RegistryEvent.JobAccepted.class,
            "snapshot.v1", RegistrySnapshot.class);
    private static final Map<String, Class<?>> BY_MANIFEST = Stream.of(NEWEST, OLDER)
            .flatMap(each -> each.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    private static final Map<Class<?>, String> MANIFESTS =
            NEWEST.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addMixIn(Work.class, WorkByKind.class)
            // Only the components of records: what their methods compute is not to be stored.
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Work.Pipeline.class, name = "pipeline"),
        @JsonSubTypes.Type(value = Work.Program.class, name = "program")
    })
    private interface WorkByKind {}

    @Override
    public int identifier() {
        return ID;
    }

    @Override
    public String manifest(Object value) {
        String manifest = MANIFESTS.get(value.getClass());
        if (manifest == null) {
            throw new IllegalArgumentException(value.getClass().getName() + " has no place in the journal.");
        }
        return manifest;
    }

    @Override
    public byte[] toBinary(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Cannot be written into the journal: " + value, e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        Class<?> type = BY_MANIFEST.get(manifest);
        if (type == null) {
            throw new SageException(
                    "journal.newer",
                    "The journal has an entry of the kind '" + manifest
                            + "', which this version of Sage does not know; it"
                            + " knows " + new TreeSet<>(BY_MANIFEST.keySet())
                            + ". Start the newer version of Sage that wrote it.");
        }
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new SageException(
                    "journal.damaged",
                    "An entry '" + manifest + "' of the journal cannot be read: " + e.getMessage()
                            + ". Restore the database from a backup.",
                    e);
        }
    }
}
