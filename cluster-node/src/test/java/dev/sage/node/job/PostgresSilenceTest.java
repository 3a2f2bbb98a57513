package dev.sage.node.job;

import org.junit.jupiter.api.Tag;

/** PostgreSQL keeps its connections and says nothing for a while, as a machine does that is gone without a word. */
@Tag("any-java")
class PostgresSilenceTest extends PostgresOutageContract {
    @Override
    void takeAway() throws Exception {
        postgres().hold();
    }

    @Override
    void giveBack() throws Exception {
        postgres().letGo();
    }
}
