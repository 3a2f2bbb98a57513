package dev.sage.node.job;

/** PostgreSQL crashes and is started again. */
class PostgresCrashTest extends PostgresOutageContract {
    @Override
    void takeAway() throws Exception {
        postgres().crash();
    }

    @Override
    void giveBack() throws Exception {
        postgres().startAgain();
    }
}
