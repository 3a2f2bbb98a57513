package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A job of a node whose output, and what else is worth knowing, is shown here while it runs. Output goes to standard output,
 * everything else to standard error.
 *
 * <p>Where Ctrl+C cancels the job, the end is still that of the job: its clean-up is told line by line as the node does it,
 * and then the exit code is that of the signal. A node that cannot be told is not waited for; the job's lease ends it.
 */
final class AttachedJob {
    private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(60);
    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);
    private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(10);
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;

    private final NodeApi node;
    private final String id;
    private final Context context;
    private final View view;
    private final Optional<ProgressLine> progress;
    private final CountDownLatch outputEnd = new CountDownLatch(1);
    private final CountDownLatch clean = new CountDownLatch(1);
    private volatile boolean interrupted;

    /**
     * @param json events as JSON instead of words, and no output
     * @param tasks whether starts and ends of tasks are told, and on a terminal how far they are
     */
    record View(boolean json, boolean tasks) {}

    AttachedJob(NodeApi node, String id, Context context, View view) {
        this.node = node;
        this.id = id;
        this.context = context;
        this.view = view;
        this.progress = context.errColumns()
                .filter(columns -> view.tasks())
                .map(columns -> new ProgressLine(context.err(), columns));
    }

    /** From now on a signal cancels the job, and a second one leaves it to the node. */
    void cancelOnSignals() {
        context.signals().on("INT", () -> signal(INTERRUPT));
        context.signals().on("TERM", () -> signal(TERMINATE));
    }

    /** From now on a signal takes the progress away and ends this process; it is not the job's. */
    void leaveOnSignals() {
        progress.ifPresent(line -> context.signals().on("INT", () -> {
            line.end();
            context.exit().end(Exit.SIGNAL + INTERRUPT);
        }));
    }

    /** Renews the lease until the job is clean, or this process ends. */
    void holdLease() {
        Threads.start("sage-lease", () -> {
            try {
                Duration timeToLive = USUAL_LEASE;
                do {
                    timeToLive = renew().orElse(timeToLive);
                } while (!clean.await(Math.max(1, timeToLive.toMillis() / 3), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Optional<Duration> renew() {
        try {
            return NodeCommand.parse(node.put(NodeCommand.job(id) + "/lease")).duration("timeToLive");
        } catch (CommandFailure lost) {
            // The stream of events finds out by itself, and says so; a job that has ended needs no lease.
            return Optional.empty();
        }
    }

    /** Blocks until the job is clean; answers the exit code. */
    int untilEnd() throws InterruptedException {
        if (view.json()) {
            outputEnd.countDown();
        } else {
            Threads.start("sage-output", this::showOutput);
        }
        progress.ifPresent(line -> Threads.start("sage-progress", () -> showProgress(line)));
        Outcome outcome = JobEnd.await(node, id, this::tell);
        progress.ifPresent(ProgressLine::end);
        if (!outputEnd.await(OUTPUT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            say("the rest of the output is shown by: sage job logs " + id);
        }
        if (!view.json() && (outcome.exitCode() != Exit.OK || interrupted)) {
            say("job " + id + " is " + outcome.words());
        }
        clean.countDown();
        return outcome.exitCode();
    }

    private void showOutput() {
        try {
            node.follow(NodeCommand.job(id) + "/logs?follow=true", (type, data) -> {
                String line = NodeCommand.parse(data).text("line");
                besideProgress(() -> context.out().println(line));
                if (context.out().checkError()) {
                    cancel("nobody reads its output any more");
                    return false;
                }
                return true;
            });
        } catch (CommandFailure broken) {
            say(String.valueOf(broken.getMessage()));
        } finally {
            outputEnd.countDown();
        }
    }

    private void showProgress(ProgressLine line) {
        try {
            node.follow(NodeCommand.job(id) + "/progress", (type, data) -> {
                line.show(NodeCommand.parse(data));
                return true;
            });
        } catch (CommandFailure unheard) {
            // The events tell what is the matter.
            line.end();
        }
    }

    private void besideProgress(Runnable lines) {
        if (progress.isPresent()) {
            progress.get().print(lines);
        } else {
            lines.run();
        }
    }

    private void tell(String type, String data) {
        if (view.json()) {
            context.out().println(data);
            return;
        }
        Json told = NodeCommand.parse(data);
        switch (type) {
            case "waiting" -> say("waits: " + EventLine.words(told));
            case "leased" -> say("has " + EventLine.words(told));
            case "service-restarting" -> say(EventLine.words(told));
            case "cleaned-up" -> {
                if (interrupted || view.tasks()) {
                    say(EventLine.words(told));
                }
            }
            // The last line says it, with the failure.
            case "ended" -> {}
            default -> {
                if (view.tasks()) {
                    say(type + " " + EventLine.words(told));
                }
            }
        }
    }

    private void signal(int number) {
        int code = Exit.SIGNAL + number;
        if (!context.exit().settle(code)) {
            progress.ifPresent(ProgressLine::end);
            context.exit().endNow(code);
            return;
        }
        interrupted = true;
        // On a line of its own: the terminal has just shown ^C.
        besideProgress(context.err()::println);
        say("job " + id + " is being cancelled and cleaned up at the node. Press Ctrl+C again to leave that to it.");
        try {
            cancel("its client was interrupted");
        } catch (CommandFailure unreachable) {
            say(unreachable.getMessage() + " An attached job ends when its client is not heard of any more.");
            context.exit().endNow(code);
            return;
        }
        // What hears the events ends this process when the job has ended, and this here does at the latest.
        if (!isCleanInTime()) {
            say("the clean-up takes long, and goes on at the node: sage job show " + id);
            context.exit().endNow(code);
        }
    }

    private boolean isCleanInTime() {
        try {
            return clean.await(CLEAN_UP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void cancel(String reason) {
        node.post(NodeCommand.job(id) + "/cancel", Map.of("reason", reason));
    }

    private void say(String words) {
        besideProgress(() -> context.err().println("sage: " + words));
    }
}
