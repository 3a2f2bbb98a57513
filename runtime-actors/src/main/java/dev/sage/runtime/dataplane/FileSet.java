package dev.sage.runtime.dataplane;

import dev.sage.api.InputFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one source, divided among its instances: by bytes, or where a file must be read from its beginning, by
 * files. All instances use the files and sizes that the first one found: if one appeared or grew in between, they would
 * otherwise disagree on who reads what.
 */
final class FileSet {
    private record Found(Path file, long size) {}

    private final InputFiles files;
    private final boolean divisible;
    private final int parallelism;
    private final int maxFiles;
    private @Nullable List<Found> found;

    /** @param divisible whether the lines of a file can be divided */
    FileSet(InputFiles files, boolean divisible, int parallelism, int maxFiles) {
        this.files = files;
        this.divisible = divisible;
        this.parallelism = parallelism;
        this.maxFiles = maxFiles;
    }

    List<FileRange> partOf(int instance) throws IOException {
        return divisible ? bytesOf(instance, found()) : filesOf(instance, found());
    }

    private List<FileRange> filesOf(int instance, List<Found> all) {
        int from = (int) EvenSplit.start(all.size(), parallelism, instance);
        int to = (int) EvenSplit.start(all.size(), parallelism, instance + 1);
        return all.subList(from, to).stream()
                .map(found -> new FileRange(found.file(), 0, found.size(), found.size()))
                .toList();
    }

    private List<FileRange> bytesOf(int instance, List<Found> all) {
        long total = 0;
        for (Found found : all) {
            total = Math.addExact(total, found.size());
        }
        long from = EvenSplit.start(total, parallelism, instance);
        long to = EvenSplit.start(total, parallelism, instance + 1);
        List<FileRange> part = new ArrayList<>();
        long base = 0;
        for (Found found : all) {
            long begin = Math.max(from - base, 0);
            long end = Math.min(to - base, found.size());
            if (begin < end) {
                part.add(new FileRange(found.file(), begin, end, found.size()));
            }
            base += found.size();
        }
        return part;
    }

    private synchronized List<Found> found() throws IOException {
        if (found == null) {
            List<Found> sized = new ArrayList<>();
            for (Path file : paths()) {
                sized.add(new Found(file, size(file)));
            }
            found = sized;
        }
        return found;
    }

    private List<Path> paths() throws IOException {
        return files instanceof InputFiles.Matching matching
                ? GlobFiles.matching(matching.glob(), maxFiles)
                : ((InputFiles.Listed) files).files();
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
