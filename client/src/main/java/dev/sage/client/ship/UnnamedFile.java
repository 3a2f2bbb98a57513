package dev.sage.client.ship;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file that loses its name as soon as it is open, so that also a program which is killed leaves none. (Where
 * a system cannot do that, it goes when it is closed.) May be read from any thread, and by several at once.
 */
final class UnnamedFile implements AutoCloseable {
    private final FileChannel channel;

    private UnnamedFile(FileChannel channel) {
        this.channel = channel;
    }

    static UnnamedFile create(String prefix) throws IOException {
        Path named = Files.createTempFile(prefix, null);
        try {
            return new UnnamedFile(FileChannel.open(
                    named, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(named);
            throw e;
        }
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Appends. Its end leaves the file open. */
    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
        };
    }

    /** From its beginning. Its end leaves the file open. */
    InputStream in() {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = channel.read(ByteBuffer.wrap(bytes, offset, length), position);
                position += Math.max(0, read);
                return read;
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
