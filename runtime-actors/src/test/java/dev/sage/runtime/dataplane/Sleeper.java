package dev.sage.runtime.dataplane;

import java.util.concurrent.CountDownLatch;

/** Does nothing but to tell that it was woken. */
final class Sleeper extends Tasklet {
    final CountDownLatch woken = new CountDownLatch(1);

    Sleeper(TaskletExecutor executor) {
        super(executor);
    }

    @Override
    Turn turn() {
        woken.countDown();
        return Turn.IDLE;
    }

    @Override
    String holder() {
        return "The test";
    }
}
