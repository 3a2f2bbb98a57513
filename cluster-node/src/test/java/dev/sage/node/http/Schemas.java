package dev.sage.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The part of JSON Schema that openapi.yaml uses; another keyword is an error and not ignored. */
final class Schemas {
    private static final Set<String> NOTES =
            Set.of("description", "examples", "example", "default", "contentMediaType", "title");

    private final JsonNode document;

    Schemas(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with a value, each with its place; empty when it is as described. */
    List<String> check(JsonNode value, JsonNode schema) {
        List<String> wrong = new ArrayList<>();
        check(value, schema, "$", wrong);
        return wrong;
    }

    JsonNode resolve(JsonNode node) {
        JsonNode ref = node.path("$ref");
        return ref.isMissingNode() ? node : resolve(document.at(ref.asText().substring(1)));
    }

    private void check(JsonNode value, JsonNode given, String at, List<String> wrong) {
        JsonNode schema = resolve(given);
        if (schema.isMissingNode()) {
            throw new IllegalStateException("There is no schema " + given);
        }
        schema.properties().forEach(entry -> {
            JsonNode rule = entry.getValue();
            boolean good = switch (entry.getKey()) {
                case "type" -> isOfOne(value, rule);
                case "enum" -> anyEquals(rule, value);
                case "const" -> rule.equals(value);
                case "pattern" ->
                    !value.isTextual()
                            || Pattern.compile(rule.asText())
                                    .matcher(value.asText())
                                    .find();
                case "format" -> !rule.asText().equals("date-time") || isTime(value);
                case "minLength" -> !value.isTextual() || value.asText().length() >= rule.asInt();
                case "maxLength" -> !value.isTextual() || value.asText().length() <= rule.asInt();
                case "minimum" -> !value.isNumber() || value.asLong() >= rule.asLong();
                case "maximum" -> !value.isNumber() || value.asLong() <= rule.asLong();
                case "minItems" -> value.size() >= rule.asInt();
                case "required" -> hasAll(value, rule, at, wrong);
                case "oneOf" -> matching(value, rule) == 1;
                case "items" -> each(value, rule, at, wrong);
                case "properties" -> properties(value, rule, at, wrong);
                case "additionalProperties" -> additional(value, schema, rule, at, wrong);
                case "propertyNames" -> true;
                default -> {
                    if (!NOTES.contains(entry.getKey())) {
                        throw new IllegalStateException("Schemas do not know " + entry.getKey());
                    }
                    yield true;
                }
            };
            if (!good) {
                wrong.add(at + " is " + value + ", against " + entry);
            }
        });
    }

    private static boolean isOfOne(JsonNode value, JsonNode types) {
        if (!types.isArray()) {
            return isOf(value, types.asText());
        }
        for (JsonNode type : types) {
            if (isOf(value, type.asText())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "null" -> value.isNull();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> throw new IllegalStateException("Schemas do not know the type " + type);
        };
    }

    private static boolean anyEquals(JsonNode rule, JsonNode value) {
        for (JsonNode known : rule) {
            if (known.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTime(JsonNode value) {
        try {
            java.time.OffsetDateTime.parse(value.asText());
            return true;
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    private static boolean hasAll(JsonNode value, JsonNode names, String at, List<String> wrong) {
        names.forEach(name -> {
            if (!value.has(name.asText())) {
                wrong.add(at + " lacks " + name);
            }
        });
        return true;
    }

    private long matching(JsonNode value, JsonNode schemas) {
        long count = 0;
        for (JsonNode schema : schemas) {
            count += check(value, schema).isEmpty() ? 1 : 0;
        }
        return count;
    }

    private boolean each(JsonNode value, JsonNode rule, String at, List<String> wrong) {
        for (int i = 0; i < value.size(); i++) {
            check(value.get(i), rule, at + "[" + i + "]", wrong);
        }
        return true;
    }

    /** In answers too, what is not described is wrong: the document would be behind the server. */
    private boolean properties(JsonNode value, JsonNode rule, String at, List<String> wrong) {
        value.properties().forEach(entry -> {
            if (rule.has(entry.getKey())) {
                check(entry.getValue(), rule.get(entry.getKey()), at + "." + entry.getKey(), wrong);
            } else {
                wrong.add(at + " has " + entry.getKey() + ", which is not described");
            }
        });
        return true;
    }

    private boolean additional(JsonNode value, JsonNode schema, JsonNode rule, String at, List<String> wrong) {
        if (rule.isObject() && !schema.has("properties")) {
            value.properties().forEach(entry -> check(entry.getValue(), rule, at + "." + entry.getKey(), wrong));
        }
        return true;
    }
}
