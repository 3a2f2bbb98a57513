package dev.sage.samples.rag;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.QueryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A full-text index of documents, in memory, as a service: filled by {@code init}, opened by {@code start}, closed by
 * {@code cleanup}. Ranking is BM25, Lucene's default; words are stemmed as English. A search may run beside others.
 */
final class LuceneIndex implements Service, Search {
    /** Kept, as loggers are held weakly. It advises on instructions for vectors, which a search for words has none of. */
    private static final Logger VECTOR_ADVICE =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    static {
        VECTOR_ADVICE.setLevel(Level.SEVERE);
    }

    private static final String SOURCE = "source";
    private static final String TEXT = "text";

    private final List<Path> documents;
    private final Directory directory = new ByteBuffersDirectory();
    private final Analyzer analyzer = new EnglishAnalyzer();
    private @Nullable DirectoryReader reader;

    LuceneIndex(List<Path> documents) {
        this.documents = List.copyOf(documents);
    }

    @Override
    public void init(ServiceContext context) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
            for (Path document : documents) {
                for (String passage : Documents.passages(document)) {
                    writer.addDocument(entry(String.valueOf(document.getFileName()), passage));
                }
            }
        }
    }

    private static Document entry(String source, String passage) {
        Document entry = new Document();
        entry.add(new StoredField(SOURCE, source));
        entry.add(new TextField(TEXT, passage, Field.Store.YES));
        return entry;
    }

    @Override
    public void start() throws IOException {
        reader = DirectoryReader.open(directory);
    }

    @Override
    public List<Passage> search(String question, int limit) throws IOException {
        DirectoryReader opened = reader;
        if (opened == null) {
            throw new IllegalStateException("The index was searched before it was started.");
        }
        Query words = new QueryBuilder(analyzer).createBooleanQuery(TEXT, question);
        if (words == null) {
            return List.of();
        }
        List<Passage> passages = new ArrayList<>();
        StoredFields fields = opened.storedFields();
        for (ScoreDoc hit : new IndexSearcher(opened).search(words, limit).scoreDocs) {
            Document found = fields.document(hit.doc);
            passages.add(new Passage(found.get(SOURCE), found.get(TEXT), hit.score));
        }
        return passages;
    }

    @Override
    public void cleanup() throws IOException {
        IOUtils.close(reader, directory, analyzer);
    }
}
