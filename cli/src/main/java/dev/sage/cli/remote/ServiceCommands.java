package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sage service}: those that were kept beyond their job, and those that are shared. */
public final class ServiceCommands {
    private ServiceCommands() {}

    /** {@code sage service list}. */
    @Command(
            name = "list",
            sortOptions = false,
            description = "%nShows the services that go on without a job: kept ones, as JOB/NAME, and shared ones.%n",
            footer = {"%nExample:", "  sage service list"})
    public static final class ListThem extends NodeCommand {
        public ListThem(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            String answer = node().get("/v1/services");
            if (json) {
                printJson(answer);
            } else {
                Table table = new Table("NAME");
                parse(answer).items().forEach(service -> table.row(service.text("name")));
                print(table, "There are no kept or shared services.");
            }
            return Exit.OK;
        }
    }

    /** {@code sage service end}. */
    @Command(
            name = "end",
            sortOptions = false,
            description = "%nStops a kept or shared service and cleans it up, with what it holds; waits until it is.%n",
            footer = {"%nExamples:", "  sage service end 3fa1b2c4/index", "  sage service end shared-index"})
    public static final class End extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "As sage service list shows it.")
        private String name;

        public End(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            int slash = name.indexOf('/');
            String path = slash < 0
                    ? encoded(name)
                    : encoded(name.substring(0, slash)) + "/" + encoded(name.substring(slash + 1));
            String answer = node().delete("/v1/services/" + path);
            Json report = parse(answer);
            if (json) {
                printJson(answer);
            } else {
                report.items("lines").forEach(line -> print(EventLine.cleanup(line)));
            }
            boolean clean = report.items("lines").stream()
                    .noneMatch(line -> line.text("outcome").equals("FAILED"));
            return clean ? Exit.OK : Exit.FAILURE;
        }
    }
}
