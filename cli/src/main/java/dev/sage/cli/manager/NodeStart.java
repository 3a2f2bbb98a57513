package dev.sage.cli.manager;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts a node that goes on without this process, and waits until it says that it is ready, or ends without. */
final class NodeStart {
    private static final String READY = "Sage node ready";

    private final Context context;
    private final NodeFolder folder;
    private final Launcher launcher;
    private final Duration limit;

    NodeStart(Context context, NodeFolder folder, Launcher launcher, Duration limit) {
        this.context = context;
        this.folder = folder;
        this.launcher = launcher;
        this.limit = limit;
    }

    /** Blocks until it is ready, and says where it is. */
    void start(List<String> arguments) throws InterruptedException {
        folder.make();
        folder.record().ifPresent(this::refuseIfRunning);
        keepLast(folder.errors());
        Process process = spawn(arguments);
        String ready = awaitReady(process);
        folder.remember(process.pid(), arguments);
        context.out().println(ready);
        context.out().println("Its log is " + folder.log() + ".");
        launcher.prepareNextStart(context.environment());
        context.out().println("Next: sage submit …, sage top, sage jobmanager stop.");
    }

    private void refuseIfRunning(NodeRecord node) {
        if (node.process().isPresent()) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "node.running",
                    "A node runs already at " + node.address() + " (pid " + node.pid() + ", home "
                            + folder.path().getParent()
                            + "). Stop it with \"sage jobmanager stop\", or give another one a"
                            + " SAGE_HOME and a --port of its own.");
        }
        context.err()
                .println(
                        "sage: the last node, pid " + node.pid() + ", ended without saying so; what it left is swept.");
    }

    /** The words of the start before may still be wanted. */
    private static void keepLast(Path file) {
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            // It is overwritten, then.
        }
    }

    private Process spawn(List<String> arguments) {
        try {
            return launcher.process(arguments, folder, context.environment()).start();
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILURE, "node.start", "The node cannot be started: " + e.getMessage() + ".", e);
        }
    }

    private String awaitReady(Process process) throws InterruptedException {
        CompletableFuture<Optional<String>> line = new CompletableFuture<>();
        Thread reader = new Thread(() -> line.complete(readyLine(process)), "sage-ready");
        reader.setDaemon(true);
        reader.start();
        // Its children may hold the pipe open when it is gone, so its end counts as well.
        CompletableFuture<Optional<String>> ended = process.onExit().thenApply(gone -> Optional.empty());
        try {
            Object first = CompletableFuture.anyOf(line, ended).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (first instanceof Optional<?> ready && ready.isPresent()) {
                return String.valueOf(ready.get());
            }
        } catch (TimeoutException late) {
            process.destroy();
            throw new CommandFailure(
                    Exit.FAILURE,
                    "node.start",
                    "The node was not ready within " + limit.toSeconds() + " s, and is ended. See " + folder.log()
                            + ", or allow more with --timeout.",
                    late);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        process.waitFor(1, TimeUnit.SECONDS);
        throw new CommandFailure(codeOf(process), "node.start", whyNot(process));
    }

    private static Optional<String> readyLine(Process process) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    return Optional.of(line);
                }
            }
        } catch (IOException broken) {
            // As if it had ended.
        }
        return Optional.empty();
    }

    /** The node's own, which tells wrong usage and settings from other failures. */
    private static int codeOf(Process process) {
        return !process.isAlive() && process.exitValue() == Exit.USAGE ? Exit.USAGE : Exit.FAILURE;
    }

    /** The node's own line, without the name that stands before it. */
    private String whyNot(Process process) {
        Optional<String> said = Optional.empty();
        try (var lines = Files.lines(folder.errors())) {
            said = lines.filter(line -> !line.isBlank()).reduce((before, last) -> last);
        } catch (IOException e) {
            // Told below in general words.
        }
        String ended = process.isAlive() ? "" : " with exit code " + process.exitValue();
        return said.map(line -> line.startsWith("sage: ") ? line.substring("sage: ".length()) : line)
                .orElse("The node ended" + ended + " before it was ready. See " + folder.log() + ".");
    }
}
