package dev.sage.ray.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects between Java and Java, by Java's own serialization, from the classes of one loader to those of another. Records and
 * {@code Optional}s cross by what they hold, whether they are serializable or not.
 */
public final class JavaObjects {
    private JavaObjects() {}

    /**
     * The bytes of an object, with {@link Codec#JAVA} as the first.
     *
     * @throws EnvelopeException when it contains something that is not serializable
     */
    public static byte[] write(@Nullable Object value) {
        return written(value, new ByteArrayOutputStream());
    }

    /**
     * As {@link #write(Object)}, if it has no more bytes than that; else nothing.
     *
     * @throws EnvelopeException when it contains something that is not serializable
     */
    public static byte @Nullable [] write(@Nullable Object value, int maxBytes) {
        try {
            return written(value, new BoundedBytes(maxBytes));
        } catch (BoundedBytes.Full tooLarge) {
            return null;
        }
    }

    private static byte[] written(@Nullable Object value, ByteArrayOutputStream bytes) {
        bytes.write(Codec.JAVA.mark());
        try {
            if (PlainObjects.are(value)) {
                bytes.write(PlainObjects.MARK);
                PlainObjects.write(value, new DataOutputStream(bytes));
            } else {
                ObjectOutputStream out = new FormOutput(bytes);
                out.writeObject(value);
                out.flush();
            }
        } catch (BoundedBytes.Full tooLarge) {
            throw tooLarge;
        } catch (NotSerializableException e) {
            throw new EnvelopeException(
                    "a " + e.getMessage() + " cannot cross, as it is not serializable. Let the class implement"
                            + " java.io.Serializable, or make it a record",
                    e);
        } catch (StackOverflowError e) {
            throw new EnvelopeException("nested too deep to cross", e);
        } catch (IOException | RuntimeException e) {
            throw new EnvelopeException("cannot be serialized: " + e, e);
        }
        return bytes.toByteArray();
    }

    /**
     * What {@link #write(Object)} gave.
     *
     * @param classes of whoever is to have the value
     * @throws EnvelopeException when the bytes are no object, or are of a class that the loader lacks
     */
    public static @Nullable Object read(byte[] bytes, ClassLoader classes) {
        Codec.JAVA.require(bytes);
        if (bytes.length > 1 && bytes[1] == PlainObjects.MARK) {
            return plain(bytes);
        }
        try (ObjectInputStream in = new LoaderInput(new ByteArrayInputStream(bytes, 1, bytes.length - 1), classes)) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new EnvelopeException("is of " + e.getMessage() + ", a class that is not there", e);
        } catch (EnvelopeException known) {
            throw known;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new EnvelopeException("cannot be read: " + e, e);
        }
    }

    /** A record that is not serializable. */
    @SuppressWarnings("ArrayRecordComponent")
    private record RecordForm(String type, @Nullable Object[] values) implements Serializable {}

    private record OptionalForm(@Nullable Object value) implements Serializable {}

    private static final class FormOutput extends ObjectOutputStream {
        /** The same for the same record, so that what is shared stays so, and the stream ends. */
        private final IdentityHashMap<Object, Object> forms = new IdentityHashMap<>();

        FormOutput(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object instanceof Optional<?> optional) {
                return forms.computeIfAbsent(object, given -> new OptionalForm(optional.orElse(null)));
            }
            return object instanceof Record fields && !(object instanceof Serializable)
                    ? forms.computeIfAbsent(object, given -> form(fields))
                    : object;
        }

        private static RecordForm form(Record fields) {
            RecordShape shape = RecordShape.of(fields.getClass());
            @Nullable Object[] values = new Object[shape.names().size()];
            for (int index = 0; index < values.length; index++) {
                values[index] = shape.value(fields, index);
            }
            return new RecordForm(fields.getClass().getName(), values);
        }
    }

    private static @Nullable Object plain(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 2, bytes.length - 2))) {
            return PlainObjects.read(in);
        } catch (IOException e) {
            throw new EnvelopeException("cannot be read: " + e, e);
        }
    }

    private static final class LoaderInput extends ObjectInputStream {
        private final ClassLoader classes;

        LoaderInput(InputStream in, ClassLoader classes) throws IOException {
            super(in);
            this.classes = classes;
            enableResolveObject(true);
        }

        @Override
        protected @Nullable Object resolveObject(@Nullable Object object) {
            if (object instanceof OptionalForm form) {
                return Optional.ofNullable(form.value());
            }
            if (!(object instanceof RecordForm form)) {
                return object;
            }
            try {
                return RecordShape.of(Class.forName(form.type(), false, classes))
                        .make(form.values());
            } catch (ClassNotFoundException e) {
                throw new EnvelopeException("is of " + form.type() + ", a class that is not there", e);
            }
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass form) throws IOException, ClassNotFoundException {
            if (form.getName().startsWith(JavaObjects.class.getName() + "$")) {
                // The user's loader need not know ours.
                return super.resolveClass(form);
            }
            try {
                return Class.forName(form.getName(), false, classes);
            } catch (ClassNotFoundException maybeAPrimitive) {
                return super.resolveClass(form);
            }
        }
    }
}
