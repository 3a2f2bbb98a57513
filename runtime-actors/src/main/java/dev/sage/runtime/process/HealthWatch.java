package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint.Reply;
import dev.sage.api.ProcessService.HealthCheck;
import dev.sage.api.SageException;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks a running program every so often whether it is well, on a thread of its own, until it is not or it is closed. */
final class HealthWatch implements AutoCloseable {
    private final HealthCheck check;
    private final int port;
    private final int answerBytes;
    private final CountDownLatch closed = new CountDownLatch(1);

    HealthWatch(HealthCheck check, int port, int answerBytes) {
        this.check = check;
        this.port = port;
        this.answerBytes = answerBytes;
    }

    /** @param sick told once, with what was wrong */
    void begin(BlockingThreads threads, Consumer<SageException> sick) {
        threads.submit(() -> {
            Optional<String> trouble = Optional.empty();
            while (trouble.isEmpty() && !closed.await(check.every().toNanos(), TimeUnit.NANOSECONDS)) {
                trouble = trouble();
            }
            if (trouble.isPresent() && closed.getCount() > 0) {
                sick.accept(new SageException("process.unhealthy", trouble.get()));
            }
            return true;
        });
    }

    private Optional<String> trouble() {
        String asked = "The health check GET http://127.0.0.1:" + port + check.path();
        long deadline = System.nanoTime() + check.every().toNanos();
        try (HttpConnection connection = HttpConnection.open(HttpConnection.LOOPBACK, port, deadline)) {
            Reply reply = connection.exchange("GET", check.path(), null, answerBytes, deadline);
            boolean well = reply.status() >= 200 && reply.status() <= 299;
            return well
                    ? Optional.empty()
                    : Optional.of(asked + " was answered with " + reply.status() + ", not with 200 to 299.");
        } catch (IOException e) {
            return Optional.of(asked + " was not answered within " + check.every() + ": " + e.getMessage() + ".");
        }
    }

    /** Does not wait for a question that is under way. */
    @Override
    public void close() {
        closed.countDown();
    }
}
