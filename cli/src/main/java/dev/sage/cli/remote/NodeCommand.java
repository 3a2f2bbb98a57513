package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.client.http.NodeAddress;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that ask a node have in common. */
abstract class NodeCommand implements Callable<Integer> {
    final Context context;

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--json", description = "What the node answered, as JSON.")
    boolean json;

    @Spec
    private CommandSpec spec;

    NodeCommand(Context context) {
        this.context = context;
    }

    NodeApi node() {
        return new HttpNode(address(), token().value());
    }

    NodeAddress address() {
        return options.address(context);
    }

    Token token() {
        return options.token(context);
    }

    void print(String line) {
        context.out().println(line);
    }

    /** JSON on one line, whatever its layout was. */
    void printJson(String answer) {
        print(parse(answer).toString());
    }

    void print(Table table, String none) {
        List<String> lines = table.lines(context.columns());
        if (lines.isEmpty()) {
            print(none);
        } else {
            lines.forEach(this::print);
        }
    }

    /** Whether somebody still reads what is printed. */
    boolean isRead() {
        return !context.out().checkError();
    }

    static Json parse(String answer) {
        try {
            return Json.parse(answer);
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "node.answer",
                    "The node's answer is no JSON (" + e.getMessage() + "). Is it a Sage node that listens there?",
                    e);
        }
    }

    /** As one step of a path, or one value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String job(String id) {
        if (id.isBlank()) {
            throw new CommandFailure(
                    Exit.USAGE, "job.id", "The id of a job is empty. See what there is with \"sage job list\".");
        }
        return "/v1/jobs/" + encoded(id);
    }

    CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
