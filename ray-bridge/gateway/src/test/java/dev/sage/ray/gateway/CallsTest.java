package dev.sage.ray.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.wire.Bundle;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.Message;
import io.ray.api.ObjectRef;
import io.ray.api.exception.RayActorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallsTest {
    private static final int MOST = 5;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** What Ray was given, in this order. */
    private final List<InRay> inRay = new ArrayList<>();

    private final Queue<Frame> told = new ConcurrentLinkedQueue<>();
    private boolean connected = true;

    private Calls calls = calls(false);

    private Calls calls(boolean wide) {
        Lane lane = new Lane("actor", threads, wide ? 64 : 1);
        return new Calls("actor", lane, MOST, wide, () -> connected, this::invoke, told::addAll);
    }

    /** One call of Ray. */
    private static final class InRay implements ObjectRef<byte[]> {
        final byte[] given;
        final CompletableFuture<byte[]> answer = new CompletableFuture<>();

        InRay(byte[] given) {
            this.given = given;
        }

        @Override
        public byte[] get() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }

        @Override
        public byte[] get(long millis) {
            return get();
        }

        /** The calls, each a byte. */
        List<Integer> calls() {
            return Bundle.is(given)
                    ? Bundle.read(given).calls().stream()
                            .map(call -> (int) call[0])
                            .toList()
                    : List.of((int) given[0]);
        }

        /** With what was asked; but for those of these indexes, which were told before. */
        void come(Integer... before) {
            List<byte @Nullable []> answers = new ArrayList<>();
            List<Integer> calls = calls();
            for (int index = 0; index < calls.size(); index++) {
                answers.add(
                        Arrays.asList(before).contains(index)
                                ? null
                                : new byte[] {calls.get(index).byteValue()});
            }
            answer.complete(Bundle.is(given) ? Bundle.answered(answers) : answers.get(0));
        }

        long bundle() {
            return Bundle.read(given).number();
        }
    }

    private ObjectRef<byte[]> invoke(byte[] given) {
        inRay.add(new InRay(given));
        return inRay.get(inRay.size() - 1);
    }

    @AfterEach
    void end() {
        inRay.forEach(InRay::come);
        threads.shutdownNow();
    }

    /** Numbered as they are asked. */
    private void ask(int first, int last) {
        for (int number = first; number <= last; number++) {
            calls.add(number, new byte[] {(byte) number});
        }
    }

    private List<List<Integer>> sent() {
        return inRay.stream().map(InRay::calls).toList();
    }

    private List<Long> answered() {
        return told.stream().map(Frame::request).toList();
    }

    private Failure failure(long number) {
        Frame frame = told.stream()
                .filter(each -> each.request() == number)
                .findFirst()
                .orElseThrow();
        return ((Message.Failed) frame.message()).failure();
    }

    @Test
    void whatComesWhileTwoCallsAreUnderWayGoesTogetherAndInItsOrder() {
        ask(10, 21);
        assertThat(sent()).containsExactly(List.of(10), List.of(11));

        inRay.get(0).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(3));
        assertThat(sent().get(2)).containsExactly(12, 13, 14, 15, 16);

        inRay.get(1).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(4));
        assertThat(sent().get(3)).containsExactly(17, 18, 19, 20, 21);
    }

    @Test
    void eachCallGetsItsOwnAnswerInTheOrderOfTheCalls() {
        ask(10, 16);
        inRay.get(0).come();
        inRay.get(1).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(3));
        inRay.get(2).come();

        await().untilAsserted(() -> assertThat(answered()).containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L));
        assertThat(told)
                .allSatisfy(frame ->
                        assertThat(((Message.Done) frame.message()).reply()).containsExactly((byte) frame.request()));
    }

    @Test
    void aLargeCallGoesByItself() {
        ask(10, 12);
        byte[] large = new byte[100_000];
        large[0] = 13;
        calls.add(13, large);
        ask(14, 15);

        inRay.get(0).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(3));
        inRay.get(1).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(4));
        inRay.get(2).come();
        await().untilAsserted(() -> assertThat(sent())
                .containsExactly(List.of(10), List.of(11), List.of(12), List.of(13), List.of(14, 15)));
    }

    @Test
    void anActorThatCannotTellOfAnAnswerBeforeTheOthersGetsEachCallByItselfAtOnce() {
        connected = false;
        ask(10, 14);

        assertThat(sent()).containsExactly(List.of(10), List.of(11), List.of(12), List.of(13), List.of(14));
    }

    @Test
    void anAnswerThatComesBeforeTheOthersIsToldAtOnceAndOnlyOnce() {
        InRay bundle = bundleOf(12, 14);
        calls.told(bundle.bundle(), 0, new byte[] {12});
        assertThat(answered()).containsExactly(10L, 12L);

        calls.told(bundle.bundle(), 0, new byte[] {12});
        bundle.come();
        inRay.get(1).come();
        await().untilAsserted(() -> assertThat(answered()).containsExactlyInAnyOrder(10L, 11L, 12L, 13L, 14L));
    }

    @Test
    void anAnswerThatComesAfterThoseOfItsBundleIsWaitedFor() {
        InRay bundle = bundleOf(12, 14);
        inRay.get(1).come();
        bundle.come(1);
        await().untilAsserted(() -> assertThat(answered()).containsExactlyInAnyOrder(10L, 11L, 12L, 14L));

        calls.told(bundle.bundle(), 1, new byte[] {13});
        assertThat(answered()).contains(13L);
    }

    @Test
    void anAnswerThatNeverComesIsAFailureWhenTheConnectionBreaksBeforeTheOthersOrAfter() {
        InRay first = bundleOf(12, 13);
        inRay.get(1).come();
        first.come(1);
        await().untilAsserted(() -> assertThat(answered()).contains(12L));
        calls.lost();
        assertThat(answered()).containsExactly(10L, 11L, 12L, 13L);
        assertThat(failure(13).message()).contains("its connection broke before the answer was here");

        inRay.clear();
        InRay second = bundleOf(12, 13);
        calls.lost();
        inRay.get(1).come();
        second.come(0);
        await().untilAsserted(() -> assertThat(failure(12).kind()).isEqualTo(Failure.Kind.RAY));
        assertThat(((Message.Done) told.stream()
                                .filter(each -> each.request() == 13)
                                .reduce((a, b) -> b)
                                .orElseThrow()
                                .message())
                        .reply())
                .containsExactly(13);
    }

    @Test
    void aDeathIsToldToEachCallThatHasNoAnswerYet() {
        InRay bundle = bundleOf(12, 14);
        calls.told(bundle.bundle(), 0, new byte[] {12});
        inRay.get(1).come();
        bundle.answer.completeExceptionally(new RayActorException());

        await().untilAsserted(() -> assertThat(answered()).containsExactly(10L, 12L, 11L, 13L, 14L));
        assertThat(failure(13).kind()).isEqualTo(Failure.Kind.ACTOR_DIED);
        assertThat(failure(14).kind()).isEqualTo(Failure.Kind.ACTOR_DIED);
    }

    @Test
    void whatAnActorAnswersThatWasNotMadeIsToldToEachCall() {
        InRay bundle = bundleOf(12, 13);
        inRay.get(1).come();
        bundle.answer.complete(new byte[] {1, 7});

        await().untilAsserted(() -> assertThat(answered()).containsExactly(10L, 11L, 12L, 13L));
    }

    @Test
    void afterASlowCallOthersGoByThemselvesForAWhileAndWhatWaitsGoesAtOnce() {
        InRay bundle = bundleOf(12, 13);
        ask(14, 15);
        assertThat(sent()).hasSize(3);

        calls.told(bundle.bundle(), 0, new byte[] {12});
        assertThat(sent()).endsWith(List.of(14), List.of(15));
        ask(16, 16);
        assertThat(sent()).endsWith(List.of(16));
    }

    @Test
    void anActorThatRunsSeveralAtOnceGetsTheNextWhenItSaysThatItsCallsAreSlow() {
        calls = calls(true);
        ask(10, 16);
        assertThat(sent()).containsExactly(List.of(10), List.of(11));

        calls.told(inRay.get(0).bundle(), Bundle.SLOW, new byte[0]);
        calls.told(inRay.get(0).bundle(), Bundle.SLOW, new byte[0]);
        assertThat(sent()).containsExactly(List.of(10), List.of(11), List.of(12, 13, 14, 15, 16));
        ask(17, 18);
        assertThat(sent()).hasSize(3);

        calls.told(inRay.get(1).bundle(), Bundle.SLOW, new byte[0]);
        assertThat(sent()).endsWith(List.of(17, 18));
        assertThat(answered()).isEmpty();
        inRay.get(0).come();
        inRay.get(1).come();
        ask(19, 20);
        assertThat(sent()).endsWith(List.of(17, 18));
        inRay.get(2).come();
        await().untilAsserted(() -> assertThat(sent()).endsWith(List.of(19, 20)));
    }

    @Test
    void whatWaitsIsHandedToRayBeforeTheActorCleansUp() {
        ask(10, 13);
        calls.flush();

        assertThat(sent()).containsExactly(List.of(10), List.of(11), List.of(12), List.of(13));
    }

    /** Behind two calls, of which the first is answered. */
    private InRay bundleOf(int first, int last) {
        told.clear();
        ask(10, 11);
        ask(first, last);
        inRay.get(0).come();
        await().untilAsserted(() -> assertThat(sent()).hasSize(3));
        await().untilAsserted(() -> assertThat(answered()).containsExactly(10L));
        return inRay.get(2);
    }
}
