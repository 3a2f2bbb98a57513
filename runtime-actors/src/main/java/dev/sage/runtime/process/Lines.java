package dev.sage.runtime.process;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Bytes to lines of UTF-8. What stands before a carriage return was overwritten, as in a terminal. A line that is too long
 * is told in pieces, which do not cut through a character.
 */
public final class Lines {
    private final byte[] line;
    private final Consumer<String> target;
    private int length;

    /**
     * Lines that begin with the next byte.
     *
     * @param maxBytes a longer line is told in pieces
     */
    public Lines(int maxBytes, Consumer<String> target) {
        this.line = new byte[maxBytes];
        this.target = target;
    }

    /** The index behind the first end of a line from {@code from} on; {@code length} without one. */
    static int endOfLine(byte[] bytes, int from, int length) {
        for (int i = from; i < length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return length;
    }

    /** The first so many of these come next. */
    public void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                tell(length);
                length = 0;
            } else {
                if (length == line.length) {
                    tellPiece();
                }
                line[length++] = bytes[i];
            }
        }
    }

    /** The last line may lack its end. */
    public void end() {
        if (length > 0) {
            tell(length);
            length = 0;
        }
    }

    private void tellPiece() {
        int cut = beforeIncompleteCharacter();
        tell(cut);
        length -= cut;
        System.arraycopy(line, cut, line, 0, length);
    }

    private int beforeIncompleteCharacter() {
        int start = length - 1;
        while (start > 0 && length - start < 4 && (line[start] & 0xC0) == 0x80) {
            start--;
        }
        int needs = Integer.numberOfLeadingZeros(~(line[start] << 24));
        return needs > length - start && start > 0 ? start : length;
    }

    private void tell(int end) {
        int last = end > 0 && line[end - 1] == '\r' ? end - 1 : end;
        int begin = last;
        while (begin > 0 && line[begin - 1] != '\r') {
            begin--;
        }
        target.accept(new String(line, begin, last - begin, StandardCharsets.UTF_8));
    }
}
