package dev.sage.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The sources that read files. */
final class FileSources {
    private FileSources() {}

    record Entry(@JsonProperty("value") long value) {}

    enum Format {
        LINES,
        JSON_LINES,
        CSV;

        private String line(long value) {
            return this == JSON_LINES ? "{\"value\":" + value + "}" : String.valueOf(value);
        }

        private String head() {
            return this == CSV ? "value\n" : "";
        }
    }

    /** With a parallelism lines are divided by bytes, also within a file; rows are not, for they may have line ends. */
    record Whole(Format format, List<List<Long>> files, boolean byPattern) implements Sources.Source {
        @Override
        public List<Long> records() {
            return files.stream().flatMap(List::stream).toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) throws IOException {
            List<List<String>> lines = files.stream()
                    .map(file -> file.stream().map(format::line).toList())
                    .toList();
            return read(site, format, write(site, format, lines, byPattern), ErrorPolicy.fail(), parallelism);
        }

        @Override
        public String toString() {
            return format + " of " + files.size() + " files" + (byPattern ? " by pattern" : "") + ", "
                    + files.stream().map(List::size).toList();
        }
    }

    /** Every so many lines there is one that is no record. */
    record Spoiled(Format format, List<Long> records, int every, boolean deadLetters) implements Sources.Source {
        private static final String NO_RECORD = "{no record";

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) throws IOException {
            List<String> lines = new ArrayList<>();
            for (long value : records) {
                lines.add(format.line(value));
                if (lines.size() % every == 0) {
                    lines.add(NO_RECORD);
                }
            }
            int spoiled = Collections.frequency(lines, NO_RECORD);
            List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
            if (deadLetters) {
                site.checks().add(() -> {
                    assertThat(letters)
                            .as("dead letters of " + this)
                            .allMatch(letter -> letter.value().equals(NO_RECORD));
                    assertThat(letters)
                            .extracting(letter -> letter.instance() + "/" + letter.ordinal())
                            .doesNotHaveDuplicates();
                    assertThat(letters).hasSizeBetween(site.toBeStopped() ? 0 : spoiled, spoiled);
                });
            }
            return read(
                    site,
                    format,
                    write(site, format, List.of(lines), false),
                    deadLetters ? ErrorPolicy.deadLetter(letters::add) : ErrorPolicy.skip(),
                    parallelism);
        }

        @Override
        public String toString() {
            return format + " of " + records.size() + ", no record every " + every
                    + (deadLetters ? ", with dead letters" : "");
        }
    }

    private static InputFiles write(Site site, Format format, List<List<String>> files, boolean byPattern)
            throws IOException {
        // Where files are read by a pattern this one is read too, and is empty.
        Path first = Files.createTempFile(site.folder(), "records", "");
        List<Path> paths = new ArrayList<>();
        for (List<String> lines : files) {
            Path path = first.resolveSibling(first.getFileName() + "-" + paths.size());
            Files.writeString(
                    path,
                    format.head() + lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
            paths.add(path);
        }
        return byPattern ? InputFiles.matching(first + "*") : new InputFiles.Listed(paths);
    }

    private static DataStream<Long> read(
            Site site, Format format, InputFiles files, ErrorPolicy policy, int parallelism) {
        if (format == Format.LINES) {
            return site.environment()
                    .fromFiles(files)
                    .parallelism(parallelism)
                    .map(Long::valueOf)
                    .onError(policy)
                    .parallelism(parallelism);
        }
        DataStream<Entry> entries = format == Format.CSV
                ? site.environment().fromCsv(files, Entry.class)
                : site.environment().fromJsonLines(files, Entry.class);
        return entries.onError(policy)
                .parallelism(parallelism)
                .map(Entry::value)
                .parallelism(parallelism);
    }
}
