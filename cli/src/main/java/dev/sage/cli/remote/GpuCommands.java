package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sage gpu}. */
public final class GpuCommands {
    private GpuCommands() {}

    /** {@code sage gpu list}. */
    @Command(
            name = "list",
            sortOptions = false,
            description = "%nShows the GPUs that jobs share, who has them, and who waits.%n",
            footer = {"%nExample:", "  sage gpu list"})
    public static final class ListThem extends NodeCommand {
        public ListThem(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            String answer = node().get("/v1/resources");
            if (json) {
                printJson(answer);
                return Exit.OK;
            }
            Json resources = parse(answer);
            print(table(resources), "No GPUs are configured. Name them with: sage jobmanager start --gpus 0,1");
            waiting(resources).forEach(this::print);
            return Exit.OK;
        }

        static Table table(Json resources) {
            Table table = new Table("GPU>", "STANDING");
            resources.items("gpus").forEach(gpu -> table.row(gpu.text("id"), standing(gpu)));
            return table;
        }

        private static String standing(Json gpu) {
            String job = gpu.text("job");
            String trouble = gpu.text("trouble");
            String use = !job.isEmpty() ? "job " + job : trouble.isEmpty() ? "free" : "not usable: " + trouble;
            return gpu.isTrue("drained") ? use + ", drained" : use;
        }

        /** One line for each job that waits, in the order of their turn. */
        static List<String> waiting(Json resources) {
            return resources.items("waiting").stream()
                    .map(job -> "job " + job.text("job") + " " + job.text("name") + " of " + job.text("owner")
                            + " waits: " + job.text("reason"))
                    .toList();
        }
    }

    private abstract static class Draining extends NodeCommand {
        private final String order;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Numbers of GPUs.")
        private List<Integer> ids;

        Draining(Context context, String order) {
            super(context);
            this.order = order;
        }

        @Override
        public Integer call() {
            NodeApi node = node();
            for (int id : ids) {
                String answer = node.post("/v1/resources/gpus/" + id + "/" + order, Map.of());
                if (json) {
                    if (!answer.isBlank()) {
                        printJson(answer);
                    }
                } else {
                    print("GPU " + id + ": " + order + "ed");
                }
            }
            return Exit.OK;
        }
    }

    /** {@code sage gpu drain}. */
    @Command(
            name = "drain",
            sortOptions = false,
            description = "%nGives these GPUs to nobody anew; who has one keeps it to the end of the job.%n",
            footer = {"%nExample:", "  sage gpu drain 2 3"})
    public static final class Drain extends Draining {
        public Drain(Context context) {
            super(context, "drain");
        }
    }

    /** {@code sage gpu undrain}. */
    @Command(
            name = "undrain",
            sortOptions = false,
            description = "%nEnds a drain.%n",
            footer = {"%nExample:", "  sage gpu undrain 2 3"})
    public static final class Undrain extends Draining {
        public Undrain(Context context) {
            super(context, "undrain");
        }
    }
}
