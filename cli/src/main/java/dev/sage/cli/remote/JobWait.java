package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage job wait}. */
@Command(
        addMethodSubcommands = false,
        name = "wait",
        sortOptions = false,
        description = {
            "%nWaits until jobs have ended, and are cleaned up.",
            "%nThe exit code is 0 when all ended well, otherwise that of the first that did not: 1, or that of its command;"
                    + " and 124 when the time was up.%n"
        },
        footer = {"%nExample:", "  sage job wait 3f 7c --timeout 10m && echo done"})
public final class JobWait extends NodeCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = "Ids of jobs, or as much of their beginnings as no others have.")
    private List<String> ids;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Wait at most so long, for example 90s, 10m or 2h.")
    private @Nullable String timeout;

    public JobWait(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration limit = timeout == null ? Duration.ofNanos(Long.MAX_VALUE) : span(timeout);
        NodeApi node = node();
        List<CompletableFuture<Outcome>> ends = ids.stream()
                .map(id -> CompletableFuture.supplyAsync(
                        () -> JobEnd.await(node, id, (type, data) -> {}), Threads.daemons("sage-wait")))
                .toList();
        long until = System.nanoTime() + limit.toNanos();
        int code = Exit.OK;
        for (int i = 0; i < ids.size(); i++) {
            Outcome outcome = await(orRefused(ends, i), ids.get(i), until - System.nanoTime());
            print(json ? outcome.result().toString() : outcome.result().text("id") + "  " + outcome.words());
            code = code == Exit.OK ? outcome.exitCode() : code;
        }
        return code;
    }

    /** The end of this one; or the failure of any, as nobody shall wait for an hour to be told of a mistyped id. */
    private static CompletableFuture<Outcome> orRefused(List<CompletableFuture<Outcome>> ends, int index) {
        CompletableFuture<Outcome> first = ends.get(index).copy();
        for (CompletableFuture<Outcome> end : ends) {
            var unused = end.whenComplete((outcome, failure) -> {
                if (failure != null) {
                    first.completeExceptionally(failure);
                }
            });
        }
        return first;
    }

    private Outcome await(CompletableFuture<Outcome> end, String id, long nanos) throws InterruptedException {
        try {
            return end.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "wait.timeout",
                    "Job " + id + " has not ended within " + timeout + ". It goes on; see sage job show " + id + ".",
                    late);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException of ? of.getCause() : e.getCause();
            throw cause instanceof RuntimeException failure ? failure : new CompletionException(cause);
        }
    }

    private Duration span(String text) {
        try {
            Duration span = Duration.parse("PT" + text.strip().toUpperCase(Locale.ROOT));
            if (!span.isNegative()) {
                return span;
            }
        } catch (DateTimeParseException e) {
            // Told below, with what is wanted.
        }
        throw wrong("--timeout is '" + text + "', and must be a time such as 90s, 10m or 1h30m.");
    }
}
