package dev.sage.node;

import dev.sage.node.code.ArtifactStore;
import dev.sage.node.http.Artifacts;
import java.io.IOException;
import java.io.InputStream;

/** The store of jars, as the HTTP API sees it. */
record StoredArtifacts(ArtifactStore store) implements Artifacts {
    @Override
    public boolean has(String sha256) throws IOException {
        return store.has(sha256);
    }

    @Override
    public void put(String sha256, InputStream content) throws IOException {
        store.put(sha256, content);
    }
}
