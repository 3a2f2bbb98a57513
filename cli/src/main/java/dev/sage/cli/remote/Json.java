package dev.sage.cli.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node answered: an object, a list, or a plain value. What is absent is read as nothing, so that a command can show
 * what an older node leaves out as empty. By the streaming parser, which is ready much sooner than data binding.
 */
public record Json(@Nullable Object value) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /**
     * Reads a text.
     *
     * @throws IOException when it is no JSON
     */
    public static Json parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            return new Json(read(parser));
        }
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("An answer of the node is empty, and should be JSON.");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            default -> parser.getText();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, read(parser));
        }
        return members;
    }

    private static List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(read(parser));
        }
        return items;
    }

    public Json at(String name) {
        return new Json(value instanceof Map<?, ?> members ? members.get(name) : null);
    }

    public boolean isPresent() {
        return value != null;
    }

    /** Empty when absent. */
    public String text() {
        return value == null ? "" : value.toString();
    }

    public String text(String name) {
        return at(name).text();
    }

    public long number(String name) {
        return at(name).value() instanceof Number number ? number.longValue() : 0;
    }

    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(at(name).value());
    }

    public Optional<Instant> time(String name) {
        try {
            return Optional.of(text(name)).filter(text -> !text.isEmpty()).map(Instant::parse);
        } catch (DateTimeParseException unknown) {
            return Optional.empty();
        }
    }

    public Optional<Duration> duration(String name) {
        try {
            return Optional.of(text(name)).filter(text -> !text.isEmpty()).map(Duration::parse);
        } catch (DateTimeParseException unknown) {
            return Optional.empty();
        }
    }

    /** Nothing when it is no list. */
    public List<Json> items() {
        return value instanceof List<?> items ? items.stream().map(Json::new).toList() : List.of();
    }

    public List<Json> items(String name) {
        return at(name).items();
    }

    /** Nothing when it is no object. */
    public Map<String, Json> members() {
        Map<String, Json> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), new Json(member)));
        }
        return members;
    }

    /** The items as one text, for example {@code 0, 3}. */
    public String joined() {
        return items().stream().map(Json::text).collect(Collectors.joining(", "));
    }

    /** As JSON, on one line. */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator generator) throws IOException {
        if (value instanceof Map<?, ?> members) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                generator.writeFieldName(String.valueOf(member.getKey()));
                write(member.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> items) {
            generator.writeStartArray();
            for (Object item : items) {
                write(item, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof Number number) {
            generator.writeNumber(number.toString());
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value == null) {
            generator.writeNull();
        } else {
            generator.writeString(value.toString());
        }
    }
}
