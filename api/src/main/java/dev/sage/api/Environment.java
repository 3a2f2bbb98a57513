package dev.sage.api;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Where a pipeline is built and submitted. What is declared (services, streams) belongs to the next job: a submit takes
 * all of it, and the next declaration begins another job. So several jobs of one environment run side by side, and their
 * names never meet.
 *
 * <p>Building is for one thread at a time; everything else may be called from any thread.
 */
public interface Environment extends AutoCloseable {
    /** As it was created; its jobs have the same. */
    String name();

    /** The elements in their order; with a parallelism, in contiguous parts. The collection is copied. */
    <T> DataStream<T> fromCollection(Collection<? extends T> elements);

    /** The numbers {@code from ≤ n < to}; with a parallelism, in contiguous parts. */
    DataStream<Long> fromRange(long from, long to);

    /**
     * The values of a function of 0, 1, 2, … below a count, at a rate. Record {@code n} is due {@code n / rate} after the
     * start: over time the rate is exact, within about a millisecond. What could not be emitted when it was due, because
     * what follows is slow, is made up for at once, but never more than {@code sage.source.catch-up} of it; a pause is not
     * made up for.
     *
     * <p>With a parallelism instance {@code i} of {@code p} makes the records {@code i, i + p, i + 2p, …}; the rate is that
     * of all together.
     */
    <T> DataStream<T> generate(Rate rate, long count, GeneratorFunction<T> function);

    /** As {@link #generate(Rate, long, GeneratorFunction)}, until the job is stopped. */
    default <T> DataStream<T> generate(Rate rate, GeneratorFunction<T> function) {
        return generate(rate, Long.MAX_VALUE, function);
    }

    /**
     * The lines of files of UTF-8 text, without their ends ({@code \n} or {@code \r\n}); malformed bytes become U+FFFD.
     * With a parallelism the bytes are divided evenly, also within a file. A line longer than
     * {@code sage.source.max-line-bytes} fails the job with the file and the offset.
     */
    DataStream<String> fromFiles(InputFiles files);

    /** The lines of these files, see {@link #fromFiles(InputFiles)}. */
    default DataStream<String> fromFiles(List<Path> files) {
        return fromFiles(new InputFiles.Listed(files));
    }

    /** The lines of the files that match, see {@link InputFiles#matching}. */
    default DataStream<String> fromFiles(String glob) {
        return fromFiles(InputFiles.matching(glob));
    }

    /** The lines of one file, see {@link #fromFiles(InputFiles)}. */
    default DataStream<String> fromFile(Path file) {
        return fromFiles(InputFiles.of(file));
    }

    /**
     * One value per line, read from JSON: records, beans, maps, lists, strings, numbers. Divided as the lines of {@link
     * #fromFiles(InputFiles)}; blank lines are no records. A line that is no JSON, does not fit the type (an unknown
     * property, a missing number) or is {@code null} fails the job with the file and the offset.
     */
    <T> DataStream<T> fromJsonLines(InputFiles files, Class<T> type);

    /** As {@link #fromJsonLines(InputFiles, Class)}, from one file. */
    default <T> DataStream<T> fromJsonLines(Path file, Class<T> type) {
        return fromJsonLines(InputFiles.of(file), type);
    }

    /**
     * One record or bean per row of CSV (RFC 4180: commas, quotes, line ends within quotes; UTF-8). The first row of each
     * file names the columns, in any order, each component or property once. An empty field is null, {@code ""} an empty
     * string; blank lines are no rows. A row that does not fit fails the job with the file and the offset.
     *
     * <p>With a parallelism whole files are divided, as the middle of a file does not tell what is within quotes. A row
     * longer than {@code sage.source.max-line-bytes} fails the job.
     */
    <T> DataStream<T> fromCsv(InputFiles files, Class<T> type);

    /** As {@link #fromCsv(InputFiles, Class)}, from one file. */
    default <T> DataStream<T> fromCsv(Path file, Class<T> type) {
        return fromCsv(InputFiles.of(file), type);
    }

    /** A source with an end; its parallelism is 1. */
    <T> DataStream<T> fromBatch(BatchFunction<T> function);

    /** A source that runs until it is stopped, or says that it has ended; its parallelism is 1. */
    <T> DataStream<T> fromSource(SourceFunction<T> function);

    /** Declares a service of the job that is being built; started before its tasks, stopped after them. */
    <S extends Service> ServiceDeclaration<S> service(String name, ServiceFactory<S> factory);

    /**
     * Declares a process as a service of the job that is being built; it has its turn among them by {@link
     * ServiceDeclaration#dependsOn}. It is called by {@code declaration.as(ProcessEndpoint.class)}. The job waits until it
     * has all GPUs and ports that its programs ask for, and gives them back when they have been seen to be gone. Nothing of
     * it outlives this JVM, however that ends.
     */
    ServiceDeclaration<ProcessEndpoint> service(String name, ProcessService program);

    /**
     * Declares an actor of Ray as a service of the job that is being built; it has its turn among them by {@link
     * ServiceDeclaration#dependsOn}. It is called as any other: by name, {@code declaration.call("embed", text)}, by an
     * interface whose methods have the names and parameters of its own, {@code declaration.as(Embedder.class)}, or by
     * {@code declaration.as(RayEndpoint.class)}. The first one starts the way to Ray, if need be with a cluster of one, which
     * can take a while. None outlives the job, however that ends.
     */
    ServiceDeclaration<RayEndpoint> service(String name, RayService actor);

