package dev.sage.client.http;

import java.util.Optional;

/** Makes events of lines, as the HTML standard has it ("server-sent events"): an unfinished event counts for nothing. */
final class EventParser {
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private long number;

    /** @param line without its end */
    Optional<ServerSentEvent> line(String line) {
        if (line.isEmpty()) {
            return dispatch();
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
        switch (field) {
            case "data" -> data.append(value).append('\n');
            case "event" -> type = value;
            case "id" -> number = numberOf(value);
            default -> {
                // A comment, or what later versions send.
            }
        }
        return Optional.empty();
    }

    private static long numberOf(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException other) {
            return 0;
        }
    }

    private Optional<ServerSentEvent> dispatch() {
        Optional<ServerSentEvent> event = data.length() == 0
                ? Optional.empty()
                : Optional.of(new ServerSentEvent(
                        number, type.isEmpty() ? "message" : type, data.substring(0, data.length() - 1)));
        data.setLength(0);
        type = "";
        number = 0;
        return event;
    }
}
