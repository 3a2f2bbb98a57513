package dev.sage.runtime.dataplane;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads its part of the lines of some files. */
final class FileHead extends PulledHead {
    private static final Logger log = LoggerFactory.getLogger(FileHead.class);

    private final OperatorInstance self;
    private final FileSet files;
    private final Flow flow;
    private final Stage next;
    private final Deque<FileRange> ranges = new ArrayDeque<>();
    private final LineReader reader;
    private long bytesOfEarlierRanges;
    private long bytesTotal;

    FileHead(OperatorInstance self, FileSet files, int maxLineBytes, Flow flow, Stage next) {
        this.self = self;
        this.files = files;
        this.reader = new LineReader(maxLineBytes);
        this.flow = flow;
        this.next = next;
    }

    @Override
    void open() {
        try {
            ranges.addAll(files.partOf(self.instance()));
            bytesTotal = ranges.stream()
                    .mapToLong(range -> range.to() - range.from())
                    .sum();
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
        flow.at = self.index();
        try {
            String line = reader.next();
            while (line == null && !ranges.isEmpty()) {
                bytesOfEarlierRanges += reader.bytesRead();
                reader.open(ranges.remove());
                line = reader.next();
            }
            return line;
        } catch (IOException failure) {
            throw self.failure("read", flow.taken, failure);
        }
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
