package dev.sage.client;

import dev.sage.api.SageException;
import dev.sage.client.http.NodeProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of what programs at the node have printed, in a folder that only this user can read and that lasts as long as the
 * environment. May be used from any thread.
 */
final class OutputCopies implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutputCopies.class);
    private static final int BUFFER = 1 << 16;

    private final String environment;
    private final NodeApi api;
    private @Nullable Path folder;
    private boolean closed;

    OutputCopies(String environment, NodeApi api) {
        this.environment = environment;
        this.api = api;
    }

    /**
     * Copies what there is now; blocks until that is here. The file has the same name each time, and whoever reads an older
     * copy reads that to its end.
     *
     * @throws SageException as each question to the node, and with code {@code environment.closed}
     * @throws UncheckedIOException when it cannot be written here
     */
    Path copy(String job, String program) {
        try {
            Path fresh = Files.createTempFile(folder(), "copy", ".part");
            try {
                download(job, program, fresh);
                return Files.move(fresh, folder().resolve(fileName(job, program)), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The output of '" + program + "' of job " + job + " cannot be kept here", e);
        }
    }

    private static String fileName(String job, String program) {
        return URLEncoder.encode(job + "-" + program, StandardCharsets.UTF_8) + ".log";
    }

    private synchronized Path folder() throws IOException {
        if (closed) {
            throw new SageException(
                    "environment.closed",
                    "Environment '" + environment + "' was closed, and its copies of outputs are gone. Ask for them"
                            + " before, or see \"sage job logs\".");
        }
        Path made = folder;
        if (made == null) {
            made = Files.createTempDirectory("sage-output-");
            folder = made;
        }
        return made;
    }

    private void download(String job, String program, Path to) {
        String path = NodeApi.path(job) + "/logs?name=" + NodeApi.escaped(program);
        try {
            api.retried(() -> api.http().download(path, in -> write(in, to)));
        } catch (NodeProblemException refused) {
            // Nothing was printed yet, as the program has not been started.
            if (refused.status() != HttpURLConnection.HTTP_NOT_FOUND
                    || !refused.code().equals("output.unknown")) {
                throw refused;
            }
        }
    }

    /** What cannot be read is the node's affair, and is tried again; what cannot be written is not. */
    private static Path write(InputStream in, Path to) throws IOException {
        try (OutputStream out = opened(to)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                try {
                    out.write(buffer, 0, count);
                } catch (IOException full) {
                    throw new UncheckedIOException(full);
                }
            }
        }
        return to;
    }

    private static OutputStream opened(Path to) {
        try {
            return Files.newOutputStream(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Path made;
        synchronized (this) {
            closed = true;
            made = folder;
        }
        if (made == null) {
            return;
        }
        try {
            try (Stream<Path> files = Files.list(made)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.delete(made);
        } catch (IOException e) {
            log.warn("The copies of outputs in {} cannot be deleted", made, e);
        }
    }
}
