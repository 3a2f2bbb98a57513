package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sage top}: looks anew when an event of a job that it shows arrives, and after the interval at the latest: ages and
 * counts of records change without events, and so do jobs that it does not show yet.
 */
@Command(
        name = "top",
        sortOptions = false,
        description = {
            "%nShows jobs, GPUs and who waits, live, until Ctrl+C; once, when standard output is no terminal.%n"
        },
        footer = {"%nExamples:", "  sage top", "  sage top --interval 10", "  sage top | head -5"})
public final class Top extends NodeCommand {
    private static final String LIVE = "/v1/jobs?limit=200&state=QUEUED,STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING";
    private static final int FOLLOWED = 16;

    private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
    private final Set<String> followed = new HashSet<>();

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Look anew at least so often; 2 when not given.")
    private int interval = 2;

    public Top(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval < 1) {
            throw wrong("--interval is " + interval + ", and must be at least 1 second.");
        }
        NodeApi node = node();
        if (json) {
            printJson("{\"jobs\":" + node.get(LIVE) + ",\"resources\":" + node.get("/v1/resources") + "}");
            return Exit.OK;
        }
        View first = look(node);
        if (context.columns().isEmpty()) {
            lines(first).forEach(this::print);
            return Exit.OK;
        }
        return live(node, first);
    }

    private int live(NodeApi node, View first) throws InterruptedException {
        try (Screen screen = Screen.open(context.out())) {
            context.signals().on("WINCH", () -> news.offer(true));
            context.signals().on("INT", () -> {
                screen.restore();
                context.exit().end(Exit.OK);
            });
            View view = first;
            while (isRead()) {
                screen.show(lines(view));
                follow(node, view.jobs());
                news.poll(interval, TimeUnit.SECONDS);
                view = lookAgain(node, view);
            }
        }
        return Exit.OK;
    }

    /** @param trouble empty when the node answered */
    private record View(List<Json> jobs, Json resources, String trouble) {}

    private View look(NodeApi node) {
        return new View(parse(node.get(LIVE)).items("jobs"), parse(node.get("/v1/resources")), "");
    }

    /** A node that is restarted is waited for, with its last state in view. */
    private View lookAgain(NodeApi node, View last) {
        try {
            return look(node);
        } catch (CommandFailure silent) {
            return new View(last.jobs(), last.resources(), String.valueOf(silent.getMessage()));
        }
    }

    private void follow(NodeApi node, List<Json> jobs) {
        for (Json job : jobs) {
            String id = job.text("id");
            if (followed.size() < FOLLOWED && followed.add(id)) {
                Threads.start("sage-top-" + id, () -> follow(node, id));
            }
        }
        followed.removeIf(id -> jobs.stream().noneMatch(job -> job.text("id").equals(id)));
    }

    private void follow(NodeApi node, String id) {
        try {
            node.follow(job(id) + "/events", (type, data) -> {
                news.offer(true);
                return !type.equals("ended");
            });
        } catch (CommandFailure gone) {
            // The interval is enough then.
        }
    }

    private List<String> lines(View view) {
        List<String> lines = new java.util.ArrayList<>();
        String at =
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        lines.add("sage top, " + address() + ", " + at);
        if (!view.trouble().isEmpty()) {
            lines.add(Table.cut("! " + view.trouble(), context.columns().orElse(Integer.MAX_VALUE)));
        }
        lines.add("");
        List<String> jobs = JobList.table(view.jobs()).lines(context.columns());
        lines.addAll(jobs.isEmpty() ? List.of("No job waits or runs.") : jobs);
        List<String> gpus = GpuCommands.ListThem.table(view.resources()).lines(context.columns());
        if (!gpus.isEmpty()) {
            lines.add("");
            lines.addAll(gpus);
        }
        List<String> waiting = GpuCommands.ListThem.waiting(view.resources());
        if (!waiting.isEmpty()) {
            lines.add("");
            waiting.forEach(line -> lines.add(Table.cut(line, context.columns().orElse(Integer.MAX_VALUE))));
        }
        return lines;
    }
}
