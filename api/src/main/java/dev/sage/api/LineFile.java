package dev.sage.api;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of text in UTF-8 that appears whole or not at all; each record becomes a line, or a row, in it. */
final class LineFile<T> implements Sink<T> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final LineFormat<T> format;
    private transient LineFormat.@Nullable Encoder<T> encoder;
    private transient @Nullable ReplacedFile target;
    private transient @Nullable BufferedWriter out;

    LineFile(Path file, LineFormat<T> format) {
        this.file = file.toString();
        this.format = format;
    }

    @Override
    public int maxParallelism() {
        return 1;
    }

    @Override
    public void open() throws IOException {
        encoder = format.encoder();
        ReplacedFile opened = ReplacedFile.of(Path.of(file));
        target = opened;
        out = Files.newBufferedWriter(opened.written(), StandardCharsets.UTF_8);
        String header = opened(encoder).header();
        if (header != null) {
            write(header);
        }
    }

    @Override
    public void accept(T value) throws IOException {
        write(opened(encoder).encode(value));
    }

    private void write(String line) throws IOException {
        BufferedWriter writer = opened(out);
        try {
            writer.write(line);
            writer.write('\n');
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public void prepare() throws IOException {
        try {
            opened(out).close();
            out = null;
        } catch (IOException e) {
            throw named(e);
        }
    }

    /** What a full disk says does not name the file. */
    private IOException named(IOException e) {
        return new IOException("Cannot write " + file + ": " + e.getMessage(), e);
    }

    @Override
    public void commit() throws IOException {
        opened(target).commit();
    }

    @Override
    public void abort() throws IOException {
        try {
            if (out != null) {
                out.close();
            }
        } finally {
            if (target != null) {
                target.abort();
            }
        }
    }

    private static <X> X opened(@Nullable X thing) {
        if (thing == null) {
            throw new IllegalStateException("The sink was not opened.");
        }
        return thing;
    }
}
