package dev.sage.api;

import java.nio.file.Path;
import java.util.List;

/** Which files a source reads. They are looked for when the job starts, on the machine that it runs on. */
public sealed interface InputFiles {

    /** These, in this order. */
    static InputFiles of(Path... files) {
        return new Listed(List.of(files));
    }

    /**
     * All files that a pattern matches when the job starts, sorted by path. The pattern is that of {@link
     * java.nio.file.FileSystem#getPathMatcher} with {@code glob:}, so that {@code *} stays within a folder and {@code **}
     * crosses folders: {@code logs/*.txt}, {@code data/**.csv}. When nothing matches, a folder cannot be read or more than
     * {@code sage.source.max-files} match, the job fails.
     */
    static InputFiles matching(String glob) {
        return new Matching(glob);
    }

    record Listed(List<Path> files) implements InputFiles {
        public Listed {
            files = List.copyOf(files);
        }
    }

    record Matching(String glob) implements InputFiles {
        public Matching {
            if (glob.isBlank()) {
                throw new InvalidGraphException(
                        "The pattern of a file source is blank. Give one such as \"data/*.txt\".");
            }
        }
    }
}
