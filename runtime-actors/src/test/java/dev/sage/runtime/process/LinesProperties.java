package dev.sage.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LinesProperties {
    @Property
    void whatIsToldDoesNotDependOnHowItArrives(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 9) int piece) {
        assertThat(lines(bytes, piece, 16)).isEqualTo(lines(bytes, Math.max(1, bytes.length), 16));
    }

    @Property
    void piecesOfALongLineJoinToItWhateverItsCharacters(
            @ForAll String text, @ForAll @IntRange(min = 4, max = 40) int maxBytes) {
        byte[] clean = text.replaceAll("[\r\n]", "").getBytes(StandardCharsets.UTF_8);

        assertThat(String.join("", lines(clean, 7, maxBytes))).isEqualTo(new String(clean, StandardCharsets.UTF_8));
        assertThat(lines(clean, 7, maxBytes))
                .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= maxBytes);
    }

    @Example
    void malformedBytesAreReplaced() {
        byte[] bytes = {'a', (byte) 0xFF, 'b', (byte) 0xC3, '\n', (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80};

        assertThat(lines(bytes, 1, 4)).containsExactly("a\uFFFDb\uFFFD", "\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    @Example
    void whatWasOverwrittenIsNotTold() {
        assertThat(lines("10 %\r50 %\r100 %\nwith\r\n\n".getBytes(StandardCharsets.UTF_8), 3, 100))
                .containsExactly("100 %", "with", "");
    }

    private static List<String> lines(byte[] bytes, int piece, int maxBytes) {
        List<String> told = new ArrayList<>();
        Lines lines = new Lines(maxBytes, told::add);
        for (int from = 0; from < bytes.length; from += piece) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece));
            lines.add(part, part.length);
        }
        lines.end();
        return told;
    }
}
