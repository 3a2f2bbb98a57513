package dev.sage.ray.wire;

import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePacker;

/** Writes one value. */
final class ValueWriter {
    private static final int LONG_BITS = 63;

    private final MessagePacker packer;

    ValueWriter(MessagePacker packer) {
        this.packer = packer;
    }

    void write(@Nullable Object value, int depth) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (!writeScalar(value)) {
            if (depth == Envelope.MAX_DEPTH) {
                throw new EnvelopeException(
                        "nested deeper than " + Envelope.MAX_DEPTH + "; maybe the value contains itself");
            }
            writeNested(value, depth + 1);
        }
    }

    private boolean writeScalar(Object value) throws IOException {
        if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Boolean flag) {
            packer.packBoolean(flag);
        } else if (value instanceof Double || value instanceof Float) {
            packer.packDouble(((Number) value).doubleValue());
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            packer.packLong(((Number) value).longValue());
        } else if (value instanceof BigInteger number) {
            writeInteger(number);
        } else if (value instanceof Character letter) {
            writeText(letter.toString());
        } else if (value instanceof Enum<?> constant) {
            writeText(constant.name());
        } else if (value instanceof byte[] bytes) {
            packer.packBinaryHeader(bytes.length);
            packer.addPayload(bytes);
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            packer.packBinaryHeader(bytes.length);
            packer.addPayload(bytes);
        } else {
            return false;
        }
        return true;
    }

    private void writeInteger(BigInteger number) throws IOException {
        if (number.bitLength() <= LONG_BITS) {
            packer.packLong(number.longValue());
        } else {
            byte[] bytes = number.toByteArray();
            packer.packExtensionTypeHeader(Envelope.BIG_INTEGER, bytes.length);
            packer.addPayload(bytes);
        }
    }

    /** Half a surrogate pair has no UTF-8, and would silently become a question mark. */
    private void writeText(String text) throws IOException {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            packer.packRawStringHeader(utf8.remaining());
            packer.writePayload(utf8.array(), utf8.arrayOffset() + utf8.position(), utf8.remaining());
        } catch (CharacterCodingException e) {
            throw new EnvelopeException("text with half of a surrogate pair, which has no UTF-8", e);
        }
    }

    private void writeNested(Object value, int depth) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writeMap(map, depth);
        } else if (value instanceof Collection<?> values) {
            packer.packArrayHeader(values.size());
            int index = 0;
            for (Object element : values) {
                writeElement(element, index++, depth);
            }
        } else if (value instanceof Record fields) {
            writeRecord(fields, depth);
        } else if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            packer.packArrayHeader(length);
            for (int index = 0; index < length; index++) {
                writeElement(Array.get(value, index), index, depth);
            }
        } else if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), depth);
        } else {
            throw new EnvelopeException("a " + value.getClass().getName() + " cannot cross to Ray. What can: numbers,"
                    + " text, bytes, lists, maps, records of these, and null");
        }
    }

    private void writeElement(@Nullable Object element, int index, int depth) throws IOException {
        try {
            write(element, depth);
        } catch (EnvelopeException e) {
            throw e.within("[" + index + "]");
        }
    }

    private void writeMap(Map<?, ?> map, int depth) throws IOException {
        packer.packMapHeader(map.size());
        // Texts among themselves are as different to Python as they are here.
        Set<Object> seen = onlyTexts(map) ? null : new HashSet<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            try {
                if (seen == null) {
                    writeText((String) key);
                } else {
                    writeKey(key, seen);
                }
                write(entry.getValue(), depth);
            } catch (EnvelopeException e) {
                throw e.within("." + key);
            }
        }
    }

    private static boolean onlyTexts(Map<?, ?> map) {
        for (Object key : map.keySet()) {
            if (!(key instanceof String)) {
                return false;
            }
        }
        return true;
    }

    private void writeKey(@Nullable Object key, Set<Object> seen) throws IOException {
        if (!seen.add(asPythonSeesIt(key))) {
            throw new EnvelopeException("to Python this key is the same as one before");
        }
        if (key == null) {
            packer.packNil();
        } else if (!writeScalar(key)) {
            throw new EnvelopeException("a " + key.getClass().getName() + " cannot be a key at Ray, only a scalar");
        }
    }

    private static Object asPythonSeesIt(@Nullable Object key) {
        if (key == null) {
            return Optional.empty();
        }
        if (key instanceof Boolean flag) {
            return flag ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (key instanceof Double || key instanceof Float) {
            double number = ((Number) key).doubleValue();
            return Double.isFinite(number) && number == Math.rint(number)
                    ? new BigDecimal(number).toBigInteger()
                    : number;
        }
        if (key instanceof Number number) {
            return new BigInteger(number.toString());
        }
        if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        return key instanceof ByteBuffer ? key : key.toString();
    }

    private void writeRecord(Record fields, int depth) throws IOException {
        RecordShape shape = RecordShape.of(fields.getClass());
        packer.packMapHeader(shape.names().size());
        for (int index = 0; index < shape.names().size(); index++) {
            String name = shape.names().get(index);
            writeText(name);
            try {
                write(shape.value(fields, index), depth);
            } catch (EnvelopeException e) {
                throw e.within("." + name);
            }
        }
    }
}
