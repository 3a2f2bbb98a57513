package dev.sage.runtime.process;

import dev.sage.runtime.core.ledger.Resource.Spawned;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small child of this JVM that outlives it by a second: it holds the end of a pipe, and when that is closed because the
 * JVM has died, however it died, it ends all processes of the instance and itself. One per instance of Sage; it runs from
 * the first {@link #open} to the last {@link #close}, and is started again when it dies. May be used from any thread;
 * blocks for as long as starting a process takes.
 */
public final class Guardian {
    private static final Logger log = LoggerFactory.getLogger(Guardian.class);
    private static final Duration LEAST_LIFE = Duration.ofSeconds(1);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final String instance;
    private final Duration leastLife;
    private final Set<Spawned> watched = new LinkedHashSet<>();
    private int users;
    private @Nullable Process child;
    private long startedNanos;

    /**
     * Starts nothing yet.
     *
     * @param instance of letters and digits
     */
    public Guardian(String instance) {
        this(instance, LEAST_LIFE);
    }

    /** @param leastLife one that died sooner is not started again before it is needed */
    Guardian(String instance, Duration leastLife) {
        this.instance = instance;
        this.leastLife = leastLife;
    }

    /** Whoever is about to spawn processes. */
    synchronized void open() throws IOException {
        users++;
        try {
            ensureRunning();
        } catch (IOException | RuntimeException e) {
            users--;
            throw e;
        }
    }

    /** Whoever has ended all its processes; once per {@link #open}. The guardian has ended when its last user is gone. */
    synchronized void close() {
        users--;
        Process running = child;
        if (users > 0 || running == null) {
            return;
        }
        child = null;
        say(running, "bye");
        end(running);
    }

    /** The first process of a session, which is also found when it has no mark any more. */
    synchronized void watch(Spawned process) throws IOException {
        watched.add(process);
        ensureRunning();
        say(child, "watch " + text(process));
    }

    /** It is gone, with all that came from it. */
    synchronized void forget(Spawned process) {
        if (watched.remove(process)) {
            say(child, "forget " + text(process));
        }
    }

    /** Of the guardian that runs now; -1 when none does. */
    public synchronized long pid() {
        return child == null ? -1 : child.pid();
    }

    private void ensureRunning() throws IOException {
        if (child != null) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(
                Platform.setsid().toString(),
                "/bin/sh",
                "-c",
                script(),
                "sage-guardian",
                ProcessMark.ofInstance(instance));
        builder.environment().put("PATH", Platform.searchPath());
        builder.environment().put("LC_ALL", "C");
        Process started = builder.directory(new File("/"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        child = started;
        startedNanos = System.nanoTime();
        watched.forEach(process -> say(started, "watch " + text(process)));
        CompletionStage<Process> exit = started.onExit();
        exit.thenAccept(this::onExit);
    }

    private synchronized void onExit(Process ended) {
        if (ended != child) {
            return;
        }
        child = null;
        closePipe(ended);
        String what = "The guardian of this JVM's processes, pid " + ended.pid() + ", died with exit code "
                + ended.exitValue();
        if (System.nanoTime() - startedNanos < leastLife.toNanos()) {
            log.error(
                    "{} as soon as it ran. Until the next process is started, a kill -9 of this JVM would leave its"
                            + " processes to the sweep of the next start",
                    what);
            return;
        }
        log.warn("{}; it is started again", what);
        try {
            ensureRunning();
        } catch (IOException | RuntimeException e) {
            log.error("The guardian could not be started again", e);
        }
    }

    /** To a guardian that has just died there is nothing to say: the next one is told all. */
    private static void say(@Nullable Process guardian, String line) {
        if (guardian == null) {
            return;
        }
        try {
            OutputStream pipe = guardian.getOutputStream();
            pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException died) {
            log.debug("The guardian did not hear '{}'", line, died);
        }
    }

    private static String text(Spawned process) {
        return process.pid() + ":" + process.startTicks();
    }

    private static void end(Process guardian) {
        closePipe(guardian);
        try {
            if (!guardian.waitFor(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The guardian, pid {}, did not end within {} and is killed", guardian.pid(), ENDS_WITHIN);
                guardian.destroyForcibly();
            }
        } catch (InterruptedException e) {
            guardian.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void closePipe(Process guardian) {
        try {
            guardian.getOutputStream().close();
        } catch (IOException brokenAlready) {
            log.debug("The pipe of the guardian was broken", brokenAlready);
        }
    }

    private static String script() {
        try (InputStream script = Guardian.class.getResourceAsStream("guardian.sh")) {
            if (script == null) {
                throw new IllegalStateException("guardian.sh is not beside " + Guardian.class.getName());
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
