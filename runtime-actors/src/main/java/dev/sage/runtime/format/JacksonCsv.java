package dev.sage.runtime.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.sage.api.spi.CsvFormat;
import java.io.IOException;

/** CSV by Jackson, as RFC 4180 has it: no escape characters, no comments, and spaces belong to the values. */
public final class JacksonCsv implements CsvFormat {
    private final CsvMapper mapper = CsvMapper.builder(CsvFactory.builder()
                    .streamReadConstraints(JacksonErrors.CONSTRAINTS)
                    .build())
            .typeFactory(JacksonModules.types())
            .addModules(JacksonModules.found())
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // A carriage return alone would end the row for Jackson, and the rest would be passed over.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
            .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
            .disable(CsvParser.Feature.ALLOW_TRAILING_COMMA)
            // Not STRICT_CHECK_FOR_QUOTING: with it an empty string would be written as null is.
            .enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS)
            .disable(CsvGenerator.Feature.WRITE_LINEFEED_AFTER_LAST_ROW)
            .build();

    @Override
    public <T> Rows<T> rows(Class<T> type) throws IOException {
        try {
            CsvSchema schema = mapper.schemaFor(type);
            if (schema.size() == 0) {
                throw new IOException(type.getName()
                        + " has no columns. A row of CSV is a record class or a bean with properties of simple types.");
            }
            return new JacksonRows<>(mapper, type, schema);
        } catch (JacksonException failure) {
            throw JacksonErrors.plain(failure);
        }
    }
}
