package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelTest {
    private static final int EXCHANGE = 3;
    private static final int EPOCH = 7;

    private TaskletExecutor executor;
    private Sleeper producer;
    private Sleeper consumer;

    @BeforeEach
    void begin() {
        executor = TaskletExecutor.create("test", Settings.usual());
        producer = new Sleeper(executor);
        consumer = new Sleeper(executor);
    }

    @AfterEach
    void end() {
        executor.close();
    }

    @Test
    void aFullChannelTakesTheMarkerBehindItsBatches() {
        Channel channel = channel(0, 2);
        assertThat(channel.offer(batch(1))).isTrue();
        assertThat(channel.offer(batch(2))).isTrue();
        assertThat(channel.offer(batch(3))).isFalse();
        channel.end(EPOCH);

        assertThat(channel.poll()).isEqualTo(batch(1));
        assertThat(channel.poll()).isEqualTo(batch(2));
        assertThat(channel.poll()).isEqualTo(new EndMarker(EXCHANGE, 0, EPOCH));
        assertThat(channel.poll()).isNull();
    }

    @Test
    void aSecondMarkerIsRefusedLoudly() {
        Channel channel = channel(0, 1);
        channel.offer(batch(1));
        channel.end(EPOCH);

        assertThatThrownBy(() -> channel.end(EPOCH)).hasMessageContaining("only once");
    }

    @Test
    void onlyAWaitingProducerIsWoken() throws InterruptedException {
        Channel channel = channel(0, 1);
        channel.offer(batch(1));
        channel.poll();
        channel.offer(batch(2));
        assertThat(channel.offer(batch(3))).isFalse();
        assertThat(producer.woken.getCount()).isEqualTo(1);
        channel.poll();

        assertThat(producer.woken.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.offer(batch(3))).isTrue();
    }

    @Test
    void theInputEndsWithTheLastMarkerOfThisEpoch() {
        Channel left = channel(0, 4);
        Channel right = channel(1, 4);
        Inputs inputs = new Inputs(List.of(left, right), EPOCH, new Flow(1_000_000));
        left.offer(batch(1, 2));
        left.end(EPOCH);
        right.end(EPOCH - 1);

        assertThat(all(inputs)).containsExactly(1, 2);
        assertThat(inputs.haveEnded()).isFalse();

        right.offer(batch(3));
        right.end(EPOCH);
        assertThat(inputs.haveEnded()).isFalse();
        assertThat(all(inputs)).containsExactly(3);
        assertThat(inputs.haveEnded()).isTrue();
    }

    @Test
    void batchesAreReadFromEachChannelInTurn() {
        Channel left = channel(0, 4);
        Channel right = channel(1, 4);
        for (int i = 0; i < 3; i++) {
            left.offer(batch(i));
            right.offer(batch(10 + i));
        }

        assertThat(all(new Inputs(List.of(left, right), EPOCH, new Flow(1_000_000))))
                .containsExactly(0, 10, 1, 11, 2, 12);
    }

    @Test
    void twoThreadsLoseNothing() throws InterruptedException {
        int count = 200_000;
        Channel channel = channel(0, 3);
        Thread sender = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                while (!channel.offer(batch(i))) {
                    Thread.onSpinWait();
                }
            }
            channel.end(EPOCH);
        });
        sender.start();
        int next = 0;
        while (true) {
            Object element = channel.poll();
            if (element instanceof EndMarker) {
                break;
            }
            if (element != null) {
                assertThat(((Object[]) element)[0]).isEqualTo(next++);
            }
        }
        assertThat(next).isEqualTo(count);
        sender.join();
    }

    private Channel channel(int upstream, int credits) {
        return new Channel(EXCHANGE, upstream, credits, 2, producer, consumer);
    }

    private static Object[] batch(Object... records) {
        return records;
    }

    private static List<Object> all(Inputs inputs) {
        List<Object> records = new ArrayList<>();
        Object next = inputs.poll();
        while (next != null) {
            records.add(next);
            next = inputs.poll();
        }
        return records;
    }
}
