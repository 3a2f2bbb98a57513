package dev.sage.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** How often the disk below a folder can be told to keep what was written: what bounds a journal without groups. */
final class Syncs {
    private static final int PAGE = 4096;

    private Syncs() {}

    static double perSecond(Path folder, Duration time) throws IOException {
        Path file = Files.createTempFile(folder, "syncs-", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long began = System.nanoTime();
            long syncs = 0;
            while (System.nanoTime() - began < time.toNanos()) {
                channel.write(ByteBuffer.allocate(PAGE));
                channel.force(false);
                syncs++;
            }
            return syncs * 1e9 / (System.nanoTime() - began);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
