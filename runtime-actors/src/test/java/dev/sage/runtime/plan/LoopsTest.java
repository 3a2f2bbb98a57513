package dev.sage.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.DataStream;
import dev.sage.api.Feedback;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.spi.RecordedGraph;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private final RecordedGraph env = new RecordedGraph("recorded");

    @Test
    void aLoopIsWhatLiesBetweenItsHeadAndItsEnd() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("countdown");
        DataStream<Long> next = loop.keyBy(n -> n).map(n -> n - 1).name("less").parallelism(2);
        loop.closeWith(next.filter(n -> n > 0).parallelism(2));
        next.keyBy(n -> n).count().print();

        assertThat(plan().loops()).singleElement().satisfies(found -> {
            assertThat(found.name()).isEqualTo("countdown");
            assertThat(found.chains()).containsExactly(1, 2);
        });
        assertThat(plan().describe())
                .contains("filter → countdown (chain 1): feedback")
                .contains("loop 'countdown': chains 1, 2");
    }

    @Test
    void aLoopCanBeOneTask() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("countdown");
        loop.closeWith(loop.map(n -> n - 1).filter(n -> n > 0));

        assertThat(plan().chains()).hasSize(2);
        assertThat(plan().describe()).contains("loop 'countdown': chain 1\n");
    }

    @Test
    void loopsOneBehindTheOtherAreTwoLoops() {
        Feedback<Long> first = env.fromRange(0, 10).feedback("first");
        first.closeWith(first.filter(n -> n < 0));
        Feedback<Long> second = first.filter(n -> n > 0).feedback("second");
        second.closeWith(second.filter(n -> n < 0));
        second.print();

        assertThat(plan().loops()).extracting(Loop::name).containsExactly("first", "second");
    }

    @Test
    void aLoopThatIsLeftOpenIsRefusedByName() {
        env.fromRange(0, 10).feedback("endless").print();

        assertRefused(this::plan, "'endless'", "is open", "closeWith");
    }

    @Test
    void aLoopThatIsClosedTwiceIsRefusedByName() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("twice");
        DataStream<Long> one = loop.map(n -> n).name("one");
        DataStream<Long> other = loop.map(n -> n).name("other");
        loop.closeWith(one);

        assertRefused(() -> loop.closeWith(other), "'twice'", "'one'", "'other'", "union");
    }

    @Test
    void aLoopIsNotClosedWithAStreamFromElsewhere() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("around");
        loop.print();
        loop.closeWith(env.fromRange(0, 3).map(n -> n).name("elsewhere"));

        assertRefused(this::plan, "'around'", "'elsewhere'", "does not come from it");
    }

    @Test
    void aLoopIsNotClosedWithAStreamOfAnotherJob() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("around");

        assertRefused(() -> loop.closeWith(new RecordedGraph("recorded").fromRange(0, 1)), "'around'", "another job");
    }

    @Test
    void anOperatorThatEmitsAtTheEndIsRefusedInsideALoopAndNotBehindIt() {
        Feedback<Long> loop = env.fromRange(0, 10).feedback("around");
        loop.keyBy(n -> n).reduce(Long::sum).name("sums").print();
        assertThatThrownBy(this::plan).hasMessageContaining("is open");
        DataStream<Long> inside = loop.keyBy(n -> n).reduce(Long::max).name("maxima");
        loop.closeWith(inside);

        assertRefused(this::plan, "'maxima'", "'around'", "behind the loop");
    }

    @Test
    void aLoopInsideALoopIsRefusedWithBothNames() {
        Feedback<Long> outer = env.fromRange(0, 10).feedback("outer");
        Feedback<Long> inner = outer.map(n -> n).feedback("inner");
        inner.closeWith(inner.filter(n -> n > 5));
        outer.closeWith(inner.filter(n -> n < 5));

        assertRefused(this::plan, "'outer'", "'inner'");
    }

    @Test
    void loopsThatFeedEachOtherAreRefusedWithBothNames() {
        Feedback<Long> left = env.fromRange(0, 10).feedback("left");
        Feedback<Long> right = env.fromRange(0, 10).feedback("right");
        left.closeWith(left.filter(n -> n > 5).union(right.filter(n -> n > 5)));
        right.closeWith(left.map(n -> n).union(right.map(n -> n)));

        assertRefused(this::plan, "'left'", "'right'");
    }

    @Test
    void twoLoopsOfOneNameAreRefused() {
        for (int i = 0; i < 2; i++) {
            Feedback<Long> loop = env.fromRange(0, 10).feedback("twin");
            loop.closeWith(loop.filter(n -> n < 0));
        }

        assertRefused(this::plan, "'twin'");
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(InvalidGraphException.class).hasMessageContainingAll(parts);
    }

    private Plan plan() {
        return Planner.plan(env.graph(), 128);
    }
}
