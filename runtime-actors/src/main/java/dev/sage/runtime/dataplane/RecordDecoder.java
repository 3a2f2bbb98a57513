package dev.sage.runtime.dataplane;

import dev.sage.api.graph.FileFormat;
import dev.sage.api.spi.CsvFormat;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Makes records of the lines of files. A line that fails was read: one that goes on goes on with the next. */
abstract class RecordDecoder {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    static RecordDecoder of(FileFormat format) throws IOException {
        if (format instanceof FileFormat.JsonLines json) {
            return new Json(json.type());
        }
        if (format instanceof FileFormat.Csv csv) {
            return new Csv<>(provider(CsvFormat.class).rows(csv.type()));
        }
        return new Text();
    }

    /** Lines that end within quotes go on, and a file can only be read from its beginning. */
    static boolean hasQuotes(FileFormat format) {
        return format instanceof FileFormat.Csv;
    }

    /** What follows is of another file. */
    void beginFile() {}

    /** Whether the next line is a record, and not one without which the records behind it cannot be understood. */
    boolean isRecordNext() {
        return true;
    }

    /** Null for a line that is no record. */
    abstract @Nullable Object decode(String line, boolean first) throws IOException;

    private static <P> P provider(Class<P> type) throws IOException {
        // Not by the context class loader, which is that of the job.
        return ServiceLoader.load(type, RecordDecoder.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IOException("There is no " + type.getSimpleName() + " on the class path."));
    }

    private static String withoutMark(String line, boolean first) {
        return first && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK ? line.substring(1) : line;
    }

    private static final class Text extends RecordDecoder {
        @Override
        Object decode(String line, boolean first) {
            return line;
        }
    }

    private static final class Json extends RecordDecoder {
        private final JsonFormat format;
        private final Class<?> type;

        Json(Class<?> type) throws IOException {
            this.format = provider(JsonFormat.class);
            this.type = type;
        }

        @Override
        @Nullable
        Object decode(String line, boolean first) throws IOException {
            String json = withoutMark(line, first);
            if (json.isBlank()) {
                return null;
            }
            Object value = format.read(json, type);
            if (value == null) {
                throw new IOException("it is null; a record is never null");
            }
            return value;
        }
    }

    private static final class Csv<T> extends RecordDecoder {
        private final CsvFormat.Rows<T> rows;
        private CsvFormat.@Nullable Reader<T> reader;

        Csv(CsvFormat.Rows<T> rows) {
            this.rows = rows;
        }

        @Override
        void beginFile() {
            reader = null;
        }

        @Override
        boolean isRecordNext() {
            return reader != null;
        }

        @Override
        @Nullable
        Object decode(String line, boolean first) throws IOException {
            String row = withoutMark(line, first);
            if (row.isEmpty()) {
                return null;
            }
            if (reader == null) {
                reader = rows.reader(row);
                return null;
            }
            return reader.read(row);
        }
    }
}
