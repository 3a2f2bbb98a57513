package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.Vertex;
import dev.sage.runtime.plan.Chain;
import dev.sage.runtime.plan.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts the operators of one task together, from the ends of the chain to its head: a stage is made after those that it
 * passes its records to.
 */
final class PipelineBuilder {
    private final JobParts job;
    private final Chain chain;
    private final int instance;
    private final Flow flow;
    private final Tasklet tasklet;
    private final List<String> operatorNames;

    private final List<Stage> stages = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<SinkStage> sinks = new ArrayList<>();

    /** @param operatorNames of the chain; those whose code runs at its exchanges are added, see {@link Flow#at} */
    PipelineBuilder(JobParts job, Chain chain, int instance, Flow flow, Tasklet tasklet, List<String> operatorNames) {
        this.job = job;
        this.chain = chain;
        this.instance = instance;
        this.flow = flow;
        this.tasklet = tasklet;
        this.operatorNames = operatorNames;
    }

    Pipeline build() {
        Head head = head(chain.head());
        List<CursorStage> downstreamFirst = stages.stream()
                .filter(CursorStage.class::isInstance)
                .map(CursorStage.class::cast)
                .toList();
        List<Stage> upstreamFirst = new ArrayList<>(stages);
        Collections.reverse(upstreamFirst);
        return new Pipeline(flow, head, upstreamFirst, downstreamFirst, senders, sinks);
    }

    private Head head(Vertex vertex) {
        Operator operator = vertex.operator();
        if (operator instanceof Operator.Source source) {
            return source(source, vertex, self(vertex), readers(vertex));
        }
        if (operator instanceof Operator.MapAsync async) {
            return new AsyncHead(self(vertex), async, job.blocking(), tasklet, inputs(), flow, readers(vertex));
        }
        Stage first = operator instanceof Operator.Union ? readers(vertex) : stage(vertex);
        return new InputHead(inputs(), flow, first);
    }

    private Head source(Operator.Source source, Vertex vertex, OperatorInstance self, Stage next) {
        if (source instanceof Operator.RangeSource range) {
            return new RangeHead(range, instance, vertex.parallelism(), flow, next);
        }
        if (source instanceof Operator.CollectionSource collection) {
            return new CollectionHead(collection.elements(), instance, vertex.parallelism(), flow, next);
        }
        if (source instanceof Operator.FileSource files) {
            return new FileHead(self, files.format(), job.files(vertex, files), job.settings(), flow, next);
        }
        if (source instanceof Operator.GeneratorSource generator) {
            return new GeneratorHead(
                    self,
                    generator,
                    vertex.parallelism(),
                    job.settings().catchUp().toNanos(),
                    System::nanoTime,
                    nanos -> tasklet.executor().alarms().wakeAfter(tasklet, nanos),
                    flow,
                    next);
        }
        HandOff handOff = new HandOff(job.settings().handOffRecords(), tasklet);
        if (source instanceof Operator.BatchSource batch) {
            return new FunctionHead(self, batch.function()::next, job.blocking(), handOff, flow, next);
        }
        if (source instanceof Operator.StreamSource stream) {
            return new FunctionHead(self, stream.function()::next, job.blocking(), handOff, flow, next);
        }
        throw unknown(vertex);
    }

    private Stage stage(Vertex vertex) {
        OperatorInstance self = self(vertex);
        Stage stage = vertex.operator() instanceof Operator.End end
                ? sink(self, vertex, end)
                : stage(self, vertex, readers(vertex));
        stages.add(stage);
        return stage;
    }

    private Stage stage(OperatorInstance self, Vertex vertex, Stage next) {
        Operator operator = vertex.operator();
        if (operator instanceof Operator.Map map) {
            return new MapStage(self, flow, map.function(), next);
        }
        if (operator instanceof Operator.Filter filter) {
            return new FilterStage(self, flow, filter.function(), next);
        }
        if (operator instanceof Operator.FlatMap flatMap) {
            return new FlatMapStage(self, flow, flatMap.function(), next);
        }
        if (operator instanceof Operator.Emit emit) {
            return new EmitStage(self, flow, emit.function(), job.settings().overdrawRecords(), next);
        }
        if (operator instanceof Operator.Reduce reduce) {
            return new ReduceStage(self, flow, reduce.key(), reduce.function(), next);
        }
        if (operator instanceof Operator.Aggregate aggregate) {
            return new AggregateStage(self, flow, aggregate.key(), aggregate.aggregator(), next);
        }
        throw unknown(vertex);
    }

    private SinkStage sink(OperatorInstance self, Vertex vertex, Operator.End end) {
        SinkStage stage;
        if (end instanceof Operator.SinkTo to) {
            stage = new SinkStage(self, flow, to.sink());
        } else if (end instanceof Operator.Print print) {
            stage = new SinkStage(self, flow, new PrintSink(print.prefix()));
        } else if (end instanceof Operator.Collect collect) {
            stage = new SinkStage(self, flow, job.collected(vertex, collect).sink(instance));
        } else {
            throw unknown(vertex);
        }
        sinks.add(stage);
        return stage;
    }

    /** What takes the output of an operator: those in the same chain, and the exchanges that leave from there. */
    private Stage readers(Vertex vertex) {
        List<Stage> readers = new ArrayList<>();
        chain.readersOf(vertex).forEach(reader -> readers.add(stage(reader)));
        for (Exchange exchange : job.plan().exchanges()) {
            if (exchange.fromVertex() == vertex.id()) {
                readers.add(sender(exchange));
            }
        }
        return readers.size() == 1 ? readers.get(0) : new Fork(readers);
    }

    private Sender sender(Exchange exchange) {
        List<Outlet> outlets = job.channels(exchange.id()).from(instance).stream()
                .map(channel -> new Outlet(channel, flow, job.settings().batchRecords()))
                .toList();
        Sender sender;
        if (exchange.partitioning() instanceof Partitioning.ByKey byKey) {
            Vertex reader = job.plan().chains().get(exchange.toChain()).head();
            sender = new KeySender(
                    self(reader), flow, byKey.key(), outlets, job.settings().keyGroups());
        } else {
            sender = new RoundRobinSender(outlets, instance);
        }
        senders.add(sender);
        return sender;
    }

    private Inputs inputs() {
        List<Channel> channels = job.plan().exchanges().stream()
                .filter(exchange -> exchange.toChain() == chain.id())
                .flatMap(exchange -> job.channels(exchange.id()).into(instance).stream())
                .toList();
        return new Inputs(channels, job.epoch(), flow);
    }

    private OperatorInstance self(Vertex vertex) {
        if (!operatorNames.contains(vertex.name())) {
            operatorNames.add(vertex.name());
        }
        return new OperatorInstance(vertex.name(), instance, operatorNames.indexOf(vertex.name()));
    }

    private static IllegalArgumentException unknown(Vertex vertex) {
        return new IllegalArgumentException("Operator '" + vertex.name() + "' is of the unknown kind "
                + vertex.operator().getClass().getSimpleName() + ".");
    }
}
