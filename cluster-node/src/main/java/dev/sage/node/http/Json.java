package dev.sage.node.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.sage.client.wire.Wire;
import dev.sage.node.core.Nearest;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON of answers, and of requests, which are read more strictly: what a client misspells must not be ignored. */
final class Json {
    private static final ObjectMapper WIRE = Wire.mapper();
    private static final ObjectMapper STRICT = strict(WIRE.copy());

    private Json() {}

    private static ObjectMapper strict(ObjectMapper mapper) {
        mapper.enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
        mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        mapper.registerModule(new SimpleModule()
                .addDeserializer(int.class, new WholeNumber<>(Integer.class, BigDecimal::intValueExact, 0))
                .addDeserializer(Integer.class, new WholeNumber<>(Integer.class, BigDecimal::intValueExact, null))
                .addDeserializer(long.class, new WholeNumber<>(Long.class, BigDecimal::longValueExact, 0L)));
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        for (LogicalType type : List.of(
                LogicalType.Textual,
                LogicalType.Integer,
                LogicalType.Boolean,
                LogicalType.Enum,
                LogicalType.DateTime)) {
            for (CoercionInputShape shape : CoercionInputShape.values()) {
                mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
            }
        }
        return mapper;
    }

    /** 2.0 is a whole number too, as JSON Schema has it; 2.5 is none. */
    private static final class WholeNumber<T extends Number> extends StdScalarDeserializer<T> {
        private final transient Function<BigDecimal, T> exact;
        private final transient @Nullable T absent;

        WholeNumber(Class<T> type, Function<BigDecimal, T> exact, @Nullable T absent) {
            super(type);
            this.exact = exact;
            this.absent = absent;
        }

        @Override
        @SuppressWarnings("unchecked") // The context answers a value of the type that it is given, or throws.
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.currentToken().isNumeric()) {
                return (T) context.handleUnexpectedToken(handledType(), parser);
            }
            try {
                return exact.apply(parser.getDecimalValue());
            } catch (ArithmeticException e) {
                return (T) context.handleWeirdNumberValue(
                        handledType(), parser.getDecimalValue(), "not a whole number of its size");
            }
        }

        @Override
        public @Nullable T getNullValue(DeserializationContext context) {
            return absent;
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return absent;
        }
    }

    static byte[] bytes(Object value) {
        try {
            return WIRE.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A " + value.getClass().getSimpleName() + " cannot be written as JSON.", e);
        }
    }

    /** A field that says null is refused: whoever means that it is absent leaves it out. */
    static <T> T read(byte[] bytes, Class<T> type) {
        T value = readWithNulls(bytes, type);
        if (mayHaveNull(bytes)) {
            try {
                requireNoNull("", STRICT.readTree(bytes));
            } catch (IOException e) {
                throw new IllegalStateException("What was read can be read again.", e);
            }
        }
        return value;
    }

    /** Nearly no body has the word, and most need not be read a second time. One with zeros may be in UTF-16 or UTF-32. */
    private static boolean mayHaveNull(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            boolean word = i > 2 && json[i] == 'l' && json[i - 1] == 'l' && json[i - 2] == 'u' && json[i - 3] == 'n';
            if (word || json[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static void requireNoNull(String path, JsonNode node) {
        if (node.isNull()) {
            throw Refusal.JSON_INVALID.because(path + " is null.", "Leave it out, or give it a value.");
        }
        node.properties()
                .forEach(field ->
                        requireNoNull(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
        if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                requireNoNull(path + "[" + index + "]", node.get(index));
            }
        }
    }

    /** As {@link #read}; null is as good as absent. */
    static <T> T readWithNulls(byte[] bytes, Class<T> type) {
        try {
            T value = STRICT.readValue(bytes, type);
            if (value == null) {
                throw Refusal.JSON_INVALID.because("The body is null.", "Send an object.");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            List<String> known = Objects.requireNonNullElse(e.getKnownPropertyIds(), List.of()).stream()
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            throw Refusal.JSON_UNKNOWN_FIELD.because(
                    "There is no field " + path(e) + place(e.getLocation()) + "."
                            + Nearest.to(e.getPropertyName(), known)
                                    .map(nearest -> " Did you mean " + nearest + "?")
                                    .orElse(""),
                    "Known here are " + String.join(", ", known) + ".");
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof JsonParseException broken) {
                throw malformed(broken);
            }
            throw Refusal.JSON_INVALID.because(
                    (e.getPath().isEmpty() ? "The body" : path(e)) + " cannot be read" + place(e.getLocation()) + ": "
                            + firstLine(e.getOriginalMessage()),
                    "See /openapi.yaml for what is expected.");
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw Refusal.JSON_MALFORMED.because("The body is not JSON: " + e.getMessage(), "Send JSON in UTF-8.");
        }
    }

    private static RefusedException malformed(JsonProcessingException e) {
        return Refusal.JSON_MALFORMED.because(
                "The body is not JSON" + place(e.getLocation()) + ": " + firstLine(e.getOriginalMessage()),
                "Send JSON in UTF-8.");
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String firstLine(String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }
}
