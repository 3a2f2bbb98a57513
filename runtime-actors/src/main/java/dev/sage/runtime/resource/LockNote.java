package dev.sage.runtime.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What stands in a lock file: who has it, or, when nobody has the lock, who died with it.
 *
 * @param home in which its ledger is
 * @param job empty for a shared service
 */
record LockNote(String instance, long pid, String home, String job, String holder) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Empty for what is no note: anybody may write to these files. */
    static Optional<LockNote> read(byte[] bytes) {
        try {
            LockNote note = JSON.readValue(new String(bytes, StandardCharsets.UTF_8), LockNote.class);
            boolean whole = note != null
                    && note.instance != null
                    && note.home != null
                    && note.job != null
                    && note.holder != null
                    && note.instance.matches("[0-9a-f]{1,64}")
                    && note.home.matches("/[^\\x00]*");
            return whole ? Optional.of(note) : Optional.empty();
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }

    byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of strings cannot fail to be written", e);
        }
    }

    @Override
    public String toString() {
        String what = job.isEmpty() ? "shared service '" + holder + "'" : "job '" + job + "'";
        return what + " of Sage instance " + instance + " (pid " + pid + ", home '" + home + "', for '" + holder + "')";
    }
}
