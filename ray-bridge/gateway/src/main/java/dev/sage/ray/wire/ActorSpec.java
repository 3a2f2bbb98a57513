package dev.sage.ray.wire;

import java.util.List;
import java.util.Map;

/**
 * What an actor is to be.
 *
 * @param name by which Ray knows it, {@code job_{jobId}_{epoch}_{name}}
 * @param module Python: the module that has the class, also as the name of its file; empty for Java
 * @param type the class; for Java the full name, or empty when the one argument is the object itself
 * @param target Java: the method without parameters that gives the object to be called, such as {@code create} of a factory;
 *     empty when it is the object itself
 * @param paths files and folders with the code, there on each machine that may run the actor
 * @param files code that is sent along
 * @param arguments of the constructor, a payload that holds a list (or, for {@link Codec#JAVA}, an {@code Object[]})
 * @param named arguments of a Python constructor, a payload that holds a map; empty for none
 * @param cpus that Ray reserves
 * @param gpus that Ray reserves, parts of one allowed
 * @param resources that Ray reserves, by the names that the cluster gave them
 * @param maxRestarts by Ray, when the actor dies; -1 for any number
 * @param concurrency how many calls may run at once
 * @param detached whether it lives on when the gateway ends
 * @param jvmOptions of a Java actor's worker
 */
@SuppressWarnings("ArrayRecordComponent")
public record ActorSpec(
        String name,
        Language language,
        String module,
        String type,
        String target,
        List<String> paths,
        List<CodeFile> files,
        byte[] arguments,
        byte[] named,
        double cpus,
        double gpus,
        Map<String, Double> resources,
        int maxRestarts,
        int concurrency,
        boolean detached,
        List<String> jvmOptions) {

    /** What an actor is written in. */
    public enum Language {
        PYTHON,
        JAVA
    }

    /**
     * A file of code.
     *
     * @param name relative, with {@code /} between folders
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record CodeFile(String name, byte[] bytes) {}

    /**
     * A connection that an actor holds for as long as its process lives.
     *
     * @param token that nobody else knows, of {@value #TOKEN_CHARACTERS} characters
     */
    public record Lifeline(String host, int port, String token) {
        /** Of a token, which are hexadecimal digits. */
        public static final int TOKEN_CHARACTERS = 32;
    }

    /** One that Ray does not restart, that runs one call at a time, and that ends with the gateway. */
    public static ActorSpec python(String name, String module, String type, List<String> paths) {
        return simple(name, Language.PYTHON, module, type, paths);
    }

    /** As {@link #python}, of a class with a constructor without parameters. */
    public static ActorSpec java(String name, String type, List<String> paths) {
        return simple(name, Language.JAVA, "", type, paths);
    }

    private static ActorSpec simple(String name, Language language, String module, String type, List<String> paths) {
        byte[] none = Envelope.write(List.of());
        return new ActorSpec(
                name,
                language,
                module,
                type,
                "",
                paths,
                List.of(),
                none,
                new byte[0],
                0,
                0,
                Map.of(),
                0,
                1,
                false,
                List.of());
    }

    /**
     * What the actor itself must know, as its only constructor argument.
     *
     * @param lifeline where it connects to, so that its death is seen, and, unless it is detached, that of the gateway
     */
    public byte[] forActor(Lifeline lifeline) {
        return Envelope.write(new ActorForm(
                name, module, type, target, paths, files, arguments, named, concurrency, lifeline, detached));
    }

    public ActorSpec withArguments(byte[] payload) {
        Draft changed = new Draft(this);
        changed.arguments = payload;
        return changed.done();
    }

    public ActorSpec withNamed(byte[] payload) {
        Draft changed = new Draft(this);
        changed.named = payload;
        return changed.done();
    }

    public ActorSpec withTarget(String method) {
        Draft changed = new Draft(this);
        changed.target = method;
        return changed.done();
    }

    public ActorSpec withFiles(List<CodeFile> code) {
        Draft changed = new Draft(this);
        changed.files = code;
        return changed.done();
    }

    public ActorSpec withResources(double cpuShare, double gpuShare, Map<String, Double> others) {
        Draft changed = new Draft(this);
        changed.cpus = cpuShare;
        changed.gpus = gpuShare;
        changed.resources = others;
        return changed.done();
    }

    public ActorSpec withMaxRestarts(int times) {
        Draft changed = new Draft(this);
        changed.maxRestarts = times;
        return changed.done();
    }

    public ActorSpec withConcurrency(int calls) {
        Draft changed = new Draft(this);
        changed.concurrency = calls;
        return changed.done();
    }

    public ActorSpec outliving() {
        Draft changed = new Draft(this);
        changed.detached = true;
        return changed.done();
    }

    /** One with some components changed. */
    private static final class Draft {
        private final ActorSpec rest;
        private String target;
        private List<CodeFile> files;
        private byte[] arguments;
        private byte[] named;
        private double cpus;
        private double gpus;
        private Map<String, Double> resources;
        private int maxRestarts;
        private int concurrency;
        private boolean detached;

        Draft(ActorSpec from) {
            rest = from;
            target = from.target;
            files = from.files;
            arguments = from.arguments;
            named = from.named;
            cpus = from.cpus;
            gpus = from.gpus;
            resources = from.resources;
            maxRestarts = from.maxRestarts;
            concurrency = from.concurrency;
            detached = from.detached;
        }

        ActorSpec done() {
            return new ActorSpec(
                    rest.name,
                    rest.language,
                    rest.module,
                    rest.type,
                    target,
                    rest.paths,
                    files,
                    arguments,
                    named,
                    cpus,
                    gpus,
                    resources,
                    maxRestarts,
                    concurrency,
                    detached,
                    rest.jvmOptions);
        }
    }
}
