package dev.sage.samples.rag;

import dev.sage.api.CodeFile;
import dev.sage.api.RayCode;
import dev.sage.api.RayService;
import dev.sage.api.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The index as a class of Python in an actor of Ray. A file of one's own would be {@code RayService.python("rag_index.py",
 * "Index")}; this one is in the sample's jar.
 */
final class RayIndex {
    private static final String MODULE = "rag_index";

    private RayIndex() {}

    /** What the actor is given; there it is a dict. */
    record Entry(String source, String text) {}

    /** @param concurrency calls at once, which an index that only reads can have */
    static RayService of(List<Path> documents, int concurrency) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path document : documents) {
            for (String passage : Documents.passages(document)) {
                entries.add(new Entry(String.valueOf(document.getFileName()), passage));
            }
        }
        return new RayService(code(), List.of(entries), Remote.remote(), 0, concurrency);
    }

    private static RayCode code() throws IOException {
        String file = MODULE + ".py";
        try (InputStream python = RayIndex.class.getResourceAsStream(file)) {
            if (python == null) {
                throw new IllegalStateException(file + " is not beside " + RayIndex.class.getName());
            }
            return new RayCode.Python(MODULE, "Index", List.of(new CodeFile(file, python.readAllBytes())));
        }
    }
}
