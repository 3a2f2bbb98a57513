package dev.sage.ray.wire;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Reads one value. A length that the bytes cannot hold is refused before anything of that size is made. */
final class ValueReader {
    private final MessageUnpacker unpacker;
    private final int bytes;

    /** @param bytes that there are at most */
    ValueReader(MessageUnpacker unpacker, int bytes) {
        this.unpacker = unpacker;
        this.bytes = bytes;
    }

    @Nullable
    Object read(int depth) throws IOException {
        MessageFormat format = unpacker.getNextFormat();
        ValueType type = format.getValueType();
        if (type == ValueType.ARRAY || type == ValueType.MAP) {
            if (depth == Envelope.MAX_DEPTH) {
                throw new EnvelopeException("nested deeper than " + Envelope.MAX_DEPTH);
            }
            return type == ValueType.ARRAY ? list(depth + 1) : map(depth + 1);
        }
        return scalar(format);
    }

    private @Nullable Object scalar(MessageFormat format) throws IOException {
        return switch (format.getValueType()) {
            case NIL -> {
                unpacker.unpackNil();
                yield null;
            }
            case BOOLEAN -> unpacker.unpackBoolean();
            case INTEGER ->
                format == MessageFormat.UINT64 ? small(unpacker.unpackBigInteger()) : (Object) unpacker.unpackLong();
            case FLOAT -> unpacker.unpackDouble();
            case STRING -> unpacker.unpackString();
            case BINARY -> unpacker.readPayload(held(unpacker.unpackBinaryHeader()));
            case EXTENSION -> extension();
            default -> throw new EnvelopeException("a " + format + " where a scalar is expected");
        };
    }

    private Object extension() throws IOException {
        ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
        if (header.getType() != Envelope.BIG_INTEGER || header.getLength() == 0) {
            throw new EnvelopeException("extension " + header.getType() + " is not known here");
        }
        return small(new BigInteger(unpacker.readPayload(held(header.getLength()))));
    }

    private static Object small(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private List<@Nullable Object> list(int depth) throws IOException {
        int size = held(unpacker.unpackArrayHeader());
        List<@Nullable Object> values = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            try {
                values.add(read(depth));
            } catch (EnvelopeException e) {
                throw e.within("[" + index + "]");
            }
        }
        return values;
    }

    private Map<@Nullable Object, @Nullable Object> map(int depth) throws IOException {
        int size = held(unpacker.unpackMapHeader());
        Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (int index = 0; index < size; index++) {
            Object key = scalar(unpacker.getNextFormat());
            try {
                entries.put(key instanceof byte[] raw ? ByteBuffer.wrap(raw) : key, read(depth));
            } catch (EnvelopeException e) {
                throw e.within("." + key);
            }
            if (entries.size() == index) {
                throw new EnvelopeException("to Java, key " + key + " is there twice");
            }
        }
        return entries;
    }

    private int held(int length) {
        if (length > bytes) {
            throw new EnvelopeException("claims to have " + length + " parts, in " + bytes + " bytes");
        }
        return length;
    }
}
