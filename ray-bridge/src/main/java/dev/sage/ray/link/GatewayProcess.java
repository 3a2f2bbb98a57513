package dev.sage.ray.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The child process, and the last lines that it wrote, which tell of what it died. */
final class GatewayProcess {
    private static final Logger log = LoggerFactory.getLogger(GatewayProcess.class);
    private static final int LAST_LINES = 20;
    private static final int LINE_CHARACTERS = 500;
    /** What is above is the number of the signal that ended it; then it had no time for last words. */
    private static final int SIGNALLED = 128;

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final Process process;
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reader;

    private GatewayProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::follow, "sage-ray-gateway-output");
        reader.setDaemon(true);
    }

    /** In a session of its own, so that Ctrl+C is for Sage, which then ends it. */
    static GatewayProcess start(List<String> command, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> words.add(setsid.toString()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        GatewayProcess started = new GatewayProcess(process);
        started.reader.start();
        return started;
    }

    private void follow() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                log.debug("gateway {}: {}", process.pid(), line);
                keep(line.length() > LINE_CHARACTERS ? line.substring(0, LINE_CHARACTERS) + "…" : line);
            }
        } catch (IOException ended) {
            log.debug("The output of the gateway ended", ended);
        }
    }

    private void keep(String line) {
        synchronized (lines) {
            lines.add(line);
            if (lines.size() > LAST_LINES) {
                lines.remove();
            }
        }
    }

    Process process() {
        return process;
    }

    /** False when it has not ended in time. */
    boolean endsWithin(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Its exit code and its last words; waits a moment for either. */
    String lastWords() {
        boolean ended = endsWithin(Duration.ofSeconds(1));
        try {
            reader.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ended && process.exitValue() > SIGNALLED) {
            return "exit code " + process.exitValue() + ", killed by signal " + (process.exitValue() - SIGNALLED);
        }
        synchronized (lines) {
            return (ended ? "exit code " + process.exitValue() : "it has not exited")
                    + (lines.isEmpty() ? "" : ", its last lines:\n" + String.join("\n", lines));
        }
    }
}
