package dev.sage.acceptance.graph;

import dev.sage.api.LocalEnvironment;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a graph is built.
 *
 * @param adder a service of its job
 * @param checks of what steps did besides; run when the job has ended well
 * @param folder for the files that it reads and writes
 * @param toBeStopped whether the job may be stopped before its sources have ended
 */
record Site(LocalEnvironment environment, Adder adder, List<Runnable> checks, Path folder, boolean toBeStopped) {}
