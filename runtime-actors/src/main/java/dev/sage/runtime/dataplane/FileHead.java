package dev.sage.runtime.dataplane;

import dev.sage.api.MalformedRecordException;
import dev.sage.api.graph.FileFormat;
import dev.sage.runtime.core.task.ErrorReaction;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads its part of the lines of some files, and makes records of them. */
final class FileHead extends PulledHead {
    private static final Logger log = LoggerFactory.getLogger(FileHead.class);

    private final OperatorInstance self;
    private final FileFormat format;
    private final FileSet files;
    private final RecordErrors errors;
    private final Flow flow;
    private final Stage next;
    private final Deque<FileRange> ranges = new ArrayDeque<>();
    private final LineReader reader;
    private @Nullable RecordDecoder decoder;
    private long bytesOfEarlierRanges;
    private long bytesTotal;

    FileHead(
            OperatorInstance self,
            FileFormat format,
            FileSet files,
            DataPlaneSettings settings,
            RecordErrors errors,
            Flow flow,
            Stage next) {
        this.self = self;
        this.format = format;
        this.files = files;
        this.reader = new LineReader(settings.maxLineBytes(), RecordDecoder.hasQuotes(format));
        this.errors = errors;
        this.flow = flow;
        this.next = next;
    }

    @Override
    void open() {
        flow.at = self.index();
        try {
            decoder = RecordDecoder.of(format);
            ranges.addAll(files.partOf(self.instance()));
            bytesTotal = ranges.stream()
                    .mapToLong(range -> range.to() - range.from())
                    .sum();
        } catch (Throwable failure) {
            // Also a failure of the user's class, or of a folder that cannot be looked at.
            throw self.failure("open", failure);
        }
    }

    @Override
    Step pull() {
        while (!flow.mustStop()) {
            flow.at = self.index();
            String line = nextLine();
            if (line == null) {
                return Step.ENDED;
            }
            Object value = decoded(line);
            if (value != null) {
                flow.taken++;
                next.accept(value);
            }
        }
        return Step.HELD;
    }

    private @Nullable String nextLine() {
        try {
            String line = reader.next();
            while (line == null && !ranges.isEmpty()) {
                bytesOfEarlierRanges += reader.bytesRead();
                reader.open(ranges.remove());
                opened().beginFile();
                line = reader.next();
            }
            return line;
        } catch (IOException failure) {
            throw self.failure("read", flow.taken, failure);
        }
    }

    /** Null for a line that is no record, or one that the error policy goes on after. */
    private @Nullable Object decoded(String line) {
        boolean isRecord = opened().isRecordNext();
        try {
            return opened().decode(line, reader.lineOffset() == 0);
        } catch (Throwable thrown) {
            OperatorException failure = self.failure(
                    "read", flow.taken, new MalformedRecordException(reader.file(), reader.lineOffset(), thrown));
            if (!isRecord || !concernsTheRecord(thrown)) {
                throw failure;
            }
            // There are no retries: the same line would be decoded in the same way.
            errors.react(line, flow.taken, 1, failure);
            flow.taken++;
            return null;
        }
    }

    /** Those who decode wrap what the class of a record has thrown. */
    private static boolean concernsTheRecord(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).allMatch(ErrorReaction::concernsTheRecord);
    }

    private RecordDecoder opened() {
        if (decoder == null) {
            throw new IllegalStateException("Source '" + self.name() + "' was not opened.");
        }
        return decoder;
    }

    @Override
    boolean close() {
        try {
            reader.close();
        } catch (IOException harmless) {
            // Nothing can be lost in a file that was only read.
            log.debug("Closing a file of '{}' failed.", self.name(), harmless);
        }
        return true;
    }

    @Override
    long bytesRead() {
        return bytesOfEarlierRanges + reader.bytesRead();
    }

    @Override
    long bytesTotal() {
        return bytesTotal;
    }
}
