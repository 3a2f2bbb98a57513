package dev.sage.node.job;

import org.junit.jupiter.api.Tag;

/** PostgreSQL crashes and is started again. */
@Tag("any-java")
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
