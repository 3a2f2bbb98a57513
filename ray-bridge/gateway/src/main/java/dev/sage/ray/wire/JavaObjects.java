package dev.sage.ray.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/** Objects between Java and Java, by Java's own serialization, from the classes of one loader to those of another. */
public final class JavaObjects {
    private JavaObjects() {}

    /**
     * The bytes of an object, with {@link Codec#JAVA} as the first.
     *
     * @throws EnvelopeException when it contains something that is not serializable
     */
    public static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Codec.JAVA.mark());
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException | RuntimeException e) {
            throw new EnvelopeException("cannot be serialized: " + e, e);
        }
        return bytes.toByteArray();
    }

    /**
     * What {@link #write} gave.
     *
     * @param classes of whoever is to have the value
     * @throws EnvelopeException when the bytes are no object, or are of a class that the loader lacks
     */
    public static @Nullable Object read(byte[] bytes, ClassLoader classes) {
        Codec.JAVA.require(bytes);
        try (ObjectInputStream in = new LoaderInput(new ByteArrayInputStream(bytes, 1, bytes.length - 1), classes)) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new EnvelopeException("is of " + e.getMessage() + ", a class that is not there", e);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new EnvelopeException("cannot be read: " + e, e);
        }
    }

    private static final class LoaderInput extends ObjectInputStream {
        private final ClassLoader classes;

        LoaderInput(InputStream in, ClassLoader classes) throws IOException {
            super(in);
            this.classes = classes;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass form) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(form.getName(), false, classes);
            } catch (ClassNotFoundException maybeAPrimitive) {
                return super.resolveClass(form);
            }
        }
    }
}
