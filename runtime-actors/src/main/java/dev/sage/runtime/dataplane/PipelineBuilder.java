package dev.sage.runtime.dataplane;

import dev.sage.api.BatchFunction;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.Vertex;
import dev.sage.runtime.core.loop.LoopMember;
import dev.sage.runtime.plan.Chain;
import dev.sage.runtime.plan.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

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
    private final List<Sender> loopSenders = new ArrayList<>();
    private final LoopMember loop;

    /** @param operatorNames of the chain; those whose code runs at its exchanges are added, see {@link Flow#at} */
    PipelineBuilder(JobParts job, Chain chain, int instance, Flow flow, Tasklet tasklet, List<String> operatorNames) {
        this.job = job;
        this.chain = chain;
        this.instance = instance;
        this.flow = flow;
        this.tasklet = tasklet;
        this.operatorNames = operatorNames;
        this.loop = loop(job, chain, instance);
    }

    Pipeline build() {
        Head head = head(chain.head());
        List<CursorStage> downstreamFirst = stages.stream()
                .filter(CursorStage.class::isInstance)
                .map(CursorStage.class::cast)
                .toList();
        List<Stage> upstreamFirst = new ArrayList<>(stages);
        Collections.reverse(upstreamFirst);
        return new Pipeline(flow, head, upstreamFirst, downstreamFirst, senders, sinks, loop, loopSenders);
    }

    private Head head(Vertex vertex) {
        Operator operator = vertex.operator();
        OperatorInstance self = self(vertex);
        if (operator instanceof Operator.Source source) {
            return source(source, vertex, self, readers(vertex));
        }
        if (operator instanceof Operator.MapAsync async) {
            return new AsyncHead(
                    self, async, job.blocking(), tasklet, inputs(), flow, errors(self, vertex), readers(vertex));
        }
        if (operator instanceof Operator.OnRay || operator instanceof Operator.KeyedOnRay) {
            RemotePool pool = job.remotePools().pool(vertex.name(), instance, vertex.parallelism(), operator);
            return new RemoteHead(
                    self, pool, job.blocking(), tasklet, inputs(), flow, errors(self, vertex), readers(vertex));
        }
        if (operator instanceof Operator.Union || operator instanceof Operator.Feedback) {
            return new InputHead(inputs(), flow, readers(vertex));
        }
        if (vertex.inputs().size() == 2) {
            List<Stage> sides = sides(self, vertex);
            return new PairHead(inputs(0), inputs(1), flow, sides.get(0), sides.get(1));
        }
        return new InputHead(inputs(), flow, stage(vertex));
    }

    private Head source(Operator.Source source, Vertex vertex, OperatorInstance self, Stage next) {
        if (source instanceof Operator.RangeSource range) {
            return new RangeHead(range, instance, vertex.parallelism(), flow, next);
        }
        if (source instanceof Operator.CollectionSource collection) {
            return new CollectionHead(collection.elements(), instance, vertex.parallelism(), flow, next);
        }
        if (source instanceof Operator.FileSource files) {
            return new FileHead(
                    self, files.format(), job.files(vertex, files), job.settings(), errors(self, vertex), flow, next);
        }
        if (source instanceof Operator.GeneratorSource generator) {
            return new GeneratorHead(
                    self,
                    generator,
                    vertex.parallelism(),
                    job.settings().catchUp().toNanos(),
                    System::nanoTime,
                    nanos -> tasklet.executor().alarms().wakeAfter(tasklet, nanos),
                    new Attempts(errors(self, vertex), tasklet::wakeAt),
                    flow,
                    next);
        }
        HandOff handOff = new HandOff(job.settings().handOffRecords(), tasklet);
        if (source instanceof Operator.BatchSource batch) {
            return new FunctionHead(self, batch.function()::next, job.blocking(), handOff, false, flow, next);
        }
        if (source instanceof Operator.CommandSource command) {
            BatchFunction<?> run = job.commands().command(vertex.name(), command.program());
            return new FunctionHead(self, run::next, job.blocking(), handOff, true, flow, next);
        }
        if (source instanceof Operator.StreamSource stream) {
            return new FunctionHead(self, stream.function()::next, job.blocking(), handOff, false, flow, next);
        }
        throw unknown(vertex);
    }

    private Stage stage(Vertex vertex) {
        OperatorInstance self = self(vertex);
        if (vertex.operator() instanceof Operator.End end) {
            SinkStage sink = sink(self, vertex, end);
            return guarded(self, vertex, sink, results -> sink);
        }
        Operator operator = vertex.operator() instanceof Operator.PerInstance each
                ? each.make().get()
                : vertex.operator();
        StageMaker maker = new StageMaker(job.settings(), flow, self);
        return guarded(self, vertex, readers(vertex), results -> maker.stage(operator, results));
    }

    /** The operators of the two inputs of a vertex, before its one output. */
    private List<Stage> sides(OperatorInstance self, Vertex vertex) {
        StageMaker maker = new StageMaker(job.settings(), flow, self);
        Stage next = readers(vertex);
        RecordErrors errors = errors(self, vertex);
        return IntStream.of(0, 1)
                .mapToObj(side ->
                        guarded(self, vertex, errors, next, results -> maker.side(vertex.operator(), side, results)))
                .toList();
    }

    private Stage guarded(OperatorInstance self, Vertex vertex, Stage next, UnaryOperator<Stage> maker) {
        return guarded(self, vertex, errors(self, vertex), next, maker);
    }

    /** @param maker makes the operator itself from what it emits to */
    private Stage guarded(
            OperatorInstance self, Vertex vertex, RecordErrors errors, Stage next, UnaryOperator<Stage> maker) {
        if (vertex.onError() instanceof ErrorPolicy.Fail) {
            return added(maker.apply(next));
        }
        HeldRecords results = new HeldRecords(self, flow, job.settings().overdrawRecords(), next);
        return added(new GuardedStage(self, flow, maker.apply(results), results, errors, tasklet, next));
    }

    private Stage added(Stage stage) {
        stages.add(stage);
        return stage;
    }

    private RecordErrors errors(OperatorInstance self, Vertex vertex) {
        ErrorPolicy policy = vertex.onError();
        ErrorPolicy last = policy instanceof ErrorPolicy.Retry retry ? retry.then() : policy;
        if (!(last instanceof ErrorPolicy.ToSink to)) {
            return new RecordErrors(self, flow, policy, null);
        }
        OperatorInstance letters = new OperatorInstance(self.name() + " dead letters", instance, self.index());
        SinkStage sink = new SinkStage(letters, flow, to.sink());
        sinks.add(sink);
        return new RecordErrors(self, flow, policy, sink::accept);
    }

    private SinkStage sink(OperatorInstance self, Vertex vertex, Operator.End end) {
        SinkStage stage;
        if (end instanceof Operator.SinkTo to) {
            stage = new SinkStage(self, flow, to.sink());
        } else if (end instanceof Operator.SinkPerInstance each) {
            stage = new SinkStage(self, flow, each.make().get());
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

    private Stage sender(Exchange exchange) {
        List<Outlet> outlets = job.channels(exchange.id()).from(instance).stream()
                .map(channel -> new Outlet(channel, flow))
                .toList();
        if (exchange.partitioning() instanceof Partitioning.ByKey byKey) {
            return keySender(exchange, byKey, outlets);
        }
        return exchange.partitioning() instanceof Partitioning.Broadcast
                ? added(exchange, new BroadcastSender(outlets))
                : added(exchange, new RoundRobinSender(outlets, instance));
    }

    /** With the error policy of the operator that reads by key, which is the one that the key function belongs to. */
    private Stage keySender(Exchange exchange, Partitioning.ByKey byKey, List<Outlet> outlets) {
        Vertex reader = job.plan().chains().get(exchange.toChain()).head();
        OperatorInstance self = self(reader);
        KeySender sender = added(
                exchange,
                new KeySender(self, flow, byKey.key(), outlets, job.settings().keyGroups()));
        RecordErrors errors = new RecordErrors(self, flow, reader.onError(), sender::sendAside);
        return reader.onError() instanceof ErrorPolicy.Fail
                ? sender
                : guarded(self, reader, errors, sender, noResults -> sender);
    }

    private <S extends Sender> S added(Exchange exchange, S sender) {
        senders.add(sender);
        if (job.plan().isInLoop(exchange)) {
            loopSenders.add(sender);
        }
        return sender;
    }

    private Inputs inputs() {
        return inputs(exchangesIn());
    }

    /** One input of several, in the order of the vertex. */
    private Inputs inputs(int input) {
        return inputs(List.of(exchangesIn().get(input)));
    }

    private Inputs inputs(List<Exchange> exchanges) {
        List<Link> channels = exchanges.stream()
                .flatMap(exchange -> job.channels(exchange.id()).into(instance).stream())
                .toList();
        return new Inputs(channels, job.epoch(), flow, loop);
    }

    /** The part of the task in the loop that it is in, if any. */
    private static LoopMember loop(JobParts job, Chain chain, int instance) {
        int loopInputs = 0;
        int outsideInputs = 0;
        for (Exchange exchange : job.plan().exchanges()) {
            if (exchange.toChain() == chain.id()) {
                int channels = job.channels(exchange.id()).into(instance).size();
                loopInputs += job.plan().isInLoop(exchange) ? channels : 0;
                outsideInputs += job.plan().isInLoop(exchange) ? 0 : channels;
            }
        }
        if (loopInputs == 0) {
            return LoopMember.none();
        }
        return chain.head().operator() instanceof Operator.Feedback
                ? LoopMember.head(loopInputs, outsideInputs)
                : LoopMember.body(loopInputs, outsideInputs);
    }

    private List<Exchange> exchangesIn() {
        return job.plan().exchanges().stream()
                .filter(exchange -> exchange.toChain() == chain.id())
                .toList();
    }

    private OperatorInstance self(Vertex vertex) {
        if (!operatorNames.contains(vertex.name())) {
            operatorNames.add(vertex.name());
        }
        return new OperatorInstance(vertex.name(), instance, operatorNames.indexOf(vertex.name()));
    }

    static IllegalArgumentException unknown(Vertex vertex) {
        return new IllegalArgumentException("Operator '" + vertex.name() + "' is of the unknown kind "
                + vertex.operator().getClass().getSimpleName() + ".");
    }
}
