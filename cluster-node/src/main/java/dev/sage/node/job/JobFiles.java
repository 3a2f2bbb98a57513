package dev.sage.node.job;

import dev.sage.api.spi.OwnerOnly;
import dev.sage.node.NodeException;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Work;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * What the node keeps of its jobs in files, in a folder of its own: large graphs while they live ({@code graphs/ID}), and
 * what they brought back ({@code jobs/ID}) for as long as the history has them. Thread-safe; blocks on the disk.
 */
public final class JobFiles {

    private final Path graphs;
    private final Path jobs;

    private JobFiles(Path graphs, Path jobs) {
        this.graphs = graphs;
        this.jobs = jobs;
    }

    /** Makes what is missing. */
    public static JobFiles open(Path nodeFolder) throws IOException {
        JobFiles files = new JobFiles(nodeFolder.resolve("graphs"), nodeFolder.resolve("jobs"));
        Files.createDirectories(files.graphs, OwnerOnly.FOLDER);
        Files.createDirectories(files.jobs, OwnerOnly.FOLDER);
        return files;
    }

    /** Whether the graph of a job is a file, while it lives. */
    static boolean hasGraphFile(NewJob job) {
        return job.work() instanceof Work.Pipeline pipeline && pipeline.graph().isEmpty();
    }

    /** On the disk when this returns, whatever happens to the machine then. */
    void saveGraph(String id, byte[] graph) throws IOException {
        try (FileChannel file =
                FileChannel.open(Files.createFile(graphs.resolve(id), OwnerOnly.FILE), StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(graph);
            while (left.hasRemaining()) {
                file.write(left);
            }
            file.force(true);
        }
        try (FileChannel folder = FileChannel.open(graphs, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    boolean hasGraph(String id) {
        return Files.exists(graphs.resolve(id));
    }

    byte[] graph(String id) throws IOException {
        return Files.readAllBytes(graphs.resolve(id));
    }

    void deleteGraph(String id) throws IOException {
        Files.deleteIfExists(graphs.resolve(id));
    }

    /** What a job brought back. */
    void deleteResults(String id) throws IOException {
        delete(jobs.resolve(id));
    }

    /** Where {@code print()} of a job writes to. Its folder is made by whoever writes. */
    Path printed(String id) {
        return jobs.resolve(id).resolve("print.log");
    }

    /** Opens the file of the records of one {@code collect()}. */
    OutputStream collect(String id, String operator) throws IOException {
        Path file = collected(id, operator);
        Files.createDirectories(jobs.resolve(id), OwnerOnly.FOLDER);
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** A name of an operator may be anything, and longer than that of a file. */
    Path collected(String id, String operator) {
        return jobs.resolve(id).resolve("collected-" + digest(operator).substring(0, 32));
    }

    Path existing(Path file, String what) {
        if (!Files.isRegularFile(file)) {
            throw new NodeException(
                    NodeException.Kind.UNKNOWN,
                    "output.unknown",
                    what + " is not there.",
                    "See what there is with 'sage job show'.");
        }
        return file;
    }

    /**
     * Deletes what belongs to other jobs.
     *
     * @param live those that need their graphs
     * @param known those whose results can be asked for
     */
    public void deleteOthers(Predicate<String> live, Predicate<String> known) throws IOException {
        deleteUnless(graphs, live);
        deleteUnless(jobs, id -> live.test(id) || known.test(id));
    }

    private static void deleteUnless(Path folder, Predicate<String> needed) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!needed.test(String.valueOf(entry.getFileName()))) {
                    delete(entry);
                }
            }
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
