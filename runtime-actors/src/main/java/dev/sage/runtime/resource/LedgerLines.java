package dev.sage.runtime.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.LedgerState;
import dev.sage.runtime.core.ledger.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ledger as text: one event a line, as JSON in ASCII. The first line names the version of this form. A line counts when
 * its end is written: who was killed before has not acted on it yet, and whoever had its answer finds it again.
 */
final class LedgerLines {
    static final int VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private LedgerLines() {}

    /**
     * What was understood.
     *
     * @param bytes up to the end of the last whole line
     * @param trouble the first whole line that was not understood; nothing behind it is believed
     */
    record Content(LedgerState state, int bytes, Optional<String> trouble) {}

    static byte[] write(LedgerEvent event) {
        ObjectNode line = JSON.createObjectNode();
        if (event instanceof LedgerEvent.Opened opened) {
            LedgerOwner owner = opened.owner();
            line.put("event", "opened").put("version", VERSION).put("instance", owner.instance());
            line.put("host", owner.host()).put("bootId", owner.bootId());
            line.put("pid", owner.pid()).put("startTicks", owner.startTicks());
        } else if (event instanceof LedgerEvent.Added added) {
            LedgerEntry entry = added.entry();
            line.put("event", "added").put("number", entry.number()).put("job", entry.job());
            line.put("epoch", entry.epoch()).put("holder", entry.holder());
            putResource(line, entry.resource());
        } else if (event instanceof LedgerEvent.Spawned spawned) {
            line.put("event", "spawned").put("number", spawned.number());
            line.put("pid", spawned.pid()).put("startTicks", spawned.startTicks());
        } else if (event instanceof LedgerEvent.Struck struck) {
            line.put("event", "struck").put("number", struck.number());
        }
        try {
            return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.US_ASCII);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot fail to be written", e);
        }
    }

    private static void putResource(ObjectNode line, Resource resource) {
        if (resource instanceof Resource.Gpu gpu) {
            line.put("gpu", gpu.id());
        } else if (resource instanceof Resource.Port port) {
            line.put("port", port.number());
        } else if (resource instanceof Resource.RayActor actor) {
            line.put("rayActor", actor.name()).put("cluster", actor.cluster());
            line.put("namespace", actor.namespace()).put("kept", actor.kept());
        } else if (resource instanceof Resource.ProcessTree tree) {
            line.put("mark", tree.mark());
            tree.first().ifPresent(first -> line.put("pid", first.pid()).put("startTicks", first.startTicks()));
        }
    }

    static Content read(byte[] bytes) {
        List<LedgerEvent> events = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                String line = new String(bytes, from, i - from, StandardCharsets.US_ASCII);
                try {
                    events.add(event(line, events.isEmpty()));
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    String where = "line " + (events.size() + 1) + " is not understood: "
                            + (e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
                    return new Content(LedgerState.of(events), from, Optional.of(where));
                }
                from = i + 1;
            }
        }
        return new Content(LedgerState.of(events), from, Optional.empty());
    }

    private static LedgerEvent event(String text, boolean first) throws JsonProcessingException {
        JsonNode line = JSON.readTree(text);
        String event = string(line, "event");
        if (first != event.equals("opened")) {
            throw new IllegalArgumentException("only the first line names the owner");
        }
        return switch (event) {
            case "opened" -> opened(line);
            case "added" ->
                new LedgerEvent.Added(new LedgerEntry(
                        number(line, "number"),
                        string(line, "job"),
                        (int) number(line, "epoch"),
                        string(line, "holder"),
                        resource(line)));
            case "spawned" ->
                new LedgerEvent.Spawned(number(line, "number"), number(line, "pid"), number(line, "startTicks"));
            case "struck" -> new LedgerEvent.Struck(number(line, "number"));
            default -> throw new IllegalArgumentException("there is no event '" + event + "'");
        };
    }

    private static LedgerEvent opened(JsonNode line) {
        long version = number(line, "version");
        if (version != VERSION) {
            throw new IllegalArgumentException("its version is " + version + ", and this Sage knows only " + VERSION
                    + "; use the Sage that wrote it");
        }
        return new LedgerEvent.Opened(new LedgerOwner(
                string(line, "instance"),
                string(line, "host"),
                string(line, "bootId"),
                number(line, "pid"),
                number(line, "startTicks")));
    }

    private static Resource resource(JsonNode line) {
        if (line.has("rayActor")) {
            return new Resource.RayActor(
                    string(line, "cluster"),
                    string(line, "namespace"),
                    string(line, "rayActor"),
                    line.path("kept").asBoolean());
        }
        if (line.has("gpu")) {
            return new Resource.Gpu((int) number(line, "gpu"));
        }
        if (line.has("port")) {
            return new Resource.Port((int) number(line, "port"));
        }
        Optional<Resource.Spawned> first = line.has("pid")
                ? Optional.of(new Resource.Spawned(number(line, "pid"), number(line, "startTicks")))
                : Optional.empty();
        return new Resource.ProcessTree(string(line, "mark"), first);
    }

    private static String string(JsonNode line, String key) {
        JsonNode value = line.get(key);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("it has no text '" + key + "'");
        }
        return value.textValue();
    }

    private static long number(JsonNode line, String key) {
        JsonNode value = line.get(key);
        if (value == null || !value.canConvertToExactIntegral()) {
            throw new IllegalArgumentException("it has no number '" + key + "'");
        }
        return value.longValue();
    }
}
