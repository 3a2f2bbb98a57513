package dev.sage.client.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.LinkedServices;
import dev.sage.api.MapFunction;
import dev.sage.api.PerInstance;
import dev.sage.api.ProcessService;
import dev.sage.api.Service;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.api.spi.ServiceCaller;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A graph that was written and read does what it did; one that cannot be is refused by the names its author knows. */
class GraphCodecTest {
    private static final ClassLoader LOADER = GraphCodecTest.class.getClassLoader();

    private static final GraphCodec.SharedCallers NOTHING_SHARED = (home, service) -> {
        throw new AssertionError("Nothing is shared.");
    };

    private final RecordedGraph env = new RecordedGraph("recording");

    /** Not Serializable. */
    private record Pair(String key, List<Integer> values) {}

    private interface Adding {
        long add(long number);
    }

    private static final class Total implements Service {}

    private static JobGraph sent(JobGraph graph) throws Exception {
        return GraphCodec.decode(GraphCodec.encode(graph), LOADER, NOTHING_SHARED);
    }

    @SuppressWarnings("unchecked") // Its types are known to the test that asks.
    private static MapFunction<Object, Object> function(JobGraph graph, int vertex) {
        return (MapFunction<Object, Object>)
                ((Operator.Map) graph.vertices().get(vertex).operator()).function();
    }

    @Test
    void recordsThatAreNotSerializableAreValues() throws Exception {
        Pair captured = new Pair("c", List.of(1));
        env.fromCollection(List.of(new Pair("a", List.of(1, 2)), new Pair("b", List.of())))
                .map(pair -> pair.key() + captured.key())
                .collect();
        JobGraph graph = sent(env.graph());
        Operator.CollectionSource source =
                (Operator.CollectionSource) graph.vertices().get(0).operator();
        assertThat(source.elements()).isEqualTo(List.of(new Pair("a", List.of(1, 2)), new Pair("b", List.of())));
        MapFunction<Object, Object> function = function(graph, 1);
        assertThat(function.apply(new Pair("x", List.of()))).isEqualTo("xc");
    }

    @Test
    void pathsProcessesAndOptionsArriveAsTheyWere() throws Exception {
        ProcessService program = ProcessService.command("serve", "{port}")
                .directory(Path.of("/tmp"))
                .ports(2)
                .readyOn("/up")
                .readyWithin(Duration.ofSeconds(3))
                .healthCheck("/up", Duration.ofSeconds(1));
        env.service("server", program).callTimeout(Duration.ofSeconds(9)).dependsOn();
        env.fromRange(0, 2).print();
        ServiceSpec spec = sent(env.graph()).services().get(0);
        assertThat(spec.body()).isEqualTo(new ServiceBody.OfProcess(program, false));
        assertThat(spec.callTimeout()).contains(Duration.ofSeconds(9));
    }

    @Test
    void functionsCallTheServicesOfTheJobThatTheyArriveIn() throws Exception {
        ServiceDeclaration<Total> total = env.service("total", Total::new);
        Adding adding = total.as(Adding.class);
        env.fromRange(0, 2)
                .map(n -> adding.add(n) + (long) total.call("add", 100L))
                .collect();
        JobGraph graph = sent(env.graph());
        List<String> calls = new ArrayList<>();
        graph.services().get(0).bind().accept(caller(calls));
        MapFunction<Object, Object> function = function(graph, 1);
        assertThat(function.apply(5L)).isEqualTo(14L);
        assertThat(calls).containsExactly("method add[5]", "add[100]");
    }

    private static ServiceCaller caller(List<String> calls) {
        return new ServiceCaller() {
            @Override
            public Object call(String method, Object[] arguments) {
                calls.add(method + Arrays.toString(arguments));
                return 7L;
            }

            @Override
            public Object call(Method method, Object[] arguments) {
                calls.add("method " + method.getName() + Arrays.toString(arguments));
                return 7L;
            }
        };
    }

    @Test
    void serviceOfAnotherJobIsRefused() {
        ServiceDeclaration<Total> total = new RecordedGraph("another").service("total", Total::new);
        env.service("other", Total::new);
        env.fromRange(0, 2).map(n -> total.call("add", n)).name("adding").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(() -> GraphCodec.encode(env.graph()))
                .withMessageStartingWith("Operator 'adding' cannot be shipped")
                .withMessageContaining("service 'total', which was declared for another job")
                .withMessageContaining("[other]");
    }

    @Test
    void functionsCallSharedServicesWhereTheseAreAndSoDoServices() throws Exception {
        ServiceDeclaration<Total> shared = env.sharedService("total", Total::new);
        Adding adding = shared.as(Adding.class);
        env.service("total", () -> {
            adding.add(7);
            return new Total();
        });
        env.fromRange(0, 2)
                .map(n -> adding.add(n) + (long) shared.call("add", 100L))
                .collect();
        byte[] bytes = GraphCodec.encode(env.graph(), (service, sharedBy) -> sharedBy.name() + "'s " + service);
        List<String> calls = new ArrayList<>();
        JobGraph graph = GraphCodec.decode(bytes, LOADER, (home, service) -> {
            calls.add(service + " at " + home);
            return caller(calls);
        });
        calls.removeIf("total at recording's total"::equals);
        assertThat(function(graph, 1).apply(5L)).isEqualTo(14L);
        ((ServiceBody.InJvm) graph.services().get(0).body()).factory().create();
        assertThat(calls).containsExactly("method add[5]", "add[100]", "method add[7]");
    }