    /**
     * As {@link #service(String, ServiceFactory)}, in an actor of Ray instead of this JVM. Arguments and answers are copied:
     * they have to be serializable; so does what the factory holds. From there it
     * can call no other service, and has none of the job's GPUs and ports.
     */
    <S extends Service> ServiceDeclaration<S> service(String name, ServiceFactory<S> factory, Remote where);

    /**
     * As {@link #service(String, ProcessService)}, but beside the caller of this method, wherever the job runs: for what
     * only this machine has, as files or a licence. It ends with the job, or with this JVM. In a local environment that is
     * the same.
     *
     * <p>Of a job at a node it is started by the submission, which waits until it is ready, and throws a {@link
     * SageException} of code {@code service.failed} when it does not start. It is reached by the node at this machine's
     * address, may depend on other services at the client only, and can neither be kept nor belong to a {@linkplain
     * SubmitOptions#detached detached} job.
     */
    ServiceDeclaration<ProcessEndpoint> atClient(String name, ProcessService program);

    /**
     * Declares a program as work of the job that is being built, beside its streams if there are any: the job runs until
     * it has ended. What it leaves running then is ended with it. An exit code other than 0 fails the job, see {@link
     * CommandFailedException}. A stop or cancel of the job ends it by TERM, a time of grace and KILL; a pause
     * does not reach it. What it prints goes to the job's output, see {@link JobHandle#output}.
     *
     * @param name of the operator, once in the job
     */
    void command(String name, ProcessService program);

    /** As {@link #command(String, ProcessService)}, named {@code command}. */
    default void command(String... command) {
        command("command", ProcessService.command(command));
    }

    /**
     * Declares a service that belongs to this environment and outlives its jobs. All of them, and anybody else, call it by
     * the reference. The first call starts it; that call and those that come meanwhile wait for the start, at most {@code
     * sage.job.start-timeout}. It ends by {@link KeptService#end} or with the environment, after all jobs. When it fails,
     * calls fail with the code {@code service.failed} and its cause, and so do the jobs that make them.
     *
     * <p>When jobs run on a node, so does it, and the submission of a job whose functions or services hold the reference
     * counts as a call. Arguments and answers are copied: they have to be serializable, or records. A {@linkplain
     * SubmitOptions#detached detached} job cannot hold the reference, as it may outlive the environment.
     *
     * @param name once in an environment; such names and those of the jobs' services never meet
     */
    <S extends Service> ServiceDeclaration<S> sharedService(String name, ServiceFactory<S> factory);

    /**
     * As {@link #sharedService(String, ServiceFactory)}, a process. Its start waits in the queue for its GPUs and ports, with
     * the highest priority; what there can never be fails its calls with the code {@code service.failed}, and the numbers.
     */
    ServiceDeclaration<ProcessEndpoint> sharedService(String name, ProcessService program);

    /** As {@link #sharedService(String, ServiceFactory)}, an actor of Ray; see {@link #service(String, RayService)}. */
    ServiceDeclaration<RayEndpoint> sharedService(String name, RayService actor);

    /** What the runtime makes of the graph so far: tasks, chains and exchanges, as text. Starts nothing. */
    String explain();

    /** Starts what was declared, as a job that becomes IDLE after its last task. See {@link #submit(SubmitOptions)}. */
    default JobHandle submit() {
        return submit(SubmitOptions.keepRunning());
    }

    /**
     * Starts what was declared. Checks the graph, and does not wait for anything: a job that cannot start yet is {@link
     * JobState#QUEUED}, and what fails later is told by the handle.
     *
     * @throws InvalidGraphException when the graph cannot run; nothing was started, and nothing is forgotten
     * @throws SageException with code {@code environment.closed} when the environment was closed
     */
    JobHandle submit(SubmitOptions options);

    /**
     * Submits with {@link SubmitOptions#autostop()}, and blocks until everything is clean.
     *
     * @throws JobFailedException when the job failed; its cause is what the user's code threw
     * @throws JobCancelledException when somebody cancelled or stopped the job meanwhile
     */
    default JobResult run() throws InterruptedException {
        return run(SubmitOptions.autostop());
    }

    /** As {@link #run()}, with other options; those must include autostop or a deadline, or somebody else must end the job. */
    JobResult run(SubmitOptions options) throws InterruptedException;

    /** The services that outlived their jobs on request, as {@code jobId/name}, and the shared ones that were started, by name. */
    List<KeptService> keptServices();

    /** The GPUs and ports that jobs share, and the queue for them. Does not block; its methods do. */
    Resources resources();

    /** Drains and ends all jobs of this environment that have not ended, and waits until they are clean. */
    void stop() throws InterruptedException;

    /**
     * Cancels the jobs that have not ended, ends the kept and shared services, and ends the environment; blocks until all is
     * clean, at most {@code sage.environment.close-timeout}. Whoever waits for one of the jobs gets its result. Closing
     * twice does nothing, but also the second call waits.
     */
    @Override
    void close();
}
