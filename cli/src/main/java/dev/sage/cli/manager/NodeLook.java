package dev.sage.cli.manager;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.Json;
import dev.sage.cli.remote.NodeApi;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What can be seen of the node of this machine.
 *
 * @param recorded what it has written down, which stays there when it is killed
 * @param jobs that have not ended, how many in each state
 * @param problem why it does not answer, though it runs; empty when it does
 */
record NodeLook(Optional<NodeRecord> recorded, boolean running, Map<String, Long> jobs, String problem) {
    private static final String NOT_ENDED =
            "/v1/jobs?limit=1000&state=QUEUED,STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING";

    /** Blocks until it has answered. */
    static NodeLook at(NodeFolder folder, Context context) {
        Optional<NodeRecord> recorded = folder.record();
        Optional<NodeRecord> running = recorded.filter(node -> node.process().isPresent());
        if (running.isEmpty()) {
            return new NodeLook(recorded, false, Map.of(), "");
        }
        try {
            return new NodeLook(recorded, true, jobs(running.get(), context), "");
        } catch (CommandFailure | IOException silent) {
            return new NodeLook(recorded, true, Map.of(), String.valueOf(silent.getMessage()));
        }
    }

    private static Map<String, Long> jobs(NodeRecord node, Context context) throws IOException {
        NodeApi api = node.api(context);
        Map<String, Long> states = new TreeMap<>();
        Json page = Json.parse(api.get(NOT_ENDED));
        count(page, states);
        while (page.at("next").isPresent()) {
            page = Json.parse(api.get(NOT_ENDED + "&after=" + page.text("next")));
            count(page, states);
        }
        return states;
    }

    private static void count(Json page, Map<String, Long> states) {
        page.items("jobs").forEach(job -> states.merge(job.text("state"), 1L, Long::sum));
    }

    int exitCode() {
        if (!running) {
            return Exit.NO_NODE;
        }
        return problem.isEmpty() ? Exit.OK : Exit.FAILURE;
    }

    Json json() {
        Map<String, Object> look = new LinkedHashMap<>();
        look.put("running", running);
        if (running) {
            look.put("answers", problem.isEmpty());
            if (problem.isEmpty()) {
                look.put("jobs", jobs);
            } else {
                look.put("problem", problem);
            }
            recorded.ifPresent(node -> look.put("node", node.json().value()));
        }
        return new Json(look);
    }
}
