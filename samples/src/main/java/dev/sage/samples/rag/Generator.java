package dev.sage.samples.rag;

import java.io.IOException;

/** A language model as the pipeline sees it. */
interface Generator {
    String generate(Prompt prompt) throws IOException, InterruptedException;
}
