package dev.sage.runtime.dataplane;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one source, divided among its instances by bytes. All instances use the sizes that the first one
 * found: if a file grew in between, they would otherwise disagree on who reads what.
 */
final class FileSet {
    private final List<Path> files;
    private final int parallelism;
    private long @Nullable [] sizes;

    FileSet(List<Path> files, int parallelism) {
        this.files = files;
        this.parallelism = parallelism;
    }

    List<FileRange> partOf(int instance) throws IOException {
        long[] known = sizes();
        long total = 0;
        for (long size : known) {
            total = Math.addExact(total, size);
        }
        long from = EvenSplit.start(total, parallelism, instance);
        long to = EvenSplit.start(total, parallelism, instance + 1);
        List<FileRange> part = new ArrayList<>();
        long base = 0;
        for (int i = 0; i < known.length; i++) {
            long begin = Math.max(from - base, 0);
            long end = Math.min(to - base, known[i]);
            if (begin < end) {
                part.add(new FileRange(files.get(i), begin, end, known[i]));
            }
            base += known[i];
        }
        return part;
    }

    private synchronized long[] sizes() throws IOException {
        if (sizes == null) {
            long[] found = new long[files.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = size(files.get(i));
            }
            sizes = found;
        }
        return sizes;
    }

    private static long size(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "is not a regular file, its bytes cannot be divided");
        }
        return Files.size(file);
    }
}
