package dev.sage.node.job;

/** PostgreSQL keeps its connections and says nothing for a while, as a machine does that is gone without a word. */
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
