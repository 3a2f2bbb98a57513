package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    enum Colour {
        RED
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Inner(int[] numbers, Optional<String> note) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Outer(String name, Colour colour, List<Inner> inner, char letter, byte[] raw, Map<Integer, Float> weights) {}

    private static final Outer OUTER = new Outer(
            "ü",
            Colour.RED,
            List.of(new Inner(new int[] {1, 2}, Optional.of("n")), new Inner(new int[0], Optional.empty())),
            'x',
            new byte[] {1},
            Map.of(7, 0.5f));

    @Test
    void aRecordCrossesAsAMapByComponentAndComesBack() {
        Object read = Envelope.read(Envelope.write(OUTER));

        assertThat(read)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("name", "ü")
                .containsEntry("colour", "RED");
        assertThat(Conversion.to(Outer.class, read)).usingRecursiveComparison().isEqualTo(OUTER);
    }

    @Test
    void aComponentThatIsMissingIsNullAndAPrimitiveOneIsRefusedByItsName() {
        assertThat(Conversion.to(Inner.class, Map.of("numbers", List.of(1L))))
                .usingRecursiveComparison()
                .isEqualTo(new Inner(new int[] {1}, Optional.empty()));
        assertThatThrownBy(() -> Conversion.to(Outer.class, Map.of()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessage("$.letter: is null, where char is wanted");
    }

    @Test
    void aNumberThatDoesNotFitIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Conversion.to(Inner.class, Map.of("numbers", List.of(1L, 1L << 40))))
                .hasMessage("$.numbers[1]: is the number or flag 1099511627776, where java.lang.Integer is wanted");
    }

    @Test
    void whatCannotCrossIsNamedWithItsPlace() {
        assertThatThrownBy(() -> Envelope.write(Map.of("a", List.of(1, Instant.EPOCH))))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageStartingWith("$.a[1]: a java.time.Instant cannot cross to Ray.");
    }

    @Test
    void aValueThatContainsItselfIsRefused() {
        List<Object> self = new ArrayList<>();
        self.add(self);

        assertThatThrownBy(() -> Envelope.write(self)).hasMessageContaining("maybe the value contains itself");
    }

    @Test
    void keysThatPythonTakesForTheSameAreRefused() {
        Map<Object, Object> keys = new LinkedHashMap<>();
        keys.put(1, "a");
        keys.put(1.0, "b");

        assertThatThrownBy(() -> Envelope.write(keys))
                .hasMessage("$.1.0: to Python this key is the same as one before");
        assertThatThrownBy(() -> Envelope.write(Map.of(true, 1, 1L, 2))).isInstanceOf(EnvelopeException.class);
        assertThatThrownBy(() -> Envelope.write(Map.of(Colour.RED, 1, "RED", 2)))
                .isInstanceOf(EnvelopeException.class);
    }

    @Test
    void halfOfASurrogatePairIsRefusedInsteadOfBecomingAQuestionMark() {
        assertThatThrownBy(() -> Envelope.write("\ud83d")).hasMessageContaining("surrogate");
        assertThat(Envelope.read(Envelope.write("\ud83d\ude00"))).isEqualTo("\ud83d\ude00");
    }

    @Test
    void aKeyOfBytesIsFoundAgain() {
        Object read = Envelope.read(Envelope.write(Map.of(ByteBuffer.wrap(new byte[] {1, 2}), "v")));

        assertThat(((Map<?, ?>) read).get(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo("v");
    }

    @Test
    void sixtyFourMegabytesCross() {
        byte[] large = new byte[64 << 20];
        large[large.length - 1] = 7;

        assertThat(Arrays.equals((byte[]) Envelope.read(Envelope.write(large)), large))
                .isTrue();
    }

    @Test
    void aLengthThatTheBytesCannotHoldIsRefusedBeforeItIsMade() {
        // An array of 2^31 - 1 elements.
        byte[] lie = {1, (byte) 0xdd, 0x7f, -1, -1, -1};

        assertThatThrownBy(() -> Envelope.read(lie)).hasMessageContaining("claims to have 2147483647 parts");
    }
}
