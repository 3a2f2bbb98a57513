package dev.sage.node.http;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.FileIO;

/** Files as answers; what blocks runs on the executor for that. */
final class Files {
    private static final int CHUNK = 1 << 16;

    private final Executor blocking;

    Files(Executor blocking) {
        this.blocking = blocking;
    }

    <T> CompletionStage<T> blocking(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                blocking);
    }

    /** A file that grows no more. */
    CompletionStage<HttpResponse> octets(Path file) {
        return blocking(() -> {
            long size = sizeOf(file);
            return size == 0
                    ? Replies.bytes(200, Replies.OCTETS, new byte[0])
                    : HttpResponse.create()
                            .withEntity(HttpEntities.create(Replies.OCTETS, size, FileIO.fromPath(file, CHUNK)));
        });
    }

    /**
     * A text file as far as it is written.
     *
     * @param tail the number of its last lines; all when negative
     */
    CompletionStage<HttpResponse> text(Path file, long tail) {
        return blocking(() -> {
            long size = sizeOf(file);
            long from = tail < 0 ? 0 : startOfLast(tail, file, size);
            return from == size
                    ? Replies.text("")
                    : HttpResponse.create().withEntity(part(Replies.TEXT, file, from, size - from));
        });
    }

    private static org.apache.pekko.http.javadsl.model.ResponseEntity part(
            ContentType type, Path file, long from, long bytes) {
        // A program may write on: the length is that of this moment.
        var data = FileIO.fromPath(file, CHUNK, from)
                .statefulMap(
                        () -> new long[] {bytes},
                        (left, chunk) -> {
                            var taken = chunk.take((int) Math.min(left[0], chunk.size()));
                            left[0] -= taken.size();
                            return org.apache.pekko.japi.Pair.create(left, taken);
                        },
                        left -> java.util.Optional.empty())
                .takeWhile(chunk -> chunk.nonEmpty());
        return HttpEntities.create(type, bytes, data);
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return java.nio.file.Files.size(file);
        } catch (NoSuchFileException e) {
            throw Refusal.OUTPUT_UNKNOWN.because(
                    "There is no file " + file.getFileName() + " of this job.",
                    "It may have been deleted, or not begun.");
        }
    }

    /** Where the last lines begin; the last line may lack its end. */
    static long startOfLast(long lines, Path file, long size) throws IOException {
        if (lines == 0) {
            return size;
        }
        try (RandomAccessFile read = new RandomAccessFile(file.toFile(), "r")) {
            byte[] block = new byte[CHUNK];
            long ends = 0;
            for (long end = size; end > 0; ) {
                long start = Math.max(0, end - CHUNK);
                int length = (int) (end - start);
                read.seek(start);
                read.readFully(block, 0, length);
                for (int i = length - 1; i >= 0; i--) {
                    long at = start + i;
                    if (block[i] == '\n' && at < size - 1 && ++ends == lines) {
                        return at + 1;
                    }
                }
                end = start;
            }
            return 0;
        }
    }
}
