package dev.sage.api;

import dev.sage.api.graph.FileFormat;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The part of an environment that is the same for every runtime: it records the graph. Runtimes extend it. */
public abstract class GraphEnvironment implements Environment {
    private final String name;
    private final Map<String, DeclaredService<?>> shared = new ConcurrentHashMap<>();
    private GraphBuilder builder;

    protected GraphEnvironment(String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.builder = new GraphBuilder(name);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final <T> DataStream<T> fromCollection(Collection<? extends T> elements) {
        for (T element : elements) {
            if (element == null) {
                throw new InvalidGraphException("fromCollection was given a null element; a record is never null.");
            }
        }
        return builder.source("collection", new Operator.CollectionSource(List.copyOf(elements)));
    }

    @Override
    public final DataStream<Long> fromRange(long from, long to) {
        if (from > to) {
            throw new InvalidGraphException(
                    "fromRange(" + from + ", " + to + "): the first must not exceed the second.");
        }
        Math.subtractExact(to, from);
        return builder.source("range", new Operator.RangeSource(from, to));
    }

    @Override
    public final <T> DataStream<T> generate(Rate rate, long count, GeneratorFunction<T> function) {
        if (count < 0) {
            throw new InvalidGraphException(
                    "generate was given the count " + count + "; it must not be negative. Leave it out for no end.");
        }
        Objects.requireNonNull(rate, "rate");
        Objects.requireNonNull(function, "function");
        return builder.source("generator", new Operator.GeneratorSource(rate, count, function));
    }

    @Override
    public final DataStream<String> fromFiles(InputFiles files) {
        return builder.source("file-lines", new Operator.FileSource(files, new FileFormat.Lines()));
    }

    @Override
    public final <T> DataStream<T> fromJsonLines(InputFiles files, Class<T> type) {
        Objects.requireNonNull(type, "type");
        return builder.source("json-lines", new Operator.FileSource(files, new FileFormat.JsonLines(type)));
    }

    @Override
    public final <T> DataStream<T> fromCsv(InputFiles files, Class<T> type) {
        Objects.requireNonNull(type, "type");
        return builder.source("csv", new Operator.FileSource(files, new FileFormat.Csv(type)));
    }

    @Override
    public final <T> DataStream<T> fromBatch(BatchFunction<T> function) {
        return builder.source("batch", new Operator.BatchSource(Objects.requireNonNull(function, "function")));
    }

    @Override
    public final <T> DataStream<T> fromSource(SourceFunction<T> function) {
        return builder.source("source", new Operator.StreamSource(Objects.requireNonNull(function, "function")));
    }

    @Override
    public final <S extends Service> ServiceDeclaration<S> service(String name, ServiceFactory<S> factory) {
        return builder.service(name, new ServiceBody.InJvm(Objects.requireNonNull(factory, "factory")));
    }

    @Override
    public final ServiceDeclaration<RayEndpoint> service(String name, RayService actor) {
        return builder.service(name, new ServiceBody.OnRay(Objects.requireNonNull(actor, "actor")));
    }

    @Override
    public final <S extends Service> ServiceDeclaration<S> service(
            String name, ServiceFactory<S> factory, Remote where) {
        Objects.requireNonNull(factory, "factory");
        return builder.service(
                name, new ServiceBody.OnRay(RayService.factory(factory, Objects.requireNonNull(where, "where"))));
    }

    @Override
    public final ServiceDeclaration<RayEndpoint> sharedService(String serviceName, RayService actor) {
        return shared(serviceName, new ServiceBody.OnRay(Objects.requireNonNull(actor, "actor")));
    }

    @Override
    public final <S extends Service> ServiceDeclaration<S> sharedService(
            String serviceName, ServiceFactory<S> factory) {
        return shared(serviceName, new ServiceBody.InJvm(Objects.requireNonNull(factory, "factory")));
    }

    @Override
    public final ServiceDeclaration<ProcessEndpoint> service(String name, ProcessService program) {
        return builder.service(name, new ServiceBody.OfProcess(Objects.requireNonNull(program, "program"), false));
    }

    @Override
    public final ServiceDeclaration<ProcessEndpoint> atClient(String name, ProcessService program) {
        return builder.service(name, new ServiceBody.OfProcess(Objects.requireNonNull(program, "program"), true));
    }

    @Override
    public final ServiceDeclaration<ProcessEndpoint> sharedService(String serviceName, ProcessService program) {
        return shared(serviceName, new ServiceBody.OfProcess(Objects.requireNonNull(program, "program"), false));
    }

    @Override
    public final void command(String commandName, ProcessService program) {
        builder.source("command", new Operator.CommandSource(Objects.requireNonNull(program, "program")))
                .name(commandName)
                .sink(record -> {});
    }

    private <S extends Service> ServiceDeclaration<S> shared(String serviceName, ServiceBody body) {
        DeclaredService<S> declared = DeclaredService.shared(serviceName, body, this);
        if (shared.putIfAbsent(serviceName, declared) != null) {
            throw new InvalidGraphException("Environment '" + name + "' has a shared service '" + serviceName
                    + "' already. Use its reference, or give this one another name.");
        }
        return declared;
    }

    @Override
    public final String explain() {
        return explain(builder.graph());
    }

    @Override
    public final JobHandle submit(SubmitOptions options) {
        JobHandle handle = submit(builder.graph(), options);
        builder.close();
        builder = new GraphBuilder(name);
        return handle;
    }

    @Override
    public final JobResult run(SubmitOptions options) throws InterruptedException {
        JobResult result = submit(options).awaitClean();
        if (result.state() == JobState.CANCELLED || result.state() == JobState.STOPPED) {
            throw new JobCancelledException(result);
        }
        return result;
    }

    /** The plan of a graph, as text. */
    protected abstract String explain(JobGraph graph);

    /** Starts a shared service. Does not wait: its calls do. Called once, or again when it throws; by one thread at a time. */
    protected abstract ServiceCaller startShared(ServiceSpec service);

    /** For runtimes whose jobs need a shared service to be there before one of them calls it: starts it, if nobody has. */
    protected final void startShared(String serviceName) {
        DeclaredService<?> declared = shared.get(serviceName);
        if (declared != null) {
            declared.startShared();
        }
    }

    /** Whoever starts a shared service holds this. */
    final Object sharedStarts() {
        return shared;
    }

    /** Starts a graph; throws before anything was started when it cannot run. */
    protected abstract JobHandle submit(JobGraph graph, SubmitOptions options);
}
