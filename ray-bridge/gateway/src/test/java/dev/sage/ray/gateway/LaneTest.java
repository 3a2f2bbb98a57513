package dev.sage.ray.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.wire.Message;
import io.ray.api.ObjectRef;
import io.ray.api.exception.RayTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LaneTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger atWork = new AtomicInteger();
    private final Queue<Integer> told = new ConcurrentLinkedQueue<>();
    private final List<Answer> answers = new ArrayList<>();

    /** As Ray's: tells only whoever waits. */
    private static final class Answer implements ObjectRef<byte[]> {
        private final CompletableFuture<byte[]> bytes = new CompletableFuture<>();

        void come() {
            bytes.complete(new byte[0]);
        }

        @Override
        public byte[] get() {
            return bytes.join();
        }

        @Override
        public byte[] get(long millis) {
            try {
                return bytes.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                throw new RayTimeoutException("late");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void noThreadIsHeld() {
        answers.forEach(Answer::come);
        await().untilAsserted(() -> assertThat(told).hasSize(answers.size()));
        await().untilAsserted(() -> assertThat(atWork).hasValue(0));
        threads.shutdownNow();
    }

    private Lane lane(int concurrency) {
        return new Lane(
                "actor",
                work -> threads.execute(() -> {
                    atWork.incrementAndGet();
                    work.run();
                    atWork.decrementAndGet();
                }),
                concurrency);
    }

    private void call(Lane lane, int calls) {
        for (int i = 0; i < calls; i++) {
            int number = answers.size();
            answers.add(new Answer());
            lane.add(answers.get(number), answer -> {
                assertThat(answer).isInstanceOf(Message.Done.class);
                told.add(number);
            });
        }
    }

    @Test
    void answersOfAnActorThatRunsOneCallAreToldInTheirOrderByOneThread() {
        Lane lane = lane(1);
        call(lane, 5);
        answers.get(4).come();
        answers.get(0).come();
        await().untilAsserted(() -> assertThat(told).containsExactly(0));
        assertThat(atWork).hasValue(1);
        answers.forEach(Answer::come);
        await().untilAsserted(() -> assertThat(told).containsExactly(0, 1, 2, 3, 4));
    }

    @Test
    void anAnswerBehindSlowCallsIsToldAtOnce() {
        Lane lane = lane(4);
        call(lane, 6);
        answers.get(3).come();
        await().untilAsserted(() -> assertThat(told).containsExactly(3));
        answers.get(4).come();
        await().untilAsserted(() -> assertThat(told).containsExactly(3, 4));
    }

    @Test
    void noMoreThreadsWaitThanTheActorRunsCalls() {
        Lane lane = lane(3);
        call(lane, 50);
        await().until(() -> atWork.get() == 3);
        answers.subList(0, 25).forEach(Answer::come);
        await().untilAsserted(() -> assertThat(told).hasSize(25));
        assertThat(atWork.get()).isBetween(1, 3);
    }

    @Test
    void callsThatComeWhileAnotherIsWaitedForAreSeenTo() {
        Lane lane = lane(2);
        for (int round = 0; round < 500; round++) {
            call(lane, 1);
            if (round % 3 == 2) {
                answers.subList(round - 2, round + 1).forEach(Answer::come);
            }
        }
        await().untilAsserted(() -> assertThat(told).hasSize(498));
    }
}
