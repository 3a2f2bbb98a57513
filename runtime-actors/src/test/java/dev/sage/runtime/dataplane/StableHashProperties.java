package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class StableHashProperties {
    record Point(int x, double y, String name) {}

    record Pair(Object left, Object right) {}

    enum Colour {
        RED,
        GREEN
    }

    @Property
    void equalKeysHaveEqualHashes(@ForAll("keys") Object key) {
        assertThat(StableHash.of(copy(key))).isEqualTo(StableHash.of(key));
        assertThat(copy(key)).isEqualTo(key);
    }

    @Property
    void whateverIsEqualHashesEqual(@ForAll("keys") Object left, @ForAll("keys") Object right) {
        if (left.equals(right)) {
            assertThat(StableHash.of(left)).isEqualTo(StableHash.of(right));
        }
    }

    @Property
    void groupsAndOwnersAreInTheirBounds(
            @ForAll("keys") Object key, @ForAll @IntRange(min = 1, max = 1 << 15) int groups) {
        int group = KeyGroups.groupOf(key, groups);
        assertThat(group).isBetween(0, groups - 1);
        assertThat(KeyGroups.owner(group, groups, groups)).isEqualTo(group);
        assertThat(KeyGroups.owner(group, groups, (groups + 1) / 2)).isBetween(0, (groups - 1) / 2);
    }

    @Example
    void hashesAreTheSameInEveryJvm() {
        assertThat(StableHash.of("sage")).isEqualTo(3_522_476);
        assertThat(StableHash.of(Colour.GREEN)).isEqualTo("GREEN".hashCode());
        assertThat(StableHash.of(new Point(1, 2.5, "a"))).isEqualTo(-1065614302);
        assertThat(StableHash.of(List.of(1L, true, 'x'))).isEqualTo(69033);
    }

    @Example
    void zerosAndNotANumberAreKeysAsEqualsHasThem() {
        assertThat(StableHash.of(0.0)).isNotEqualTo(StableHash.of(-0.0));
        double otherNaN = Double.longBitsToDouble(0x7ff8_0000_0000_0001L);
        assertThat(StableHash.of(Double.NaN)).isEqualTo(StableHash.of(otherNaN));
        assertThat(StableHash.of(new Point(0, Double.NaN, null)))
                .isEqualTo(StableHash.of(new Point(0, otherNaN, null)));
    }

    @Example
    void aTypeWithoutAStableHashIsRefusedByName() {
        record Holder(List<Object> parts) {}
        for (Object key : List.of(
                new int[0],
                Set.of(1),
                Map.of(),
                new Object(),
                new Holder(List.of(Set.of())),
                Optional.of(new Object()))) {
            assertThatThrownBy(() -> StableHash.of(key))
                    .isInstanceOf(UnstableKeyException.class)
                    .hasMessageContaining("not the same in every JVM");
        }
        assertThatThrownBy(() -> StableHash.of(new int[0])).hasMessageContaining("int[]");
        assertThatThrownBy(() -> StableHash.of(null)).hasMessageContaining("null");
    }

    @Provide
    Arbitrary<Object> keys() {
        Arbitrary<Object> simple = Arbitraries.oneOf(List.of(
                Arbitraries.longs().between(-3, 3).map(n -> (Object) n),
                Arbitraries.integers().map(n -> n),
                Arbitraries.shorts().map(n -> n),
                Arbitraries.bytes().map(n -> n),
                Arbitraries.doubles().map(n -> n),
                Arbitraries.floats().map(n -> n),
                Arbitraries.strings().ofMaxLength(3).map(s -> s),
                Arbitraries.chars().map(c -> c),
                Arbitraries.of(true, false).map(b -> b),
                Arbitraries.of(Colour.class).map(c -> c),
                Arbitraries.of(DayOfWeek.class).map(d -> d),
                Arbitraries.bigIntegers().map(n -> n),
                Arbitraries.bigDecimals().map(n -> n),
                Arbitraries.longs().map(n -> new UUID(n, ~n)),
                Arbitraries.longs().between(-1_000_000, 1_000_000).map(Instant::ofEpochSecond),
                Arbitraries.longs().between(-1_000_000, 1_000_000).map(LocalDate::ofEpochDay),
                Arbitraries.longs().map(Duration::ofMillis),
                Arbitraries.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), MonthDay.of(2, 29))
                        .map(z -> z)));
        return Arbitraries.lazyOf(
                () -> simple,
                () -> simple,
                () -> simple,
                () -> keys().list().ofMaxSize(3).map(list -> list),
                () -> keys().optional().map(optional -> optional),
                () -> keys().tuple2().map(pair -> new Pair(pair.get1(), pair.get2())));
    }

    /** An equal object, another one where the type allows. */
    private static Object copy(Object key) {
        if (key instanceof String text) {
            return new String(text.toCharArray());
        }
        if (key instanceof List<?> list) {
            List<Object> copies = new ArrayList<>();
            list.forEach(element -> copies.add(copy(element)));
            return List.copyOf(copies);
        }
        if (key instanceof Optional<?> optional) {
            return optional.map(StableHashProperties::copy);
        }
        if (key instanceof Pair pair) {
            return new Pair(copy(pair.left()), copy(pair.right()));
        }
        if (key instanceof BigInteger number) {
            return new BigInteger(number.toByteArray());
        }
        if (key instanceof BigDecimal number) {
            return new BigDecimal(number.unscaledValue(), number.scale());
        }
        return key;
    }
}
