package dev.sage.runtime.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.sage.api.spi.CsvFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of one type; its columns have the names and the order of the components or properties. */
final class JacksonRows<T> implements CsvFormat.Rows<T> {
    private final CsvMapper mapper;
    private final Class<T> type;
    private final CsvSchema schema;
    private final String header;
    private final ObjectWriter writer;

    JacksonRows(CsvMapper mapper, Class<T> type, CsvSchema schema) throws JacksonException {
        this.mapper = mapper;
        this.type = type;
        this.schema = schema;
        this.header = mapper.writer(CsvSchema.emptySchema()).writeValueAsString(schema.getColumnNames());
        this.writer = mapper.writerFor(type).with(schema);
    }

    @Override
    public String header() {
        return header;
    }

    @Override
    public String write(T value) throws IOException {
        String row = writer.writeValueAsString(value);
        if (row.isEmpty()) {
            throw new IOException(
                    "The only column of " + type.getName() + ", '" + header
                            + "', is null; its row could not be told from a blank line. Filter such records out, or write \"\".");
        }
        return row;
    }

    @Override
    public CsvFormat.Reader<T> reader(String headerRow) throws IOException {
        try {
            ObjectReader reader = mapper.readerFor(type).with(schemaOf(headerRow));
            return row -> {
                try {
                    return reader.readValue(row);
                } catch (JacksonException failure) {
                    throw JacksonErrors.plain(failure);
                }
            };
        } catch (JacksonException failure) {
            throw JacksonErrors.plain(failure);
        }
    }

    private CsvSchema schemaOf(String headerRow) throws IOException {
        List<String> missing = new ArrayList<>(schema.getColumnNames());
        CsvSchema.Builder inOrder = CsvSchema.builder();
        for (String name : Arrays.asList(mapper.readValue(headerRow, String[].class))) {
            if (schema.column(name) == null || !missing.remove(name)) {
                throw headerError(
                        schema.column(name) == null ? "has no column '" + name + "'" : "has '" + name + "' once");
            }
            inOrder.addColumn(schema.column(name));
        }
        if (!missing.isEmpty()) {
            throw headerError("also has " + missing);
        }
        return inOrder.build();
    }

    private IOException headerError(String what) {
        return new IOException("The header does not name the columns: " + type.getName() + " " + what
                + ". Its columns are " + schema.getColumnNames() + ", in any order.");
    }
}
