package dev.sage.ray.wire;

import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/**
 * Values as bytes that Java and Python read alike: MessagePack, with whole numbers of more than 64 bits as an extension.
 *
 * <table>
 *   <caption>What becomes what</caption>
 *   <tr><th>Java writes</th><th>Python reads and writes</th><th>Java reads</th></tr>
 *   <tr><td>null, an empty Optional</td><td>None</td><td>null</td></tr>
 *   <tr><td>Boolean</td><td>bool</td><td>Boolean</td></tr>
 *   <tr><td>Byte, Short, Integer, Long, BigInteger</td><td>int</td><td>Long, BigInteger when it does not fit</td></tr>
 *   <tr><td>Float, Double</td><td>float</td><td>Double</td></tr>
 *   <tr><td>String, Character, an enum's name</td><td>str</td><td>String</td></tr>
 *   <tr><td>byte[], ByteBuffer</td><td>bytes</td><td>byte[]; as a key of a map, ByteBuffer</td></tr>
 *   <tr><td>Collection, array</td><td>list (a tuple is written as one)</td><td>List</td></tr>
 *   <tr><td>Map, record (by component)</td><td>dict (a dataclass is written as one)</td><td>Map, in the same order</td></tr>
 * </table>
 *
 * <p>Keys are scalars, and no two of a map may be the same to Python, to which {@code 1}, {@code 1.0} and {@code true} are.
 * {@link #read} gives what is in the third column, {@link Conversion} makes records and narrower types of that. May be used
 * from any thread.
 */
public final class Envelope {
    /** The extension for a whole number of more than 64 bits: two's complement, the highest byte first. */
    static final byte BIG_INTEGER = 1;

    /** How deep lists and maps may be nested; Python's reader ends at 511. */
    static final int MAX_DEPTH = 500;

    private static final MessagePack.UnpackerConfig STRICT = new MessagePack.UnpackerConfig()
            .withActionOnMalformedString(CodingErrorAction.REPORT)
            .withActionOnUnmappableString(CodingErrorAction.REPORT);

    private Envelope() {}

    /**
     * The bytes of a value, with {@link Codec#VALUES} as the first.
     *
     * @throws EnvelopeException when it contains something that cannot cross
     */
    public static byte[] write(@Nullable Object value) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.addPayload(Codec.VALUES.prefix());
            new ValueWriter(packer).write(value, 0);
            return packer.toByteArray();
        } catch (IOException inMemory) {
            throw new EnvelopeException(inMemory.toString(), inMemory);
        }
    }

    /**
     * As {@link #write(Object)}, if it has no more bytes than that; else nothing.
     *
     * @throws EnvelopeException when it contains something that cannot cross
     */
    public static byte @Nullable [] write(@Nullable Object value, int maxBytes) {
        BoundedBytes bytes = new BoundedBytes(maxBytes);
        try {
            MessagePacker packer = MessagePack.newDefaultPacker(bytes);
            packer.addPayload(Codec.VALUES.prefix());
            new ValueWriter(packer).write(value, 0);
            packer.flush();
            return bytes.toByteArray();
        } catch (BoundedBytes.Full tooLarge) {
            return null;
        } catch (IOException inMemory) {
            throw new EnvelopeException(inMemory.toString(), inMemory);
        }
    }

    /**
     * What {@link #write}, or Python, has written.
     *
     * @throws EnvelopeException when these are not the bytes of exactly one value
     */
    public static @Nullable Object read(byte[] bytes) {
        Codec.VALUES.require(bytes);
        try (MessageUnpacker unpacker = STRICT.newUnpacker(bytes, 1, bytes.length - 1)) {
            Object value = new ValueReader(unpacker, bytes.length).read(0);
            if (unpacker.hasNext()) {
                throw new EnvelopeException("after the value there are more bytes");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            throw e instanceof EnvelopeException known ? known : new EnvelopeException("no value: " + e, e);
        }
    }
}
