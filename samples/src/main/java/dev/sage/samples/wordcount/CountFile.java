package dev.sage.samples.wordcount;

import dev.sage.api.KeyValue;
import dev.sage.api.ReplacedFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where all counts are written to: the file appears whole or, when the disk is full or somebody presses Ctrl+C, not at all. */
final class CountFile {
    private final Path place;
    private final ReplacedFile file;

    private CountFile(Path place, ReplacedFile file) {
        this.place = place;
        this.file = file;
    }

    /** Writes nothing yet, but fails for a place where no file can be: better before the job than after it. */
    static CountFile at(Path place) throws IOException {
        ReplacedFile file = ReplacedFile.of(place);
        Path written = file.written();
        if (Files.notExists(written)) {
            if (!Files.isWritable(written.getParent())) {
                throw new AccessDeniedException(place.toString());
            }
            // Beside its place, and of no use to anybody if the JVM ends before the file is whole.
            written.toFile().deleteOnExit();
        }
        return new CountFile(place, file);
    }

    void write(List<KeyValue<String, Long>> counts) throws IOException {
        try {
            writeLines(counts);
            file.commit();
        } catch (IOException e) {
            file.abort();
            throw e instanceof FileSystemException ? e : named(e);
        }
    }

    private void writeLines(List<KeyValue<String, Long>> counts) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file.written(), StandardCharsets.UTF_8)) {
            for (KeyValue<String, Long> count : counts) {
                out.write(count.key());
                out.write('\t');
                out.write(count.value().toString());
                out.write('\n');
            }
        }
    }

    /** A failed write knows why, "No space left on device", but not of which file it is. */
    private FileSystemException named(IOException e) {
        FileSystemException named = new FileSystemException(place.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }
}
