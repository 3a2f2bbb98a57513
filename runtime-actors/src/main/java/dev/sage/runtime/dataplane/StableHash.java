package dev.sage.runtime.dataplane;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hashes keys by their value, with the same result in every JVM, and equal for equal keys. Only types whose value is
 * all that {@code equals} looks at are taken; an identity hash, or an enum's, differs from JVM to JVM and would split
 * a key.
 */
final class StableHash {
    private StableHash() {}

    /**
     * The hash of a key.
     *
     * @throws UnstableKeyException for null, and for a value of another type
     */
    static int of(@Nullable Object key) {
        if (key == null) {
            throw UnstableKeyException.nullKey();
        }
        return ofPart(key);
    }

    /** A component or element of a key, which may be null. */
    static int ofPart(@Nullable Object part) {
        if (part == null) {
            return 0;
        }
        // The documentation of these types fixes their hash codes.
        if (part instanceof String || isBox(part)) {
            return part.hashCode();
        }
        if (part instanceof Record record) {
            return RecordShape.of(record.getClass()).hash(record);
        }
        if (part instanceof Enum<?> constant) {
            return constant.name().hashCode();
        }
        if (part instanceof Character || part instanceof Boolean) {
            return part.hashCode();
        }
        return ofRare(part);
    }

    private static int ofRare(Object part) {
        if (part instanceof UUID id) {
            return 31 * Long.hashCode(id.getMostSignificantBits()) + Long.hashCode(id.getLeastSignificantBits());
        }
        if (part instanceof List<?> list) {
            int hash = 1;
            for (Object element : list) {
                hash = 31 * hash + ofPart(element);
            }
            return hash;
        }
        if (part instanceof Optional<?> optional) {
            return optional.isPresent() ? 31 + ofPart(optional.get()) : 0;
        }
        if (part.getClass() == BigInteger.class) {
            return Arrays.hashCode(((BigInteger) part).toByteArray());
        }
        if (part.getClass() == BigDecimal.class) {
            // As equals does: 2.0 and 2.00 are different keys.
            BigDecimal decimal = (BigDecimal) part;
            return 31 * ofRare(decimal.unscaledValue()) + decimal.scale();
        }
        if (isTime(part)) {
            // Their texts are standardized, and tell apart exactly what equals tells apart.
            return part.toString().hashCode();
        }
        throw UnstableKeyException.ofType(part.getClass());
    }

    private static boolean isBox(Object part) {
        return part instanceof Long
                || part instanceof Integer
                || part instanceof Double
                || part instanceof Float
                || part instanceof Short
                || part instanceof Byte;
    }

    private static boolean isTime(Object part) {
        boolean time = part instanceof Temporal
                || part instanceof TemporalAmount
                || part instanceof ZoneId
                || part instanceof MonthDay;
        return time && part.getClass().getName().startsWith("java.time.");
    }
}
