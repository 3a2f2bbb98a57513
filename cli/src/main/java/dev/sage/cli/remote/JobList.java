package dev.sage.cli.remote;

import dev.sage.api.JobState;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage job list}. */
@Command(
        addMethodSubcommands = false,
        name = "list",
        sortOptions = false,
        description = "%nShows jobs, the newest first: those that wait, run, and have ended.%n",
        footer = {"%nExamples:", "  sage job list --state running,queued", "  sage job list --name nightly --all --json"
        })
public final class JobList extends NodeCommand {
    private static final int PAGE = 1000;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those in one of these states, for example running,queued.")
    private List<String> states = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "Only those of this name.")
    private @Nullable String name;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only those of this owner.")
    private @Nullable String owner;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 50 when not given.")
    private int limit = 50;

    @Option(names = "--all", description = "All, however many.")
    private boolean all;

    public JobList(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw wrong("--limit is " + limit + ", and must be at least 1.");
        }
        NodeApi node = node();
        return json ? printJson(node) : printTable(node);
    }

    private int printJson(NodeApi node) {
        if (!all && limit <= PAGE) {
            printJson(node.get(path(limit, "")));
            return Exit.OK;
        }
        // One document over all pages, of which only one is in memory at a time.
        String separator = "{\"jobs\":[";
        for (Page page = first(node); page != null; page = next(node, page)) {
            for (Json job : page.jobs()) {
                context.out().print(separator + job);
                separator = ",";
            }
        }
        print((separator.equals(",") ? "" : separator) + "]}");
        return Exit.OK;
    }

    private int printTable(NodeApi node) {
        boolean more = false;
        boolean any = false;
        for (Page page = first(node); page != null; page = next(node, page)) {
            List<String> lines = table(page.jobs(), context).lines(context.columns());
            // The headings once, above the first.
            lines.stream().skip(any ? 1 : 0).forEach(this::print);
            any |= !lines.isEmpty();
            more = !page.next().isEmpty() && !all && page.left() <= 0;
        }
        if (!any) {
            print("There are no such jobs.");
        }
        if (more) {
            context.err().println("sage: there are more; --limit N or --all shows them.");
        }
        return Exit.OK;
    }

    private static Table table(List<Json> jobs, Context context) {
        Table table = new Table("ID", "NAME", "STATE", "AGE>", "TASKS>", "SERVICES>", "OWNER", "CAUSE");
        Instant now = context.clock().instant();
        for (Json job : jobs) {
            table.row(
                    job.text("id"),
                    Table.cut(job.text("name"), 32),
                    StateColour.cell(job, context),
                    age(job, now),
                    job.number("taskCount"),
                    job.number("serviceCount"),
                    job.text("owner"),
                    job.text("cause"));
        }
        return table;
    }

    static String age(Json job, Instant now) {
        return job.time("submittedAt")
                .map(at -> Times.of(Duration.between(at, now)))
                .orElse("");
    }

    /** @param left how many more are wanted behind this page */
    private record Page(List<Json> jobs, String next, int left) {}

    private Page first(NodeApi node) {
        return page(node, all ? Integer.MAX_VALUE : limit, "");
    }

    private @Nullable Page next(NodeApi node, Page page) {
        return page.next().isEmpty() || page.left() <= 0 ? null : page(node, page.left(), page.next());
    }

    private Page page(NodeApi node, int wanted, String after) {
        Json page = parse(node.get(path(Math.min(wanted, PAGE), after)));
        List<Json> jobs = page.items("jobs");
        return new Page(jobs, page.text("next"), wanted - jobs.size());
    }

    private String path(int count, String after) {
        List<String> parameters = new ArrayList<>(List.of("limit=" + count));
        if (!states.isEmpty()) {
            parameters.add("state=" + states.stream().map(this::checked).collect(Collectors.joining(",")));
        }
        add(parameters, "name", name);
        add(parameters, "owner", owner);
        add(parameters, "after", after);
        return "/v1/jobs?" + String.join("&", parameters);
    }

    private static void add(List<String> parameters, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            parameters.add(key + "=" + encoded(value));
        }
    }

    private String checked(String state) {
        List<String> known = Stream.of(JobState.values()).map(Enum::name).toList();
        String asked = state.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        if (!known.contains(asked)) {
            String meant = dev.sage.cli.Nearest.to(asked, known)
                    .map(near -> " Did you mean '" + near.toLowerCase(Locale.ROOT) + "'?")
                    .orElse("");
            throw wrong("There is no state '" + state + "'." + meant + " The states are: "
                    + String.join(", ", known).toLowerCase(Locale.ROOT) + ".");
        }
        return asked;
    }
}
