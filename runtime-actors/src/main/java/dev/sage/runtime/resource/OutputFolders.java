package dev.sage.runtime.resource;

import dev.sage.api.spi.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders with the output of jobs, {@code HOME/jobs/JOB}. When there are too many, the oldest of jobs that have ended
 * are deleted; a job counts as ended when its JVM says so, or has no ledger any more. Thread-safe; blocks on the disk.
 */
public final class OutputFolders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutputFolders.class);
    /** In each folder; it names the instance of Sage that the job runs in. */
    private static final String OWNER = ".owner";

    /** Of the jobs of this JVM, whatever environment they are in. */
    private static final Set<Path> LIVING = ConcurrentHashMap.newKeySet();

    private final Ledger ledger;
    private final int keep;
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    private record Aged(Path folder, FileTime changed) {}

    /** @param keep how many stay, those of living jobs included */
    public OutputFolders(Ledger ledger, int keep) {
        this.ledger = ledger;
        this.keep = keep;
    }

    public Path of(String job) {
        return jobs().resolve(job);
    }

    private Path jobs() {
        return ledger.home().folder().resolve("jobs");
    }

    /** To be called when the job has an entry in the ledger, which protects the folder from others. */
    public void make(String job) throws IOException {
        Path folder = of(job);
        made.add(folder);
        if (LIVING.add(folder)) {
            Files.createDirectories(folder, OwnerOnly.FOLDER);
            Files.writeString(folder.resolve(OWNER), ledger.instance());
            deleteOldest();
        }
    }

    /** Nothing more is written there. */
    public void ended(String job) {
        Path folder = of(job);
        made.remove(folder);
        LIVING.remove(folder);
    }

    private void deleteOldest() {
        List<Aged> folders = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(jobs())) {
            for (Path folder : all) {
                aged(folder, folders);
            }
            folders.sort(Comparator.comparing(Aged::changed));
            int tooMany = folders.size() - keep;
            for (Aged aged : folders) {
                if (tooMany > 0 && hasEnded(aged.folder())) {
                    delete(aged.folder());
                    tooMany--;
                }
            }
        } catch (IOException e) {
            log.warn("The oldest output of jobs in {} cannot be deleted, and stays: {}", jobs(), e.toString());
        }
    }

    /** Others delete as well. */
    private static void aged(Path folder, List<Aged> folders) throws IOException {
        try {
            folders.add(new Aged(folder, Files.getLastModifiedTime(folder)));
        } catch (NoSuchFileException deleted) {
            log.debug("{} was deleted by another program", folder);
        }
    }

    private boolean hasEnded(Path folder) throws IOException {
        if (LIVING.contains(folder)) {
            return false;
        }
        try {
            String owner = Files.readString(folder.resolve(OWNER));
            return owner.equals(ledger.instance())
                    || !Files.exists(ledger.home().ledgers().resolve(owner + LedgerFile.SUFFIX));
        } catch (NoSuchFileException beingMadeOrDeleted) {
            return false;
        }
    }

    /** Files only: whatever else somebody put there keeps the folder. The owner goes last, so that a part is not lost. */
    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && !file.endsWith(OWNER)) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder.resolve(OWNER));
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException deleted) {
            log.debug("{} was deleted by another program", folder);
        }
    }

    /** All jobs of this environment have ended. */
    @Override
    public void close() {
        LIVING.removeAll(made);
        made.clear();
    }
}
