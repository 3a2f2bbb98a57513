package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Operator;
import java.util.Map;

/** Makes the stage of one operator that works on a record at a time. */
final class StageMaker {
    private final DataPlaneSettings settings;
    private final Flow flow;
    private final OperatorInstance self;
    /** Of a keyed operator: both sides of a pair share it. */
    private final KeyedStates<Map<String, Object>> states;

    private final JoinState joined;

    StageMaker(DataPlaneSettings settings, Flow flow, OperatorInstance self) {
        this.settings = settings;
        this.flow = flow;
        this.self = self;
        this.states = new KeyedStates<>(settings.keyGroups());
        this.joined = new JoinState(settings.keyGroups(), settings.joinMaxRecords());
    }

    /** @param next what it emits to */
    Stage stage(Operator operator, Stage next) {
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
            return new EmitStage(self, flow, emit.function(), settings.overdrawRecords(), next);
        }
        return keyedStage(operator, next);
    }

    private Stage keyedStage(Operator operator, Stage next) {
        if (operator instanceof Operator.Reduce reduce) {
            return new KeyedStage(self, flow, reduce.key(), ReduceFold.of(reduce.function()), next);
        }
        if (operator instanceof Operator.Aggregate aggregate) {
            return new KeyedStage(self, flow, aggregate.key(), AggregateFold.of(aggregate.aggregator()), next);
        }
        if (operator instanceof Operator.ScanReduce scan) {
            return new ScanStage(self, flow, scan.key(), ReduceFold.of(scan.function()), settings.keyGroups(), next);
        }
        if (operator instanceof Operator.ScanAggregate scan) {
            return new ScanStage(
                    self, flow, scan.key(), AggregateFold.of(scan.aggregator()), settings.keyGroups(), next);
        }
        if (operator instanceof Operator.KeyedProcess process) {
            return new ProcessStage(
                    self, flow, process.key(), process.function(), states, settings.overdrawRecords(), next);
        }
        throw unknown(operator);
    }

    /**
     * The stage of one of two inputs.
     *
     * @param side 0 or 1
     */
    Stage side(Operator operator, int side, Stage next) {
        if (operator instanceof Operator.Pair pair) {
            return stage(side == 0 ? pair.first() : pair.second(), next);
        }
        if (operator instanceof Operator.Join join) {
            return new JoinStage(
                    self, flow, side == 0 ? join.firstKey() : join.secondKey(), join.function(), joined, side, next);
        }
        throw unknown(operator);
    }

    private IllegalArgumentException unknown(Operator operator) {
        return new IllegalArgumentException("Operator '" + self.name() + "' is of the unknown kind "
                + operator.getClass().getSimpleName() + ".");
    }
}
