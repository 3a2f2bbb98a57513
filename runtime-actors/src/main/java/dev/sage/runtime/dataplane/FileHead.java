package dev.sage.runtime.dataplane;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads its part of the lines of some files. */
final class FileHead extends PulledHead {
    private final OperatorInstance self;
    private final FileSet files;
    private final int maxLineBytes;
    private final Flow flow;
    private final Stage next;
    private final Deque<FileRange> ranges = new ArrayDeque<>();
    private @Nullable LineReader reader;
    private long bytesOfEarlierRanges;
    private long bytesTotal;

    FileHead(OperatorInstance self, FileSet files, int maxLineBytes, Flow flow, Stage next) {
        this.self = self;
        this.files = files;
        this.maxLineBytes = maxLineBytes;
        this.flow = flow;
        this.next = next;
    }

    @Override
    void open() {
        try {
            ranges.addAll(files.partOf(self.instance()));
            bytesTotal = ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
            if (!ranges.isEmpty()) {
                reader = new LineReader(ranges.remove(), maxLineBytes);
            }
        } catch (IOException failure) {
            throw self.failure("open", failure);
        }
    }

    @Override
    Step pull() {
        while (!flow.mustStop()) {
            String line = nextLine();
            if (line == null) {
                return Step.ENDED;
            }
            flow.taken++;
            next.accept(line);
        }
        return Step.HELD;
    }

    private @Nullable String nextLine() {
        LineReader lines = reader;
        if (lines == null) {
            return null;
        }
        flow.at = self.index();
        try {
            String line = lines.next();
            while (line == null && !ranges.isEmpty()) {
                bytesOfEarlierRanges += lines.bytesRead();
                lines.open(ranges.remove());
                line = lines.next();
            }
            return line;
        } catch (IOException failure) {
            throw self.failure("read", flow.taken, failure);
        }
    }

    @Override
    boolean close() {
        try (LineReader closing = reader) {
            return true;
        } catch (IOException failure) {
            throw self.failure("close", failure);
        }
    }

    @Override
    long bytesRead() {
        LineReader lines = reader;
        return lines == null ? 0 : bytesOfEarlierRanges + lines.bytesRead();
    }

    @Override
    long bytesTotal() {
        return bytesTotal;
    }
}
