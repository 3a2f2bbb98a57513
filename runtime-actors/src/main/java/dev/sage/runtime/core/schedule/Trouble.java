package dev.sage.runtime.core.schedule;

/** What cannot be had, or not be freed, and why: "port 8080 is bound by another program". */
public record Trouble(Thing thing, String reason) {
    @Override
    public String toString() {
        return thing + ": " + reason;
    }
}
