package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sage top}: follows the changes of all jobs and asks for nothing else, but for the list where changes were missed and
 * the resources when a job has changed. Between changes it only draws the ages anew.
 */
@Command(
        addMethodSubcommands = false,
        name = "top",
        sortOptions = false,
        description = {
            "%nShows jobs, GPUs and who waits, live, until Ctrl+C; once, when standard output is no terminal.%n"
        },
        footer = {"%nExamples:", "  sage top", "  sage top --interval 10", "  sage top | head -5"})
public final class Top extends NodeCommand {
    private static final int MOST = 200;
    private static final String ACTIVE =
            "/v1/jobs?limit=" + MOST + "&state=STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING";
    private static final String WAITING = "/v1/jobs?limit=" + MOST + "&state=QUEUED";
    /** Nobody reads faster. */
    private static final long BETWEEN_DRAWINGS_MS = 100;

    private final JobBoard board = new JobBoard(MOST);
    private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Json resources = new Json(null);
    private volatile boolean resourcesAreOld;
    private volatile String trouble = "";
    private volatile @Nullable CommandFailure failure;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Draw the ages of jobs anew so often; 1 when not given. Changes show at once.")
    private int interval = 1;

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
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("jobs", jobs(node).stream().map(Json::value).toList());
            all.put("resources", parse(node.get("/v1/resources")).value());
            print(new Json(all).toString());
            return Exit.OK;
        }
        readAll(node);
        if (context.columns().isEmpty()) {
            lines(Optional.empty()).forEach(this::print);
            return Exit.OK;
        }
        return live(node);
    }

    private static List<Json> jobs(NodeApi node) {
        List<Json> jobs = new ArrayList<>(parse(node.get(ACTIVE)).items("jobs"));
        jobs.addAll(parse(node.get(WAITING)).items("jobs"));
        return jobs;
    }

    private void readAll(NodeApi node) {
        board.reset(jobs(node));
        resources = parse(node.get("/v1/resources"));
        resourcesAreOld = false;
    }

    private int live(NodeApi node) throws InterruptedException {
        try (Screen screen = Screen.open(context.out())) {
            context.signals().on("WINCH", () -> news.offer(true));
            context.signals().on("INT", () -> {
                screen.restore();
                context.exit().end(Exit.OK);
            });
            Threads.start("sage-top", () -> follow(node));
            while (isRead() && failure == null) {
                screen.show(columns -> lines(Optional.of(columns)));
                news.poll(interval, TimeUnit.SECONDS);
                over.await(BETWEEN_DRAWINGS_MS, TimeUnit.MILLISECONDS);
                readResources(node);
            }
        } finally {
            over.countDown();
        }
        if (failure != null) {
            throw failure;
        }
        return Exit.OK;
    }

    private void readResources(NodeApi node) {
        if (resourcesAreOld) {
            resourcesAreOld = false;
            try {
                resources = parse(node.get("/v1/resources"));
            } catch (CommandFailure silent) {
                // The stream tells what is the matter.
                resourcesAreOld = true;
            }
        }
    }

    /** A node that is restarted is waited for, with its last state in view. */
    private void follow(NodeApi node) {
        while (failure == null && over.getCount() > 0) {
            try {
                node.follow("/v1/events", new Changes(node));
            } catch (CommandFailure refused) {
                if (refused.exitCode() == Exit.NO_NODE) {
                    tell(String.valueOf(refused.getMessage()));
                } else {
                    failure = refused;
                    news.offer(true);
                }
            }
        }
    }

    private void tell(String now) {
        trouble = now;
        news.offer(true);
    }

    private final class Changes implements NodeApi.Listener {
        private final NodeApi node;

        Changes(NodeApi node) {
            this.node = node;
        }

        @Override
        public boolean event(String type, String data) {
            switch (type) {
                case "reset" -> readAll(node);
                case "job" -> {
                    if (board.change(parse(data))) {
                        resourcesAreOld = true;
                    }
                }
                // Of a later node.
                default -> {}
            }
            tell("");
            return over.getCount() > 0;
        }

        @Override
        public void broken(String why) {
            tell(why);
        }

        /** There are always more. */
        @Override
        public boolean isEnd() {
            return false;
        }
    }

    private List<String> lines(Optional<Integer> columns) {
        List<String> lines = new ArrayList<>();
        lines.add("sage top, " + address() + ", " + context.clock().instant().truncatedTo(ChronoUnit.SECONDS));
        if (!trouble.isEmpty()) {
            lines.add(cut("! " + trouble, columns));
        }
        lines.add("");
        List<String> jobs = table().lines(columns);
        lines.addAll(jobs.isEmpty() ? List.of("No job waits or runs.") : jobs);
        List<String> gpus = GpuCommands.ListThem.table(resources).lines(columns);
        if (!gpus.isEmpty()) {
            lines.add("");
            lines.addAll(gpus);
        }
        List<String> waiting = GpuCommands.ListThem.waiting(resources);
        if (!waiting.isEmpty()) {
            lines.add("");
            waiting.forEach(line -> lines.add(cut(line, columns)));
        }
        return lines;
    }

    private Table table() {
        Table table = new Table("ID", "NAME", "STATE", "AGE>", "TASKS>", "SERVICES>", "RECORDS>", "OWNER", "CAUSE");
        Instant now = context.clock().instant();
        for (Json job : board.jobs()) {
            table.row(
                    job.text("id"),
                    Table.cut(job.text("name"), 32),
                    StateColour.cell(job, context),
                    JobList.age(job, now),
                    job.number("taskCount"),
                    job.number("serviceCount"),
                    board.done(job.text("id")),
                    job.text("owner"),
                    job.text("cause"));
        }
        return table;
    }

    private static String cut(String line, Optional<Integer> columns) {
        return Table.cut(line, columns.orElse(Integer.MAX_VALUE));
    }
}
