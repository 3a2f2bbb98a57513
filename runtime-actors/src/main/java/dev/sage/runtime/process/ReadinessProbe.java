package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint.Reply;
import dev.sage.api.ProcessService.Readiness;
import dev.sage.api.SageException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Sees when a program can be called, or that it never will. To be made before the program runs. */
final class ReadinessProbe {
    /** A server that took a question and forgot it is asked again, ever more patiently. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);

    private final Readiness readiness;
    private final List<Integer> ports;
    private final Duration readyWithin;
    private final int answerBytes;
    private final CompletableFuture<String> printed = new CompletableFuture<>();
    private Duration patience = FIRST_PATIENCE;
    private String lastAnswer = "";

    ReadinessProbe(
            Readiness readiness, List<Integer> ports, Duration readyWithin, int answerBytes, ProcessOutput output) {
        this.readiness = readiness;
        this.ports = ports;
        this.readyWithin = readyWithin;
        this.answerBytes = answerBytes;
        if (readiness instanceof Readiness.Printing printing) {
            Pattern pattern = Pattern.compile(printing.regex());
            output.onLine(line -> {
                if (!printed.isDone() && pattern.matcher(line).find()) {
                    printed.complete(line);
                }
            });
        }
    }

    /**
     * Blocks until the program is ready.
     *
     * @throws SageException when it ended before, or was not ready in time; with its last lines
     */
    void await(LiveProcess live) throws InterruptedException {
        if (readiness instanceof Readiness.Started) {
            return;
        }
        Asking asking = new Asking(readyWithin, CompletableFuture.anyOf(printed, live.exit()));
        do {
            if (live.hasExited()) {
                throw live.exitError("before it was ready");
            }
            if (isReady(asking.left())) {
                return;
            }
        } while (asking.again());
        throw new SageException(
                "process.not-ready",
                live.described() + " was not ready within " + readyWithin + ": " + missing() + "."
                        + live.output().forError());
    }

    private boolean isReady(Duration left) throws InterruptedException {
        if (readiness instanceof Readiness.Printing) {
            return printed.isDone();
        }
        long deadline = System.nanoTime() + min(patience, left).toNanos();
        try (HttpConnection connection = HttpConnection.open(HttpConnection.LOOPBACK, ports.get(0), deadline)) {
            if (!(readiness instanceof Readiness.Answering answering)) {
                return true;
            }
            Reply reply = connection.exchange("GET", answering.path(), null, answerBytes, deadline);
            lastAnswer = "the last answer was " + reply.status();
            return reply.status() >= 200 && reply.status() <= 299;
        } catch (IOException notYet) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - deadline >= 0) {
                patience = patience.multipliedBy(2);
            }
            if (lastAnswer.isEmpty() || left.compareTo(patience) > 0) {
                lastAnswer = String.valueOf(notYet.getMessage());
            }
            return false;
        }
    }

    private String missing() {
        if (readiness instanceof Readiness.Printing printing) {
            return "no line of its output matched '" + printing.regex() + "'";
        }
        String port = "127.0.0.1:" + ports.get(0);
        return readiness instanceof Readiness.Answering answering
                ? "http://" + port + answering.path() + " did not answer with a status from 200 to 299; " + lastAnswer
                : port + " took no connection; " + lastAnswer;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
