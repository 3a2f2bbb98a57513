package dev.sage.ray.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random values of all kinds that cross, and how two of them are compared. */
final class Values {
    private static final double[] EDGES = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        1e300
    };

    private final Random random;

    private Values(Random random) {
        this.random = random;
    }

    static Object random(long seed) {
        return new Values(new Random(seed)).value(4);
    }

    private Object value(int depth) {
        int kind = random.nextInt(10);
        if (depth == 0 || kind < 6) {
            return random.nextInt(8) == 0 ? null : scalar();
        }
        int size = random.nextInt(6);
        if (kind < 8) {
            List<Object> list = new ArrayList<>();
            for (int index = 0; index < size; index++) {
                list.add(value(depth - 1));
            }
            return list;
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        Set<Object> toPython = new HashSet<>();
        for (int index = 0; index < size; index++) {
            Object key = random.nextInt(10) == 0 ? null : scalar();
            Object kept = key instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : key;
            if (toPython.add(asPython(kept))) {
                map.put(kept, value(depth - 1));
            }
        }
        return map;
    }

    /** To Python {@code 1}, {@code 1.0} and {@code True} are one key. */
    private static Object asPython(Object key) {
        if (key instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        if (key instanceof Double number && !number.isNaN() && !number.isInfinite()) {
            return new BigDecimal(number).stripTrailingZeros().toPlainString();
        }
        return key instanceof Number || key == null ? String.valueOf(key) : List.of(key);
    }

    private Object scalar() {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong() >> random.nextInt(64);
            case 2 ->
                narrow(new BigInteger(random.nextInt(300), random)
                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)));
            case 3 ->
                narrow(BigInteger.ONE
                        .shiftLeft(63 + random.nextInt(2))
                        .add(BigInteger.valueOf(random.nextInt(3) - 1))
                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)));
            case 4 -> random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : (Object) random.nextGaussian();
            case 5 -> text();
            default -> {
                byte[] bytes = new byte[random.nextInt(50)];
                random.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    private static Object narrow(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    /** Of all planes of Unicode, but without halves of surrogate pairs. */
    private String text() {
        StringBuilder text = new StringBuilder();
        int most = random.nextInt(5) == 0 ? 500 : 12;
        for (int left = random.nextInt(most); left > 0; left--) {
            int point = random.nextInt(random.nextBoolean() ? 128 : Character.MAX_CODE_POINT + 1);
            boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            text.appendCodePoint(half ? 'x' : point);
        }
        return text.toString();
    }

    /** A text that two values have in common only when they are the same, types and order included. */
    @SuppressWarnings("ByteBufferBackingArray")
    static String described(Object value) {
        if (value instanceof byte[] bytes) {
            return "bytes" + Arrays.toString(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return "bytes" + Arrays.toString(buffer.array());
        }
        if (value instanceof List<?> values) {
            List<String> texts = new ArrayList<>();
            values.forEach(each -> texts.add(described(each)));
            return "list" + texts;
        }
        if (value instanceof Map<?, ?> map) {
            List<String> texts = new ArrayList<>();
            map.forEach((key, each) -> texts.add(described(key) + "=" + described(each)));
            return "map" + texts;
        }
        return value == null ? "null" : value.getClass().getSimpleName() + ":" + value;
    }
}
