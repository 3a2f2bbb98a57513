package dev.sage.api.spi;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What nobody but its owner may read, from the moment that it is made: keys, code, records and output of jobs. */
public final class OwnerOnly {
    public static final FileAttribute<Set<PosixFilePermission>> FOLDER = of("rwx------");
    public static final FileAttribute<Set<PosixFilePermission>> FILE = of("rw-------");

    private OwnerOnly() {}

    private static FileAttribute<Set<PosixFilePermission>> of(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
