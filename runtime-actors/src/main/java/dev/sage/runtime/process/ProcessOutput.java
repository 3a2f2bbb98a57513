package dev.sage.runtime.process;

import dev.sage.runtime.dataplane.BlockingThreads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program writes: brought from its pipe into {@link RotatedFile files}, byte by byte as it is, and as lines to those
 * who follow it. The pipe is always read on, whatever becomes of the files, so that the program waits only for a follower
 * that says so.
 */
public final class ProcessOutput {
    private static final Logger log = LoggerFactory.getLogger(ProcessOutput.class);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Path file;
    private final ProcessSettings settings;
    private final BlockingThreads threads;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final OutputFollower follower;
    private final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private @Nullable RotatedFile opened;

    ProcessOutput(Path file, OutputFollower follower, ProcessSettings settings, BlockingThreads threads) {
        this.file = file;
        this.follower = follower;
        this.settings = settings;
        this.threads = threads;
    }

    /** The newest part; older ones lie beside it as {@code .1}, {@code .2} and so on. */
    public Path file() {
        return file;
    }

    /** The newest lines, the oldest of them first. */
    public List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    /** For what is quick; called on the thread that reads the pipe. */
    void onLine(Consumer<String> watcher) {
        watchers.add(watcher);
    }

    /**
     * Before the program is spawned.
     *
     * @throws IOException when the file cannot be written
     */
    void open() throws IOException {
        opened = new RotatedFile(file, settings);
    }

    /**
     * Reads the pipe to its end, on a thread of its own.
     *
     * @param exit of the program; from then on nobody is waited for, as a pipe full is all that is left
     */
    void read(InputStream pipe, CompletableFuture<?> exit) {
        threads.submit(() -> {
            pump(pipe, exit, opened);
            return true;
        });
    }

    /** Nothing was spawned. */
    void discard() {
        close(opened);
        end();
    }

    private void end() {
        ended.complete(true);
    }

    /** Waits until all was read; false when somebody holds the pipe still when the time is over. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        try {
            return ended.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException stillOpen) {
            return false;
        }
    }

    private void pump(InputStream pipe, CompletableFuture<?> exit, @Nullable RotatedFile first) {
        Lines lines = new Lines(settings.lineBytes(), this::onLineRead);
        RotatedFile to = first;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (pipe) {
            for (int read = pipe.read(buffer); read >= 0; read = pipe.read(buffer)) {
                to = write(to, buffer, read);
                lines.add(buffer, read);
                awaitRoom(exit);
            }
        } catch (IOException closed) {
            log.debug("The output to {} ended", file, closed);
        } finally {
            lines.end();
            close(to);
            end();
        }
    }

    private void awaitRoom(CompletableFuture<?> exit) {
        CompletableFuture<?> room = follower.room();
        if (!room.isDone()) {
            CompletableFuture.anyOf(room, exit).join();
        }
    }

    /** Answers where to write next; null when it cannot be written any more. */
    private @Nullable RotatedFile write(@Nullable RotatedFile to, byte[] bytes, int length) {
        if (to == null) {
            return null;
        }
        try {
            to.write(bytes, length);
            return to;
        } catch (IOException e) {
            log.warn("The output of a program cannot be written to {} any more; it runs on without", file, e);
            close(to);
            return null;
        }
    }

    private void close(@Nullable RotatedFile open) {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            log.debug("{} could not be closed", file, e);
        }
    }

    private void onLineRead(String line) {
        synchronized (lastLines) {
            lastLines.add(line);
            if (lastLines.size() > settings.lastLines()) {
                lastLines.remove();
            }
        }
        watchers.forEach(watcher -> tell(watcher, line));
        follower.line(line);
    }

    /** Nothing that a watcher does may end the reading, for then the program would be ended by its own output. */
    private void tell(Consumer<String> watcher, String line) {
        try {
            watcher.accept(line);
        } catch (RuntimeException | StackOverflowError e) {
            watchers.remove(watcher);
            log.warn("The output to {} is not searched any more", file, e);
        }
    }

    /** What an error adds; empty when there is nothing. */
    String forError() {
        List<String> lines = lastLines();
        return lines.isEmpty()
                ? " It wrote nothing."
                : " It wrote last:\n  " + String.join("\n  ", lines) + "\nAll of its output: " + file;
    }
}
