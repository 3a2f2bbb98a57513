package dev.sage.runtime.process;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whose a process is, as it stands in {@code SAGE_OWNER} of its environment, which its children inherit. A Sage that runs
 * inside of another one's process appends its mark, so that both find what the inner one started.
 *
 * @param instance of Sage that spawned it; without slashes
 * @param job empty for a shared service
 * @param epoch the job's attempt
 * @param holder the service or command
 */
public record ProcessMark(String instance, String job, int epoch, String holder) {
    public static final String VARIABLE = "SAGE_OWNER";

    private static final String SEPARATOR = ";";

    /** Names are encoded as in URLs where they have characters that stand for something here. */
    public String text() {
        return ofJob(instance, job) + epoch + "/" + encoded(holder);
    }

    /** What all marks of an instance begin with. */
    public static String ofInstance(String instance) {
        return instance + "/";
    }

    /** What all marks of a job begin with. */
    public static String ofJob(String instance, String job) {
        return ofInstance(instance) + (job.isEmpty() ? "-" : encoded(job)) + "/";
    }

    /** The value of the variable for a child of this JVM. */
    static String appended(Map<String, String> ownEnvironment, String mark) {
        String own = ownEnvironment.getOrDefault(VARIABLE, "");
        return own.isEmpty() ? mark : own + SEPARATOR + mark;
    }

    /** All marks in the value of the variable, from the outermost Sage to the innermost. */
    public static Stream<String> in(String owner) {
        return Stream.of(owner.split(SEPARATOR));
    }

    static Predicate<String> is(String mark) {
        return owner -> in(owner).anyMatch(mark::equals);
    }

    static Predicate<String> beginsWith(String prefix) {
        return owner -> in(owner).anyMatch(one -> one.startsWith(prefix));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
