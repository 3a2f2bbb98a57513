package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.MapFunction;
import dev.sage.api.Results;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job that runs here was serialized and deserialized before; one that could not be is refused by name. */
@SageTest(shippable = true)
class ShippableTest {

    @Test
    void shippedJobRunsAsItWasBuilt(LocalEnvironment env) throws Exception {
        long factor = 3;
        Results<KeyValue<Long, Long>> counts = env.fromCollection(List.of(1L, 2L, 3L, 4L))
                .map(n -> n * factor)
                .filter(n -> n > 3)
                .keyBy(n -> n % 2)
                .count()
                .collect();
        env.run();
        assertThat(counts).containsExactlyInAnyOrder(new KeyValue<>(0L, 2L), new KeyValue<>(1L, 1L));
    }

    @Test
    void functionRunsAsACopy(LocalEnvironment env) throws Exception {
        ArrayList<Long> seen = new ArrayList<>();
        Results<Long> results = env.fromRange(0, 3)
                .map(n -> {
                    seen.add(n);
                    return n;
                })
                .collect();
        env.run();
        assertThat(results).containsExactly(0L, 1L, 2L);
        assertThat(seen).isEmpty();
    }

    @Test
    void servicesAndProbesStayWhatTheyAre(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        Echo index = env.service("index", probe.service("index")).as(Echo.class);
        Results<Object> answers = env.fromRange(0, 3).map(index::echo).collect();
        env.run();
        assertThat(answers).containsExactly(0L, 1L, 2L);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void capturedObjectThatCannotBeSerializedIsNamedWithItsOperatorAndPath(LocalEnvironment env) {
        Object lock = new Object();
        env.fromRange(0, 3).map(n -> n + lock.hashCode()).name("score").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(env::run)
                .withMessageContaining("Operator 'score' cannot be shipped")
                .withMessageContaining(
                        "function, captured argument 0 is a java.lang.Object, which is not Serializable");
    }

    @Test
    void fieldDeepInsideIsNamedByItsPath(LocalEnvironment env) {
        env.fromRange(0, 3).map(new Scorer()).name("score").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(env::run)
                .withMessageContaining("function, field Scorer.model, field Model.parts, value[1] is a")
                .withMessageContaining("java.lang.Thread");
    }

    @Test
    void elementOfACollectionIsNamedByItsNumber(LocalEnvironment env) {
        env.fromCollection(List.of("good", new Object())).name("inputs").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(env::run)
                .withMessageContaining("Operator 'inputs'")
                .withMessageContaining("element 1 is a java.lang.Object");
    }

    @Test
    void serviceFactoryIsShippedToo(LocalEnvironment env) {
        Object lock = new Object();
        env.service("index", () -> new Locked(lock));
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(env::run)
                .withMessageContaining("Service 'index' cannot be shipped")
                .withMessageContaining("factory, captured argument 0");
    }

    @Test
    void nothingOfARefusedJobIsLeft(LocalEnvironment env, LifecycleProbe probe) {
        Object lock = new Object();
        env.service("index", probe.service("index"));
        env.fromRange(0, 3).map(n -> n + lock.hashCode()).collect();
        assertThatExceptionOfType(InvalidGraphException.class).isThrownBy(env::run);
        assertThat(probe.events()).isEmpty();
    }

    private record Locked(Object lock) implements dev.sage.api.Service {}

    private static final class Scorer implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1;
        private final transient Thread notShipped = Thread.currentThread();
        private final Model model = new Model();

        @Override
        public Long apply(Long n) {
            return n + model.parts.size() + (notShipped == null ? 0 : 1);
        }
    }

    private static final class Model implements Serializable {
        private static final long serialVersionUID = 1;
        private final Map<String, Object[]> parts = Map.of("a", new Object[] {"good", Thread.currentThread()});
    }
}
