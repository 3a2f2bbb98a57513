package dev.sage.acceptance.node;

import java.util.List;
import org.junit.jupiter.api.Test;

/** With the journal that a node has unless told otherwise. */
class SqliteNodeEndTest extends NodeEndContract {
    @Override
    List<String> journal() {
        return List.of();
    }

    @Test
    void stopByHttpEndsRunningJobsKeepsQueuedOnesAndExits0() throws Exception {
        assertEndsGracefully(NodeProcess::stop, 0);
    }

    @Test
    void sigintEndsRunningJobsKeepsQueuedOnesAndExits130() throws Exception {
        assertEndsGracefully(node -> node.signal("INT"), NodeProcess.INTERRUPTED);
    }
}
