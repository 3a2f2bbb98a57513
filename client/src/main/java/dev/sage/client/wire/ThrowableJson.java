package dev.sage.client.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A throwable as JSON: its type, message and stack in words for everybody, and serialized for a reader that has its class.
 * Whoever has not reads a {@link RemoteCauseException}, and writes it again as it came.
 */
final class ThrowableJson {
    private static final int SERIALIZED_BYTES = 64 * 1024;
    private static final int STACK_CHARACTERS = 64 * 1024;
    private static final ObjectInputFilter BOUNDED =
            ObjectInputFilter.Config.createFilter("maxdepth=200;maxarray=100000;maxbytes=" + SERIALIZED_BYTES);

    private ThrowableJson() {}

    /** @param serialized as Base64; null when it cannot be serialized, or is too big for that */
    private record Form(
            String type,
            @Nullable String message,
            @Nullable String stack,
            @Nullable String serialized) {

        static Form of(Throwable thrown) {
            return thrown instanceof RemoteCauseException remote
                    ? new Form(remote.type(), remote.getMessage(), remote.stack(), remote.serialized())
                    : new Form(thrown.getClass().getName(), messageOf(thrown), stackOf(thrown), serialize(thrown));
        }

        Throwable toThrowable() {
            Throwable here = serialized == null ? null : deserialize(serialized);
            // Another class than announced is somebody's game, and not played.
            return here != null && here.getClass().getName().equals(type)
                    ? here
                    : new RemoteCauseException(type, message, stack == null ? "" : stack, serialized);
        }
    }

    static final class Writer extends JsonSerializer<Throwable> {
        @Override
        public void serialize(Throwable thrown, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(Form.of(thrown), json);
        }
    }

    static final class Reader extends JsonDeserializer<Throwable> {
        @Override
        public Throwable deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return context.readValue(json, Form.class).toThrowable();
        }
    }

    /** A message can be computed by the user's own code, which may throw. */
    private static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException broken) {
            return "(its getMessage() threw " + broken.getClass().getName() + ")";
        }
    }

    private static String stackOf(Throwable thrown) {
        StringWriter text = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(text, true));
        } catch (RuntimeException broken) {
            text.write("(its printStackTrace() threw " + broken.getClass().getName() + ")");
        }
        return text.getBuffer().length() <= STACK_CHARACTERS
                ? text.toString()
                : text.getBuffer().substring(0, STACK_CHARACTERS) + "\n…";
    }

    private static @Nullable String serialize(Throwable thrown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(thrown);
        } catch (IOException | RuntimeException | StackOverflowError notSerializable) {
            return null;
        }
        return bytes.size() <= SERIALIZED_BYTES ? Base64.getEncoder().encodeToString(bytes.toByteArray()) : null;
    }

    private static @Nullable Throwable deserialize(String serialized) {
        try (ObjectInputStream objects =
                new ContextObjects(new ByteArrayInputStream(Base64.getDecoder().decode(serialized)))) {
            return objects.readObject() instanceof Throwable thrown ? thrown : null;
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError unknown) {
            return null;
        }
    }

    /** Classes as the caller's thread sees them: the user's are seldom on the loader of this one. */
    private static final class ContextObjects extends ObjectInputStream {
        ContextObjects(InputStream in) throws IOException {
            super(in);
            setObjectInputFilter(BOUNDED);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            try {
                return Class.forName(described.getName(), false, context);
            } catch (ClassNotFoundException notThere) {
                return super.resolveClass(described);
            }
        }
    }
}
