package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lock files of a machine's GPUs and ports, the same for all users, so that no two Sage programs have one of them. They
 * are never deleted, for then two could each lock a file of that name. What this JVM holds is known here and not opened a
 * second time: closing it again would give up the lock.
 */
final class MachineLocks {
    private static final Map<Path, MachineLock> HELD = new HashMap<>();
    private static final int FOLDER_MODE = 01777;
    private static final int FILE_MODE = 0666;

    private final Path folder;

    MachineLocks(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** A lock, or why it cannot be had. */
    record Attempt(Optional<MachineLock> lock, String reason) {
        private Attempt(String reason) {
            this(Optional.empty(), reason);
        }
    }

    /** @throws SageException with code {@code locks.unusable} when the folder is none of ours */
    Attempt take(Resource resource) {
        makeFolder();
        Path path = path(resource);
        synchronized (HELD) {
            MachineLock held = HELD.get(path);
            if (held != null) {
                return new Attempt(held.note()
                        .map(note -> "is held by " + note)
                        .orElse("is being taken by another job of this JVM"));
            }
            try {
                FileChannel channel = open(path);
                try {
                    if (channel.tryLock() == null) {
                        Attempt refused = new Attempt(MachineLock.readNote(channel)
                                .map(note -> "is held by " + note)
                                .orElse("is being taken by another Sage program: '" + path + "' is locked"));
                        channel.close();
                        return refused;
                    }
                    MachineLock lock = new MachineLock(path, channel);
                    HELD.put(path, lock);
                    return new Attempt(Optional.of(lock), "");
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e;
                }
            } catch (IOException e) {
                return new Attempt("its lock '" + path + "' cannot be taken: " + e);
            }
        }
    }

    /**
     * Takes away the note of a dead owner. Whoever holds the lock by now has it by right.
     *
     * @return why it is not known to be free; empty when it is
     */
    Optional<String> clear(Resource resource, String instance) {
        Path path = path(resource);
        synchronized (HELD) {
            if (HELD.containsKey(path)) {
                return Optional.empty();
            }
            try (FileChannel channel = openExisting(path)) {
                if (channel.tryLock() != null) {
                    Optional<LockNote> note = MachineLock.readNote(channel);
                    if (note.filter(left -> left.instance().equals(instance)).isPresent()) {
                        channel.truncate(0);
                    }
                }
                return Optional.empty();
            } catch (NoSuchFileException neverTaken) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("its lock '" + path + "' cannot be looked at: " + e);
            }
        }
    }

    static void forget(Path path) {
        synchronized (HELD) {
            HELD.remove(path);
        }
    }

    Path path(Resource resource) {
        if (resource instanceof Resource.Gpu gpu) {
            return folder.resolve("gpu-" + gpu.id() + ".lock");
        } else if (resource instanceof Resource.Port port) {
            return folder.resolve("port-" + port.number() + ".lock");
        }
        throw new IllegalArgumentException(resource + " has no lock");
    }

    private void makeFolder() {
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                openToAll(folder, FOLDER_MODE);
            } else {
                Path parent = folder.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(folder);
                Files.setAttribute(folder, "unix:mode", FOLDER_MODE);
            }
        } catch (FileAlreadyExistsException madeByAnother) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw unusable("is no folder, or a symbolic link", madeByAnother);
            }
        } catch (IOException e) {
            throw unusable("cannot be made: " + e, e);
        }
    }

    private SageException unusable(String why, Exception cause) {
        return new SageException(
                "locks.unusable",
                "'" + folder + "', where the GPUs and ports of this machine are locked, " + why
                        + ". Remove it, or name another folder, the same for all users of this machine.",
                cause);
    }

    /** An existing file is opened without the wish to make it: the kernel refuses that for another user's in such a folder. */
    private static FileChannel open(Path path) throws IOException {
        try {
            return openExisting(path);
        } catch (NoSuchFileException none) {
            try {
                Files.createFile(path);
                Files.setAttribute(path, "unix:mode", FILE_MODE);
            } catch (FileAlreadyExistsException madeByAnother) {
                return openExisting(path);
            }
            return openExisting(path);
        }
    }

    /** Whoever made it may have been killed before it was open to all: its owner makes up for that. */
    private static void openToAll(Path path, int mode) throws IOException {
        if (FileOwner.isThisUser(path)
                && ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777) != mode) {
            Files.setAttribute(path, "unix:mode", mode);
        }
    }

    private static FileChannel openExisting(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
}
