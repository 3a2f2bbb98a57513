package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is written is what is read, and what nobody wrote is refused. */
class EnvelopeProperties {
    @Property(tries = 2000)
    void whatIsWrittenIsRead(@ForAll long seed) {
        Object value = Values.random(seed);

        assertThat(Values.described(Envelope.read(Envelope.write(value)))).isEqualTo(Values.described(value));
    }

    @Property(tries = 500)
    void bytesThatWereCutAreRefused(@ForAll long seed, @ForAll double where) {
        byte[] bytes = Envelope.write(Values.random(seed));
        int length = (int) (Math.abs(where % 1) * bytes.length);

        assertThatThrownBy(() -> Envelope.read(Arrays.copyOf(bytes, length))).isInstanceOf(EnvelopeException.class);
    }

    @Property(tries = 2000)
    void randomBytesGiveAValueOrARefusal(@ForAll byte[] bytes) {
        byte[] marked = new byte[bytes.length + 1];
        marked[0] = 1;
        System.arraycopy(bytes, 0, marked, 1, bytes.length);
        try {
            Envelope.read(marked);
        } catch (EnvelopeException refused) {
            assertThat(refused).hasMessageStartingWith("$");
        }
    }

    @Property(tries = 500)
    void aBoundIsToTheByte(@ForAll long seed) {
        Object value = Values.random(seed);
        byte[] whole = Envelope.write(value);

        assertThat(Envelope.write(value, whole.length)).isEqualTo(whole);
        assertThat(Envelope.write(value, whole.length - 1)).isNull();
    }

    @Property(tries = 200)
    void aBoundOfObjectsIsToTheByte(@ForAll String text) {
        byte[] whole = JavaObjects.write(new Object[] {text, 1});

        assertThat(JavaObjects.write(new Object[] {text, 1}, whole.length)).isEqualTo(whole);
        assertThat(JavaObjects.write(new Object[] {text, 1}, whole.length - 1)).isNull();
    }
}
