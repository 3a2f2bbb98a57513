package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Files that are read in parts, against their text split as a whole. */
class FileLinesProperties {
    private Path folder;

    @BeforeTry
    void begin() throws IOException {
        folder = Files.createTempDirectory("sage-lines");
    }

    @AfterTry
    void end() throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(FileLinesProperties::delete);
        }
        Files.delete(folder);
    }

    @Property(tries = 400)
    void everyLineIsReadOnceByOneInstance(
            @ForAll @Size(min = 1, max = 4) List<@net.jqwik.api.From("texts") byte[]> texts,
            @ForAll @IntRange(min = 1, max = 9) int parallelism)
            throws IOException {
        List<Path> files = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        long bytes = 0;
        for (byte[] text : texts) {
            files.add(write(text));
            expected.addAll(split(text));
            bytes += text.length;
        }
        FileSet set = set(files, parallelism);
        List<String> lines = new ArrayList<>();
        long read = 0;
        for (int instance = 0; instance < parallelism; instance++) {
            read += readAll(set.partOf(instance), lines);
        }
        assertThat(lines).isEqualTo(expected);
        assertThat(read).isEqualTo(bytes);
    }

    @Example
    void linesLongerThanTheBufferAreRead() throws IOException {
        String longLine = "x".repeat(700_000);
        Path file = write((longLine + "\r\nshort\n" + longLine).getBytes(StandardCharsets.UTF_8));
        for (int parallelism = 1; parallelism < 6; parallelism++) {
            List<String> lines = new ArrayList<>();
            FileSet set = set(List.of(file), parallelism);
            for (int instance = 0; instance < parallelism; instance++) {
                readAll(set.partOf(instance), lines);
            }
            assertThat(lines).containsExactly(longLine, "short", longLine);
        }
    }

    @Example
    void aLineThatIsTooLongFailsWithFileAndOffset() throws IOException {
        Path fits = write("ab\n12345\r\n12345".getBytes(StandardCharsets.UTF_8));
        assertThat(read(fits, 5)).containsExactly("ab", "12345", "12345");

        Path tooLong = write("ab\n123456\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(tooLong, 5))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(tooLong.toString())
                .hasMessageContaining("offset 3")
                .hasMessageContaining("5 bytes")
                .hasMessageContaining("sage.source.max-line-bytes");
    }

    @Example
    void whatIsNoRegularFileIsRefused() {
        assertThatThrownBy(() -> set(List.of(folder), 1).partOf(0)).hasMessageContaining("not a regular file");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> set(List.of(missing), 1).partOf(0)).hasMessageContaining("missing");
    }

    @Provide
    Arbitrary<byte[]> texts() {
        Arbitrary<byte[]> pieces = Arbitraries.of("\n", "\n", "\r\n", "\r", "a", "bc", "déf", "→", "line ")
                .map(piece -> piece.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> malformed = Arbitraries.of((byte) 0xff, (byte) 0xc3).map(b -> new byte[] {b});
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, pieces), net.jqwik.api.Tuple.of(1, malformed))
                .list()
                .ofMaxSize(30)
                .map(FileLinesProperties::joined);
    }

    private static FileSet set(List<Path> files, int parallelism) {
        return new FileSet(new InputFiles.Listed(files), true, parallelism, 1);
    }

    private List<String> read(Path file, int maxLineBytes) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(maxLineBytes)) {
            reader.open(set(List.of(file), 1).partOf(0).get(0));
            for (String line = reader.next(); line != null; line = reader.next()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static long readAll(List<FileRange> ranges, List<String> lines) throws IOException {
        long bytes = 0;
        try (LineReader reader = new LineReader(1 << 20)) {
            for (FileRange range : ranges) {
                reader.open(range);
                for (String line = reader.next(); line != null; line = reader.next()) {
                    lines.add(line);
                }
                bytes += reader.bytesRead();
            }
        }
        return bytes;
    }

    /** The reference: cut at each line feed, without the carriage return before it. */
    private static List<String> split(byte[] text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                int end = i > start && text[i - 1] == '\r' ? i - 1 : i;
                lines.add(new String(Arrays.copyOfRange(text, start, end), StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        if (start < text.length) {
            lines.add(new String(Arrays.copyOfRange(text, start, text.length), StandardCharsets.UTF_8));
        }
        return lines;
    }

    private Path write(byte[] text) throws IOException {
        return Files.write(Files.createTempFile(folder, "text", ".txt"), text);
    }

    private static byte[] joined(List<byte[]> pieces) {
        var all = new java.io.ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
