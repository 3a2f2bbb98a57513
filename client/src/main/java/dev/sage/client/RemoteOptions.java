package dev.sage.client;

import dev.sage.client.http.HttpTimes;
import java.time.Duration;
import java.util.Optional;

/**
 * How a client talks to its node. Immutable; each method answers changed options.
 *
 * @param token empty for {@code SAGE_TOKEN}, or else the token in the state folder
 * @param times how patient the client is
 * @param closeTimeout for how long closing waits for the clean-up of the jobs that it cancels
 * @param artifactBytes how big a jar of the class path may be
 * @param totalBytes how big they may be together
 * @param uploads how many jars are sent at once
 * @param showsOutput whether lines of commands and process services go to {@code System.out}
 */
public record RemoteOptions(
        Optional<String> token,
        HttpTimes times,
        Duration closeTimeout,
        long artifactBytes,
        long totalBytes,
        int uploads,
        boolean showsOutput) {
    private static final int MOST_UPLOADS = 64;

    /**
     * The token that is found; 5 s for a connection, 60 s for an answer, 5 min until a node that does not answer is given
     * up, 60 s for closing; 256 MiB a jar and 1 GiB together, four at once; without the output of programs.
     */
    public static final RemoteOptions DEFAULT = new RemoteOptions(
            Optional.empty(), HttpTimes.DEFAULT, Duration.ofSeconds(60), 256L << 20, 1L << 30, 4, false);

    public RemoteOptions {
        requirePositive("closeTimeout", closeTimeout.toMillis());
        requirePositive("artifactBytes", artifactBytes);
        requirePositive("totalBytes", totalBytes);
        if (uploads < 1 || uploads > MOST_UPLOADS) {
            throw new IllegalArgumentException(
                    "uploads is " + uploads + ", and must be from 1 to " + MOST_UPLOADS + ".");
        }
        token.filter(String::isBlank).ifPresent(blank -> {
            throw new IllegalArgumentException("The token is blank. Leave it out for the one that is found.");
        });
    }

    /** What the file {@code token} in the node's state folder says. */
    public RemoteOptions token(String value) {
        return new RemoteOptions(
                Optional.of(value.strip()), times, closeTimeout, artifactBytes, totalBytes, uploads, showsOutput);
    }

    /** For a connection to come about; 5 s when not given. */
    public RemoteOptions connectTimeout(Duration time) {
        return times(new HttpTimes(time, times.answer(), times.silence(), times.giveUp()));
    }

    /** Between a request and its answer; 60 s when not given. */
    public RemoteOptions answerTimeout(Duration time) {
        return times(new HttpTimes(times.connect(), time, times.silence(), times.giveUp()));
    }

    /** A connection on which not even a keep-alive comes is made anew; 30 s when not given, three keep-alives of a node. */
    public RemoteOptions silenceTimeout(Duration time) {
        return times(new HttpTimes(times.connect(), times.answer(), time, times.giveUp()));
    }

    /**
     * For how long a node that cannot be reached is tried again, and a call waits for the start of a shared service; 5 min
     * when not given.
     */
    public RemoteOptions giveUpAfter(Duration time) {
        return times(new HttpTimes(times.connect(), times.answer(), times.silence(), time));
    }

    /** For how long closing, and the end of the JVM, waits for the clean-up at the node; 60 s when not given. */
    public RemoteOptions closeTimeout(Duration time) {
        return new RemoteOptions(token, times, time, artifactBytes, totalBytes, uploads, showsOutput);
    }

    /** How big a jar may be, and all together; 256 MiB and 1 GiB when not given. The node has limits, too. */
    public RemoteOptions artifactLimits(long oneBytes, long allBytes) {
        return new RemoteOptions(token, times, closeTimeout, oneBytes, allBytes, uploads, showsOutput);
    }

    /** How many jars are sent at once; 4 when not given. */
    public RemoteOptions uploads(int atOnce) {
        return new RemoteOptions(token, times, closeTimeout, artifactBytes, totalBytes, atOnce, showsOutput);
    }

    /** Lines of commands and process services go to {@code System.out}, after their names; those of {@code print()} always do. */
    public RemoteOptions showOutput() {
        return new RemoteOptions(token, times, closeTimeout, artifactBytes, totalBytes, uploads, true);
    }

    private RemoteOptions times(HttpTimes changed) {
        return new RemoteOptions(token, changed, closeTimeout, artifactBytes, totalBytes, uploads, showsOutput);
    }

    private static void requirePositive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ", and must be positive.");
        }
    }

    /** Without the token: options are logged. */
    @Override
    public String toString() {
        return "RemoteOptions[" + times + ", closeTimeout=" + closeTimeout + "]";
    }
}
