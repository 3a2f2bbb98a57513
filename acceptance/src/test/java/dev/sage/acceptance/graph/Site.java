package dev.sage.acceptance.graph;

import dev.sage.api.LocalEnvironment;
import java.nio.file.Path;

/**
 * Where a graph is built.
 *
 * @param adder a service of its job
 * @param folder for the files that it reads and writes
 */
record Site(LocalEnvironment environment, Adder adder, Path folder) {}
