package dev.sage.ray.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, short texts and the lists of arguments that hold them, which are what most calls consist of: some bytes, where
 * Java's serialization writes the description of each class, and looks it up again.
 */
final class PlainObjects {
    /** No stream of Java's begins so. */
    static final byte MARK = 1;

    private static final int MAX_CHARACTERS = 1_000;
    /** Of lists of arguments in a batch; deeper ones are the user's, and may contain themselves. */
    private static final int MAX_DEPTH = 2;

    private PlainObjects() {}

    /** Whether {@link #write} can; the classes are kept exactly. */
    static boolean are(@Nullable Object value) {
        return are(value, 0);
    }

    private static boolean are(@Nullable Object value, int depth) {
        if (value != null && value.getClass() == Object[].class) {
            if (depth == MAX_DEPTH) {
                return false;
            }
            for (Object element : (Object[]) value) {
                if (!are(element, depth + 1)) {
                    return false;
                }
            }
            return true;
        }
        return value == null
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Double
                || value instanceof Boolean
                || (value instanceof String text && text.length() <= MAX_CHARACTERS);
    }

    static void write(@Nullable Object value, DataOutputStream out) throws IOException {
        if (value instanceof Object[] elements) {
            out.writeByte('A');
            out.writeInt(elements.length);
            for (Object element : elements) {
                write(element, out);
            }
        } else if (value instanceof Long number) {
            out.writeByte('L');
            out.writeLong(number);
        } else if (value instanceof Integer number) {
            out.writeByte('I');
            out.writeInt(number);
        } else if (value instanceof Double number) {
            out.writeByte('D');
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? 'T' : 'F');
        } else if (value instanceof String text) {
            out.writeByte('S');
            out.writeUTF(text);
        } else {
            out.writeByte('N');
        }
    }

    static @Nullable Object read(DataInputStream in) throws IOException {
        byte tag = in.readByte();
        return switch (tag) {
            case 'A' -> {
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw new StreamCorruptedException(length + " elements");
                }
                @Nullable Object[] elements = new Object[length];
                for (int index = 0; index < length; index++) {
                    elements[index] = read(in);
                }
                yield elements;
            }
            case 'L' -> in.readLong();
            case 'I' -> in.readInt();
            case 'D' -> Double.longBitsToDouble(in.readLong());
            case 'T' -> true;
            case 'F' -> false;
            case 'S' -> in.readUTF();
            case 'N' -> null;
            default -> throw new StreamCorruptedException("tag " + tag);
        };
    }
}
