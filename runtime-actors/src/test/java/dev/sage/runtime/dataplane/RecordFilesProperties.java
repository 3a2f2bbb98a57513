package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.ErrorPolicy;
import dev.sage.api.InputFiles;
import dev.sage.api.graph.FileFormat;
import dev.sage.runtime.format.JacksonCsv;
import dev.sage.runtime.format.JacksonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

/** Records that were written as JSON lines or CSV are read again as they were, whatever is in their texts. */
class RecordFilesProperties {
    record Entry(
            @Nullable String text,
            int number,
            @Nullable Double amount,
            boolean flag,
            @Nullable String last) {}

    private Path file;

    @BeforeTry
    void begin() throws IOException {
        file = Files.createTempFile("sage-records", ".txt");
    }

    @AfterTry
    void end() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 150)
    void csvIsReadAsItWasWritten(@ForAll @Size(max = 12) List<@net.jqwik.api.From("entries") Entry> entries)
            throws IOException {
        var rows = new JacksonCsv().rows(Entry.class);
        List<String> lines = new ArrayList<>(List.of(rows.header()));
        for (Entry entry : entries) {
            lines.add(rows.write(entry));
        }
        write(lines);
        assertThat(read(new FileFormat.Csv(Entry.class), 3)).isEqualTo(entries);
    }

    @Property(tries = 80)
    void jsonLinesAreReadAsTheyWereWritten(
            @ForAll @Size(max = 12) List<@net.jqwik.api.From("entries") Entry> entries,
            @ForAll @IntRange(min = 1, max = 5) int parallelism)
            throws IOException {
        JacksonFormat json = new JacksonFormat();
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            lines.add(json.write(entry));
        }
        write(lines);
        assertThat(read(new FileFormat.JsonLines(Entry.class), parallelism)).isEqualTo(entries);
    }

    @Example
    void csvOfOthersIsRead() throws IOException {
        String[] lines = {
            "\uFEFFlast,flag,\"number\",text,amount", "z,true,1,\"a, \"\"b\"\"", "c\",0.5", "", "\"\",false,-2, d ,"
        };
        Files.writeString(file, String.join("\r\n", lines));
        assertThat(read(new FileFormat.Csv(Entry.class), 1))
                .containsExactly(new Entry("a, \"b\"\r\nc", 1, 0.5, true, "z"), new Entry(" d ", -2, null, false, ""));
    }

    @Example
    void csvThatDoesNotFitIsNamedWithFileAndOffset() throws IOException {
        String header = "text,number,amount,flag,last\n";
        assertMalformed(header + "a,x,1,true,b\n", header.length(), "number", "\"x\"");
        assertMalformed(header + "a,,1,true,b\n", header.length(), "number");
        assertMalformed(header + "a,1,1,true\n", header.length(), "expected 5, found 4");
        assertMalformed(header + "a,1,1,true,b\rc,1,1,true,d\n", header.length(), "Trailing token");
        assertMalformed(header.replace('\n', '\r') + "a,1,1,true,b\r", 0, "Trailing token");
        assertMalformed(header + "a,1,1,true,b,c\n", header.length(), "Too many entries");
        assertMalformed(header + "a,1,1,true,\"b\n", header.length(), "quote");
        assertMalformed("text,number\na,1\n", 0, "also has [amount, flag, last]");
        assertMalformed("text,number,amount,flag,last,colour\n", 0, "no column 'colour'", "in any order");
        assertMalformed("text,text,number,amount,flag,last\n", 0, "'text' once");
    }

    @Example
    void jsonThatDoesNotFitIsNamedWithFileAndOffset() throws IOException {
        FileFormat format = new FileFormat.JsonLines(Entry.class);
        String good = "{\"text\":\"a\",\"number\":1,\"flag\":true}\n\n";
        for (String bad : List.of(
                "{\"text\":",
                "{\"number\":\"x\"}",
                "{\"number\":1,\"colour\":2}",
                "{} {}",
                "null",
                "{\"number\":null}",
                "7")) {
            Files.writeString(file, good + bad + "\n" + good);
            assertThatThrownBy(() -> read(format, 1))
                    .as(bad)
                    .hasMessageContaining(file + ", record at offset " + good.length() + ": ");
        }
    }

    @Example
    void quoteThatIsNeverClosedEndsAtTheLimit() throws IOException {
        Files.writeString(file, "text,number,amount,flag,last\n\"" + "long\n".repeat(1_000));
        assertThatThrownBy(() -> read(new FileFormat.Csv(Entry.class), 1, 100))
                .hasMessageContaining("row at offset 29 is longer than 100 bytes (sage.source.max-line-bytes)")
                .hasMessageContaining("never closed");
    }

    @Example
    void filesOfCsvAreDividedAsAWhole() throws IOException {
        FileSet set = new FileSet(InputFiles.of(file, file, file), false, 2, 1);
        assertThat(set.partOf(0)).hasSize(2);
        assertThat(set.partOf(1)).hasSize(1);
    }

    @Example
    void singleNullColumnIsRefusedAndTypesWithoutColumnsAreNamed() throws IOException {
        record One(@Nullable String only) {}
        assertThatThrownBy(() -> new JacksonCsv().rows(One.class).write(new One(null)))
                .hasMessageContaining("'only', is null");
        assertThatThrownBy(() -> new JacksonCsv().rows(String.class))
                .hasMessageContaining("java.lang.String has no columns");
    }

    private void assertMalformed(String text, int offset, String... reasons) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> read(new FileFormat.Csv(Entry.class), 1))
                .as(text)
                .hasMessageContaining(file + ", record at offset " + offset + ": ")
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(reasons));
    }

    @Provide
    Arbitrary<Entry> entries() {
        Arbitrary<@Nullable String> texts = Arbitraries.of(
                        "\"", ",", "\n", "\r\n", "\r", " ", "#", "\t", ";", "\\", "a", "é", "→", "😀", "null", "\u0000",
                        "\u2028")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts))
                .injectNull(0.1);
        return Combinators.combine(
                        texts,
                        Arbitraries.integers(),
                        Arbitraries.doubles().ofScale(4).injectNull(0.2),
                        Arbitraries.of(true, false),
                        texts)
                .as(Entry::new);
    }

    private void write(List<String> lines) throws IOException {
        Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    }

    private List<Object> read(FileFormat format, int parallelism) throws IOException {
        return read(format, parallelism, 1 << 20);
    }

    private List<Object> read(FileFormat format, int parallelism, int maxLineBytes) throws IOException {
        boolean quotes = RecordDecoder.hasQuotes(format);
        FileSet set = new FileSet(InputFiles.of(file), !quotes, parallelism, 1);
        List<Object> records = new ArrayList<>();
        long bytes = 0;
        for (int instance = 0; instance < parallelism; instance++) {
            OperatorInstance self = new OperatorInstance("records", instance, 0);
            Flow flow = flow();
            FileHead head = new FileHead(
                    self,
                    format,
                    set,
                    Settings.withMaxLineBytes(Settings.usual(), maxLineBytes),
                    new RecordErrors(self, flow, ErrorPolicy.fail(), null),
                    flow,
                    collecting(records));
            head.open();
            try {
                assertThat(head.step()).isEqualTo(Head.Step.ENDED);
                bytes += head.bytesRead();
            } finally {
                head.close();
            }
        }
        assertThat(bytes).isEqualTo(Files.size(file));
        return records.stream().map(Objects::requireNonNull).toList();
    }

    private static Flow flow() {
        Flow flow = new Flow(Long.MAX_VALUE / 4);
        flow.beginTurn();
        return flow;
    }

    private static Stage collecting(List<Object> records) {
        return new Stage() {
            @Override
            void accept(Object value) {
                records.add(value);
            }
        };
    }
}
