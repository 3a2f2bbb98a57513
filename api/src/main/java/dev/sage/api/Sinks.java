package dev.sage.api;

import dev.sage.api.spi.JsonFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The sinks that come with Sage. Files are written beside their place and moved there only when the job's tasks have all ended well. */
public final class Sinks {
    private Sinks() {}

    /** One line per record, its {@code toString()}, in UTF-8. An existing file is replaced. */
    public static Sink<Object> textLines(Path file) {
        return new LineFile(file, false);
    }

    /** One JSON value per record and line. Records, beans, maps, lists, strings, numbers. An existing file is replaced. */
    public static Sink<Object> jsonLines(Path file) {
        return new LineFile(file, true);
    }

    private static final class LineFile implements Sink<Object> {
        private static final long serialVersionUID = 1;

        private final String file;
        private final boolean json;
        private transient @Nullable ReplacedFile target;
        private transient @Nullable BufferedWriter out;
        private transient @Nullable JsonFormat format;

        LineFile(Path file, boolean json) {
            this.file = file.toString();
            this.json = json;
        }

        @Override
        public int maxParallelism() {
            return 1;
        }

        @Override
        public void open() throws IOException {
            if (json) {
                format = ServiceLoader.load(JsonFormat.class)
                        .findFirst()
                        .orElseThrow(() -> new SageException(
                                "runtime.missing",
                                "Sinks.jsonLines(" + file + ") needs a JsonFormat on the class path. Add the module"
                                        + " sage-runtime-actors to the dependencies."));
            }
            ReplacedFile opened = ReplacedFile.of(Path.of(file));
            target = opened;
            out = Files.newBufferedWriter(opened.written(), StandardCharsets.UTF_8);
        }

        @Override
        public void accept(Object value) throws IOException {
            JsonFormat toJson = format;
            String line = toJson == null ? String.valueOf(value) : toJson.write(value);
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
}
