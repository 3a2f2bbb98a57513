package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sage job show}. */
@Command(
        addMethodSubcommands = false,
        name = "show",
        sortOptions = false,
        description = "%nShows all that is known of a job: tasks, what it holds, and how it ended.%n",
        footer = {"%nExamples:", "  sage job show 3f", "  sage job show 3fa1 --json"})
public final class JobShow extends NodeCommand {
    @Parameters(paramLabel = "ID", description = "The job's id, or as much of its beginning as no other has.")
    private String id;

    public JobShow(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        String answer = node().get(job(id));
        if (json) {
            printJson(answer);
        } else {
            show(parse(answer));
        }
        return Exit.OK;
    }

    private void show(Json details) {
        Json job = details.at("job");
        print(job.text("id") + "  " + job.text("name") + "  " + StateColour.of(job, context));
        line("cause", job.text("cause"));
        line("owner", job.text("owner"));
        line("submitted", time(job, "submittedAt"));
        line("started", time(job, "startedAt"));
        line("ended", time(job, "endedAt"));
        line("key", job.text("key"));
        line("attempt", job.number("attempt") > 1 ? job.text("attempt") : "");
        line("mode", (job.isTrue("detached") ? "detached" : "attached") + (job.isTrue("autostop") ? ", autostop" : ""));
        for (Map.Entry<String, Json> holder :
                details.at("leases").at("holders").members().entrySet()) {
            String what = EventLine.leases(holder.getValue());
            line("holds", what + (holder.getKey().isEmpty() ? "" : " (" + holder.getKey() + ")"));
        }
        line("outputs", details.at("outputs").joined());
        line("collected", details.at("collected").joined());
        Json result = details.at("result");
        tasks(result.isPresent() ? result : details.at("progress"));
        cleanup(result);
    }

    private static String time(Json job, String name) {
        return job.time(name)
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse("");
    }

    private void tasks(Json report) {
        Table table = new Table("TASK", "IN>", "OUT>", "OPERATORS");
        for (Json task : report.items("tasks")) {
            table.row(
                    task.text("name") + "/" + task.number("instance"),
                    task.number("recordsIn"),
                    task.number("recordsOut"),
                    task.items("operators").stream().map(Json::text).collect(Collectors.joining(" → ")));
        }
        table.lines(context.columns()).forEach(this::print);
    }

    private void cleanup(Json result) {
        for (Json line : result.at("cleanup").items("lines")) {
            print("  " + EventLine.cleanup(line));
        }
    }

    private void line(String what, String value) {
        if (!value.isEmpty()) {
            print("  " + what + " ".repeat(11 - what.length()) + Table.oneLine(value));
        }
    }
}
