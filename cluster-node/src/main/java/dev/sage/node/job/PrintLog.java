package dev.sage.node.job;

import dev.sage.client.wire.OutputLine;
import dev.sage.runtime.feed.Feed;
import dev.sage.runtime.process.ProcessSettings;
import dev.sage.runtime.process.RotatedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code print()} of a job writes: to a file, and to those who follow. May be used from any thread. */
final class PrintLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PrintLog.class);

    private final Path path;
    private final ProcessSettings settings;
    private boolean used;
    private @Nullable Feed<OutputLine> output;
    private @Nullable RotatedFile file;
    private boolean closed;

    PrintLog(Path path, ProcessSettings settings) {
        this.path = path;
        this.settings = settings;
    }

    synchronized void use() {
        used = true;
    }

    /** Whether an operator prints. */
    synchronized boolean isUsed() {
        return used;
    }

    synchronized void connect(Feed<OutputLine> to) {
        output = to;
    }

    synchronized void print(String line) {
        Feed<OutputLine> to = output;
        if (to != null) {
            to.tell(new OutputLine(LiveJob.PRINT, line));
        }
        if (closed) {
            return;
        }
        try {
            RotatedFile open = file;
            if (open == null) {
                open = new RotatedFile(path, settings);
                file = open;
            }
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            open.write(bytes, bytes.length);
        } catch (IOException e) {
            log.warn("What a job prints cannot be written to {}; those who follow it have it still", path, e);
            close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        RotatedFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.warn("{} cannot be closed", path, e);
            }
        }
    }
}
