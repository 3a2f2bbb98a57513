package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.client.http.NodeAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command of the system that a node is asked to run as a job.
 *
 * @param ports 0 for as many as the command's arguments name
 * @param directory null for the folder that this process is in, where the node can be expected to have the same
 * @param detached the job needs no client
 */
public record Submission(
        List<String> command,
        int gpus,
        int ports,
        @Nullable String name,
        @Nullable Path directory,
        boolean detached,
        boolean json) {

    /** Blocks until the job is clean, or only accepted when detached; answers the exit code. */
    public int run(Context context, NodeAddress address, Token token) throws InterruptedException {
        NodeApi node = new HttpNode(address, token.value());
        return run(context, node, NodeAddresses.isHere(address));
    }

    int run(Context context, NodeApi node, boolean here) throws InterruptedException {
        // The key makes it safe for whatever is between here and the node to send this twice.
        String answer = node.post(
                "/v1/jobs",
                body(here),
                Map.of("Idempotency-Key", UUID.randomUUID().toString()));
        Json job = NodeCommand.parse(answer);
        String id = job.text("id");
        if (detached) {
            context.out().println(json ? job.toString() : id);
            return Exit.OK;
        }
        if (json) {
            context.out().println(job);
        }
        AttachedJob attached = new AttachedJob(node, id, context, new AttachedJob.View(json, false));
        attached.cancelOnSignals();
        attached.holdLease();
        return attached.untilEnd();
    }

    private Map<String, Object> body(boolean here) {
        Map<String, Object> program = new LinkedHashMap<>();
        program.put("arguments", command);
        if (directory != null) {
            program.put("directory", directory.toString());
        } else if (here) {
            program.put("directory", Path.of("").toAbsolutePath().toString());
        }
        program.put("gpus", gpus);
        program.put("ports", ports);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name != null ? name : nameOf(command.get(0)));
        body.put("options", Map.of("autostop", true, "detached", detached));
        body.put("command", program);
        return body;
    }

    private static String nameOf(String program) {
        Path file = Path.of(program).getFileName();
        return file == null ? program : file.toString();
    }
}
