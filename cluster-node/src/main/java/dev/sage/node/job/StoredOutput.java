package dev.sage.node.job;

import dev.sage.client.wire.OutputLine;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.runtime.process.Lines;
import dev.sage.runtime.process.RotatedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job has written that is known from the history alone: told from its files, one output after the other, then the end.
 * No more than a line is in memory. The lines are numbered from 1 on. In which order several outputs were told while the job was live
 * nobody knows any more, so whoever resumes after a number of that time is told that lines are missing, if there are any, and the
 * end.
 */
final class StoredOutput {
    private static final Logger log = LoggerFactory.getLogger(StoredOutput.class);
    private static final int CHUNK = 1 << 16;
    /** Numbers of the time when a job was live are larger. */
    private static final long MOST = 1L << 40;

    private final JobThreads threads;
    private final int lineBytes;

    /** @param lineBytes a longer line is told in pieces */
    StoredOutput(JobThreads threads, int lineBytes) {
        this.threads = threads;
        this.lineBytes = lineBytes;
    }

    /**
     * Tells the lines after the one of this number.
     *
     * @param files of all outputs, by their names; one that is missing has no lines
     * @param name of the only one that is told
     * @param tail only so many last ones of each
     */
    Following tell(
            Map<String, Path> files,
            Optional<String> name,
            long after,
            OptionalLong tail,
            Listener<OutputLine> listener) {
        AtomicBoolean closed = new AtomicBoolean();
        boolean taken = threads.submit(() -> {
            if (after > MOST) {
                tellWhatIsMissing(files.values(), after, closed::get, listener);
                listener.end();
                return;
            }
            long[] number = {0};
            files.forEach((output, file) -> {
                if (!name.orElse(output).equals(output)) {
                    return;
                }
                long[] skipped = {tail.isEmpty() ? 0 : Math.max(0, count(file, closed::get) - tail.getAsLong())};
                read(file, closed::get, line -> {
                    if (skipped[0]-- <= 0 && ++number[0] > after && !closed.get()) {
                        listener.next(new Numbered<>(number[0], new OutputLine(output, line)));
                    }
                });
            });
            listener.end();
        });
        if (!taken) {
            throw JobThreads.stopping("Ask again when it runs.");
        }
        return new Following() {
            @Override
            public void close() {
                closed.set(true);
            }

            @Override
            public boolean isEnding() {
                return true;
            }
        };
    }

    private void tellWhatIsMissing(
            Collection<Path> files, long after, BooleanSupplier enough, Listener<OutputLine> listener) {
        long told = JobStreams.count(after);
        long there = files.stream().mapToLong(file -> count(file, enough)).sum();
        if (told != there && !enough.getAsBoolean()) {
            listener.next(new Numbered<>(
                    after + 1,
                    new OutputLine("", "[lines may be left out from here on; see 'sage job logs' without -f]")));
        }
    }

    private long count(Path file, BooleanSupplier enough) {
        long[] lines = {0};
        read(file, enough, line -> lines[0]++);
        return lines[0];
    }

    private void read(Path file, BooleanSupplier enough, Consumer<String> target) {
        Lines lines = new Lines(lineBytes, target);
        byte[] chunk = new byte[CHUNK];
        for (Path part : RotatedFile.parts(file)) {
            try (InputStream in = Files.newInputStream(part)) {
                for (int count = in.read(chunk); count >= 0 && !enough.getAsBoolean(); count = in.read(chunk)) {
                    lines.add(chunk, count);
                }
            } catch (IOException e) {
                log.warn("{} cannot be read, and is left out of what its job has written", part, e);
            }
        }
        lines.end();
    }
}
