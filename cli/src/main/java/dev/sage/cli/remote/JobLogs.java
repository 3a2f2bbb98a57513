package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage job logs}. */
@Command(
        addMethodSubcommands = false,
        name = "logs",
        sortOptions = false,
        description = "%nShows what the programs of a job, and its print(), have written.%n",
        footer = {"%nExamples:", "  sage job logs 3f -f", "  sage job logs 3f judge --tail 20"})
public final class JobLogs extends NodeCommand {
    @Parameters(
            index = "0",
            paramLabel = "ID",
            description = "The job's id, or as much of its beginning as no other has.")
    private String id;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Of one program; without it, of all.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job has ended.")
    private boolean follow;

    @Option(names = "--tail", paramLabel = "N", description = "Only the last N lines of each that are there now.")
    private @Nullable Integer tail;

    public JobLogs(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        if (tail != null && tail < 0) {
            throw wrong("--tail is " + tail + ", and must be at least 0.");
        }
        NodeApi node = node();
        if (follow) {
            followed(node);
        } else {
            written(node);
        }
        return Exit.OK;
    }

    private void followed(NodeApi node) {
        boolean several = name == null && outputs(node).size() != 1;
        List<String> parameters = new ArrayList<>(List.of("follow=true"));
        if (name != null) {
            parameters.add("name=" + encoded(name));
        }
        if (tail != null) {
            parameters.add("tail=" + tail);
        }
        node.follow(job(id) + "/logs?" + String.join("&", parameters), (type, data) -> {
            print(json ? data : line(parse(data), several));
            return isRead();
        });
    }

    /** Whose line it is has to be said only where there can be several. */
    private static String line(Json output, boolean several) {
        return (several ? "[" + output.text("name") + "] " : "") + output.text("line");
    }

    private void written(NodeApi node) {
        List<String> names = name != null ? List.of(name) : outputs(node);
        if (names.isEmpty()) {
            context.err().println("sage: this job has written nothing.");
        }
        for (String each : names) {
            String query = "?name=" + encoded(each) + (tail == null ? "" : "&tail=" + tail);
            node.get(job(id) + "/logs" + query).lines().forEach(line -> print(written(each, line, names.size() > 1)));
        }
    }

    /** Not known before the job's code is loaded. */
    private List<String> outputs(NodeApi node) {
        return parse(node.get(job(id))).items("outputs").stream()
                .map(Json::text)
                .toList();
    }

    private String written(String output, String line, boolean several) {
        if (!json) {
            return (several ? "[" + output + "] " : "") + line;
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", output);
        object.put("line", line);
        return new Json(object).toString();
    }
}
