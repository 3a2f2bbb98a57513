package dev.sage.cli.remote;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Hears the events of a job up to its end, whatever connections and nodes break meanwhile. */
final class JobEnd implements NodeApi.Listener {
    private final NodeApi node;
    private final String id;
    private final BiConsumer<String, String> events;
    private @Nullable Json result;

    private JobEnd(NodeApi node, String id, BiConsumer<String, String> events) {
        this.node = node;
        this.id = id;
        this.events = events;
    }

    /**
     * Blocks until the job has ended.
     *
     * @param events hears types and data
     */
    static Outcome await(NodeApi node, String id, BiConsumer<String, String> events) {
        JobEnd end = new JobEnd(node, id, events);
        node.follow(NodeCommand.job(id) + "/events", end);
        return new Outcome(Optional.ofNullable(end.result).orElseGet(end::ofHistory));
    }

    @Override
    public boolean event(String type, String data) {
        events.accept(type, data);
        if (type.equals("ended")) {
            result = NodeCommand.parse(data).at("result");
        }
        return result == null;
    }

    /** A node that stops ends its streams as well; and the events of a job that ended long ago may be gone. */
    @Override
    public boolean isEnd() {
        return !NodeCommand.parse(node.get(NodeCommand.job(id))).at("job").isTrue("running");
    }

    private Json ofHistory() {
        Json details = NodeCommand.parse(node.get(NodeCommand.job(id)));
        return details.at("result").isPresent() ? details.at("result") : details.at("job");
    }
}