    @Test
    void sharedServiceStaysWhereAGraphIsOnlyCopiedAndIsNotStarted() {
        ServiceDeclaration<Total> shared = env.sharedService("total", Total::new);
        env.fromCollection(List.of(shared)).collect();
        JobGraph copy = GraphCodec.copy(env.graph(), value -> false);
        assertThat(((Operator.CollectionSource) copy.vertices().get(0).operator()).elements())
                .first()
                .isSameAs(shared);
    }

    @Test
    void sharedServiceOfAnotherEnvironmentIsRefused() {
        ServiceDeclaration<Total> shared = env.sharedService("cache", Total::new);
        env.fromRange(0, 2).map(n -> shared.call("add", n)).name("adding").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(() -> GraphCodec.encode(env.graph()))
                .withMessageStartingWith("Operator 'adding' cannot be shipped: function, captured argument 0 is service"
                        + " 'cache', which environment 'recording' shares with its own jobs only");
    }

    @Test
    void whatCannotBeSentIsNamedByOperatorPathAndClass() {
        Object lock = new Object();
        env.fromRange(0, 3).map(n -> n + lock.hashCode()).name("score").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(() -> GraphCodec.encode(env.graph()))
                .withMessageContaining("Operator 'score' cannot be shipped: function, captured argument 0 is a"
                        + " java.lang.Object, which is not Serializable");
    }

    @Test
    void objectWithinARecordIsNamedByItsPath() {
        record Held(String name, Object lock) {}
        env.fromCollection(List.of(new Held("a", new Object()))).name("held").print();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(() -> GraphCodec.encode(env.graph()))
                .withMessageContaining(
                        "Operator 'held' cannot be shipped: element 0, field Held.lock is a" + " java.lang.Object");
    }

    @Test
    void objectThatRefusesToBeWrittenIsNamedByItsOperator() {
        env.fromRange(0, 3).map(new Refusing()).name("refusing").collect();
        assertThatExceptionOfType(InvalidGraphException.class)
                .isThrownBy(() -> GraphCodec.encode(env.graph()))
                .withMessageContaining("Operator 'refusing' cannot be shipped: its function of")
                .withMessageContaining("not today");
    }

    private static final class Refusing implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public Long apply(Long n) {
            return n;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new IOException("not today");
        }
    }

    @Test
    void eachInstanceHasAFunctionOfItsOwnAlsoAfterTheWay() throws Exception {
        env.fromRange(0, 3)
                .map(PerInstance.of(() -> {
                    long[] count = {0};
                    return (Long n) -> ++count[0];
                }))
                .collect();
        Operator.PerInstance each =
                (Operator.PerInstance) sent(env.graph()).vertices().get(1).operator();
        for (int instance = 0; instance < 2; instance++) {
            @SuppressWarnings("unchecked")
            MapFunction<Long, Long> function =
                    (MapFunction<Long, Long>) ((Operator.Map) each.make().get()).function();
            assertThat(function.apply(9L)).isEqualTo(1);
            assertThat(function.apply(9L)).isEqualTo(2);
        }
    }

    @Test
    void nestingThatWouldTakeTheStackIsRefused() throws Exception {
        List<Object> deep = List.of();
        for (int i = 0; i < 600; i++) {
            deep = new ArrayList<>(Collections.singleton(deep));
        }
        byte[] bytes = writtenWithMuchStack(deep);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> GraphCodec.decode(bytes, LOADER, NOTHING_SHARED));
    }

    private static byte[] writtenWithMuchStack(Object value) throws Exception {
        FutureTask<byte[]> writing = new FutureTask<>(() -> GraphCodec.written(value, UnaryOperator.identity()));
        new Thread(null, writing, "writer", 64 << 20).start();
        return writing.get(30, TimeUnit.SECONDS);
    }

    @Test
    void arrayThatIsLongerThanItsBytesTakesNoMemory() throws Exception {
        byte[] bytes = GraphCodec.written(new byte[3], UnaryOperator.identity());
        int length = bytes.length - 3 - 4;
        bytes[length] = 0x7f;
        assertThatExceptionOfType(InvalidClassException.class)
                .isThrownBy(() -> GraphCodec.decode(bytes, LOADER, NOTHING_SHARED));
    }

    @Test
    void otherObjectsAreNoGraph() throws Exception {
        byte[] bytes = GraphCodec.written(new LinkedServices.Link("a", null), UnaryOperator.identity());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> GraphCodec.decode(bytes, LOADER, NOTHING_SHARED))
                .withMessageContaining("not those of a job's graph");
    }
}
