package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectStreamConstants;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Objects come back as they went, with their classes, whichever way they are written. */
class JavaObjectsProperties {
    private static final ClassLoader CLASSES = JavaObjectsProperties.class.getClassLoader();

    @Property(tries = 2000)
    void whatIsWrittenIsReadWithItsClasses(@ForAll long seed) {
        Object value = value(new Random(seed), 3);

        assertThat(described(JavaObjects.read(JavaObjects.write(value), CLASSES)))
                .isEqualTo(described(value));
    }

    @Property(tries = 500)
    void bytesThatWereCutAreRefused(@ForAll long seed, @ForAll double where) {
        byte[] bytes = JavaObjects.write(value(new Random(seed), 3));
        int length = (int) (Math.abs(where % 1) * bytes.length);

        assertThatThrownBy(() -> JavaObjects.read(Arrays.copyOf(bytes, length), CLASSES))
                .isInstanceOf(EnvelopeException.class);
    }

    @Example
    void argumentsOfNumbersAndTextsNeedNoDescriptionsOfClasses() {
        Object[] batch = {new Object[] {1L, 2, 3.0, true, "ü", null}, new Object[] {}};

        assertThat(JavaObjects.write(batch)).hasSizeLessThan(50);
        assertThat(JavaObjects.write(new Object[] {(short) 1})[1])
                .isEqualTo((byte) (ObjectStreamConstants.STREAM_MAGIC >> 8));
    }

    @Example
    void anArrayThatContainsItselfComesBackAsOne() {
        Object[] own = new Object[1];
        own[0] = own;

        Object[] read = (Object[]) JavaObjects.read(JavaObjects.write(new Object[] {own}), CLASSES);
        assertThat(((Object[]) read[0])[0]).isSameAs(read[0]);
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 11)) {
            case 0 -> null;
            case 1 -> random.nextLong();
            case 2 -> random.nextInt();
            case 3 -> random.nextBoolean() ? Double.NaN : random.nextGaussian();
            case 4 -> random.nextBoolean();
            case 5 -> "\ud800" + random.nextInt();
            case 6 -> "\0ü€".repeat(random.nextInt(500));
            case 7 -> (short) random.nextInt();
            case 8 -> random.nextFloat();
            case 9 -> new BigInteger(100, random);
            case 10 -> new byte[random.nextInt(5)];
            case 11 -> {
                List<Object> list = new ArrayList<>();
                list.add(value(random, depth - 1));
                yield list;
            }
            default -> {
                Object[] array = new Object[random.nextInt(4)];
                Arrays.setAll(array, index -> value(random, depth - 1));
                yield array;
            }
        };
    }

    private static String described(Object value) {
        if (value instanceof Object[] array) {
            return "array"
                    + Arrays.stream(array).map(JavaObjectsProperties::described).toList();
        }
        if (value instanceof List<?> list) {
            return "list" + list.stream().map(JavaObjectsProperties::described).toList();
        }
        if (value instanceof byte[] bytes) {
            return "bytes" + Arrays.toString(bytes);
        }
        return value == null ? "null" : value.getClass().getName() + ":" + value;
    }
}
