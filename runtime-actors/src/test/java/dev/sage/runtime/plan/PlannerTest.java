package dev.sage.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.DataStream;
import dev.sage.api.InvalidGraphException;
import dev.sage.api.KeyFunction;
import dev.sage.api.graph.Vertex;
import dev.sage.api.spi.RecordedGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private final RecordedGraph env = new RecordedGraph("recorded");

    @Test
    void operatorsOfEqualParallelismShareATask() {
        env.fromRange(0, 10).map(n -> n + 1).filter(n -> n > 3).print();

        assertThat(chains()).containsExactly(List.of("range", "map", "filter", "print"));
        assertThat(plan().exchanges()).isEmpty();
    }

    @Test
    void aKeyExchangeEndsTheChain() {
        env.fromRange(0, 10).keyBy(n -> n).count().print();

        assertThat(chains()).containsExactly(List.of("range"), List.of("aggregate", "print"));
        assertThat(plan().describe()).contains("range → aggregate (chain 1): by key");
    }

    @Test
    void aChangeOfParallelismEndsTheChain() {
        env.fromRange(0, 10)
                .parallelism(2)
                .map(n -> n)
                .parallelism(2)
                .filter(n -> true)
                .print();

        assertThat(chains()).containsExactly(List.of("range", "map"), List.of("filter", "print"));
        assertThat(plan().describe()).contains("map → filter (chain 1): round robin");
        assertThat(plan().taskCount()).isEqualTo(3);
    }

    @Test
    void anAsyncOperatorHeadsItsTask() {
        env.fromRange(0, 10).mapAsync(2, n -> n).map(n -> n).print();

        assertThat(chains()).containsExactly(List.of("range"), List.of("map-async", "map", "print"));
        assertThat(plan().describe()).contains("range → map-async (chain 1): forward");
    }

    @Test
    void aForkStaysInOneTask() {
        DataStream<Long> numbers = env.fromRange(0, 10);
        numbers.map(n -> n).name("left").print().name("end of left");
        numbers.map(n -> -n).name("right").print().name("end of right");

        assertThat(chains()).containsExactly(List.of("range", "left", "end of left", "right", "end of right"));
        Chain chain = plan().chains().get(0);
        assertThat(chain.readersOf(chain.head())).extracting(Vertex::name).containsExactly("left", "right");
    }

    @Test
    void aUnionHeadsATaskEvenOfAStreamWithItself() {
        DataStream<Long> numbers = env.fromRange(0, 10);
        numbers.union(numbers).print();

        assertThat(chains()).containsExactly(List.of("range"), List.of("union", "print"));
        assertThat(plan().exchanges()).hasSize(2);
    }

    @Test
    void aJobOfServicesAloneHasNoTasks() {
        env.service("only", () -> new dev.sage.api.Service() {});

        assertThat(plan().chains()).isEmpty();
        assertThat(plan().describe()).startsWith("0 tasks");
    }

    @Test
    void aLongChainHasAShortName() {
        DataStream<Long> stream = env.fromRange(0, 10);
        for (int i = 0; i < 9; i++) {
            stream = stream.map(n -> n);
        }
        stream.print();

        Chain chain = plan().chains().get(0);
        assertThat(chain.name()).isEqualTo("range → map → map-2 → … 6 more … → map-9 → print");
        assertThat(chain.taskName()).isEqualTo("range");
    }

    @Test
    void moreInstancesThanKeyGroupsAreRefusedByName() {
        env.fromRange(0, 10).keyBy(n -> n).count().name("counts").parallelism(9).print();

        assertThatThrownBy(() -> Planner.plan(env.graph(), 8))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("'counts'")
                .hasMessageContaining("parallelism 9")
                .hasMessageContaining("at most 8")
                .hasMessageContaining("sage.exchange.key-groups");
    }

    private Plan plan() {
        return Planner.plan(env.graph(), 128);
    }

    private List<List<String>> chains() {
        return plan().chains().stream()
                .map(chain -> chain.vertices().stream().map(Vertex::name).toList())
                .toList();
    }

    @Test
    void rebalanceAndBroadcastEndTheChainAndAreTold() {
        env.fromRange(0, 10)
                .rebalance()
                .map(n -> n)
                .name("spread")
                .broadcast()
                .map(n -> n)
                .print();

        assertThat(chains()).containsExactly(List.of("range"), List.of("spread"), List.of("map", "print"));
        assertThat(plan().describe())
                .contains("range → spread (chain 1): round robin")
                .contains("spread → map (chain 2): broadcast");
    }

    @Test
    void anOperatorOfTwoInputsHeadsItsTask() {
        env.fromRange(0, 10).connect(env.fromRange(0, 5)).map(n -> n, n -> -n).print();

        assertThat(chains()).containsExactly(List.of("range"), List.of("range-2"), List.of("connected-map", "print"));
    }

    @Test
    void keysThatCannotBeHashedAreRefusedByTheirDeclaredType() {
        record Fine(List<String> parts, Object any) {}
        record Wrong(String name, StringBuilder text) {}
        assertThatCode(() -> planOfKey(n -> new Fine(List.of(), n))).doesNotThrowAnyException();
        assertThatCode(() -> planOfKey(n -> (Object) n)).doesNotThrowAnyException();
        assertThatCode(() -> planOfKey(n -> java.time.LocalDate.EPOCH)).doesNotThrowAnyException();
        assertThatCode(() -> planOfKey(String::valueOf)).doesNotThrowAnyException();
        assertThatThrownBy(() -> planOfKey(n -> new Wrong("", new StringBuilder())))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("Wrong");
        assertThatThrownBy(() -> planOfKey(n -> new Thread()))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining("java.lang.Thread");
    }

    private static <K> Plan planOfKey(KeyFunction<Long, K> key) {
        RecordedGraph env = new RecordedGraph("recorded");
        env.fromRange(0, 10).keyBy(key).count().print();
        return Planner.plan(env.graph(), 128);
    }
}
