package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of an emptied batch back to its producer. */
@Timeout(60)
class BatchRecyclingTest {
    private static final int CREDITS = 3;
    private static final int BATCH = 2;
    private static final int EPOCH = 7;

    private final Flow flow = new Flow(1_000_000);
    private TaskletExecutor executor;
    private Channel channel;
    private Inputs inputs;

    @BeforeEach
    void begin() {
        executor = TaskletExecutor.create("test", Settings.usual());
        channel = new Channel(0, 0, CREDITS, BATCH, new Sleeper(executor), new Sleeper(executor));
        inputs = new Inputs(List.of(channel), EPOCH, flow);
    }

    @AfterEach
    void end() {
        executor.close();
    }

    @Test
    void aBatchThatWasReadToItsEndComesBackEmpty() {
        Object[] batch = {1, 2};
        channel.offer(batch);
        assertThat(inputs.poll()).isEqualTo(1);
        assertThat(inputs.poll()).isEqualTo(2);
        assertThat(inputs.poll()).isNull();

        assertThat(channel.emptyBatch()).isSameAs(batch).containsOnlyNulls();
    }

    @Test
    void aBatchDoesNotComeBackWhileItsLastRecordIsWorkedOn() {
        Object[] batch = {1, 2};
        channel.offer(batch);
        inputs.poll();
        inputs.poll();

        assertThat(channel.emptyBatch()).isNotSameAs(batch);
    }

    @Test
    void aRecordThatWasReadIsNotKeptAliveByItsBatch() {
        Object[] batch = {1, 2};
        channel.offer(batch);
        inputs.poll();

        assertThat(batch).containsExactly(null, 2);
    }

    @Test
    void aBatchGoesBackToTheChannelThatItCameFrom() {
        Channel other = new Channel(1, 1, CREDITS, BATCH, new Sleeper(executor), new Sleeper(executor));
        inputs = new Inputs(List.of(channel, other), EPOCH, flow);
        Object[] batch = {1, 2};
        Object[] ofOther = {3, 4};
        channel.offer(batch);
        other.offer(ofOther);
        pollAll();

        assertThat(channel.emptyBatch()).isSameAs(batch);
        assertThat(other.emptyBatch()).isSameAs(ofOther);
    }

    @Test
    void aBatchThatWasNotFullDoesNotComeBack() {
        channel.offer(new Object[] {1});
        pollAll();

        assertThat(channel.emptyBatch()).hasSize(BATCH).containsOnlyNulls();
    }

    @Test
    void aBatchOfALoopDoesNotComeBack() {
        Link loop = new FeedbackChannel(new FeedbackBacklog("loop", 0, 10, 10), BATCH, new Sleeper(executor));
        inputs = new Inputs(List.of(loop), EPOCH, flow);
        Object[] batch = {1, 2};
        loop.offer(batch);
        pollAll();

        assertThat(loop.emptyBatch()).isNotSameAs(batch).hasSize(BATCH);
    }

    @Test
    void aTaskThatWasGivenUpGivesNothingBack() {
        Object[] batch = {1, 2};
        channel.offer(batch);
        inputs.poll();
        inputs.poll();
        flow.abandon();
        inputs.poll();

        assertThat(channel.emptyBatch()).isNotSameAs(batch);
    }

    @Test
    void aChannelAtRestKeepsAsManyBatchesAsItHasCredits() {
        Set<Object[]> given = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 2 * CREDITS; i++) {
            Object[] batch = new Object[BATCH];
            given.add(batch);
            channel.giveBack(batch);
        }
        int kept = 0;
        while (given.contains(channel.emptyBatch())) {
            kept++;
        }

        assertThat(kept).isEqualTo(CREDITS);
    }

    @Test
    void aSteadyFlowMakesNoNewBatches() {
        WatchedLink link = new WatchedLink(channel, new IdentityHashMap<>());
        Outlet outlet = new Outlet(link, new Flow(1_000_000));
        inputs = new Inputs(List.of(link), EPOCH, flow);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < CREDITS * BATCH; i++) {
                outlet.add(i);
            }
            assertThat(pollAll()).hasSize(CREDITS * BATCH);
        }

        assertThat(link.owners).hasSizeLessThanOrEqualTo(CREDITS);
    }

    @Test
    void aBatchThatHasTwoOwnersIsRefused() {
        Object[] batch = new Object[BATCH];
        channel.giveBack(batch);
        channel.giveBack(batch);
        channel.emptyBatch()[0] = 1;

        assertThatThrownBy(channel::emptyBatch)
                .hasMessageContaining("exchange 0")
                .hasMessageContaining("only once");
    }

    @Test
    void aBatchThatIsNotReadToItsEndIsRefused() {
        channel.giveBack(new Object[] {null, 2});

        assertThatThrownBy(channel::emptyBatch).hasMessageContaining("read to its end");
    }

    @Test
    void twoThreadsThatRecycleLoseNothing() throws InterruptedException {
        int count = 100_000;
        Thread sender = new Thread(() -> send(count));
        sender.start();
        int next = 0;
        try {
            boolean more = true;
            while (more) {
                boolean sending = sender.isAlive();
                Object record = inputs.poll();
                if (record != null && !record.equals(next++)) {
                    assertThat(record).isEqualTo(next - 1);
                }
                if (record == null) {
                    LockSupport.parkNanos(1_000);
                }
                more = record != null || (sending && !inputs.haveEnded());
            }
        } finally {
            sender.interrupt();
            sender.join();
        }
        assertThat(next).isEqualTo(count);
        assertThat(inputs.haveEnded()).isTrue();
    }

    private void send(int count) {
        Flow sending = new Flow(1_000_000);
        Outlet outlet = new Outlet(channel, sending);
        for (int i = 0; i < count; i++) {
            outlet.add(i);
            if (i % 1_000 == 0) {
                outlet.flush();
            }
            unpark(outlet, sending);
        }
        outlet.flush();
        unpark(outlet, sending);
        outlet.end(EPOCH);
    }

    private static void unpark(Outlet outlet, Flow sending) {
        while (sending.parked > 0) {
            outlet.unpark();
            LockSupport.parkNanos(1_000);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Nobody reads any more.");
            }
        }
    }

    private List<Object> pollAll() {
        List<Object> records = new ArrayList<>();
        Object next = inputs.poll();
        while (next != null) {
            records.add(next);
            next = inputs.poll();
        }
        return records;
    }
}
