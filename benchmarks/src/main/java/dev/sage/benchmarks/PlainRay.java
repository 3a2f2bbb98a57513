package dev.sage.benchmarks;

import io.ray.api.ActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.PyActorHandle;
import io.ray.api.Ray;
import io.ray.api.function.PyActorClass;
import io.ray.api.function.PyActorMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.LongFunction;

/**
 * What Sage is compared with: a driver that calls actors of its own by Ray's Java API, as somebody would write it without
 * Sage. It has the jars of a Ray installation on its class path, which must never be on that of Sage.
 *
 * <p>Reads lines {@code sync ACTOR MILLIS} and {@code async ACTOR MILLIS CALLS-UNDER-WAY}, and answers each with a line that
 * begins with {@link #MARK}: the times of all calls, or how many there were and how long that took, in nanoseconds.
 */
public final class PlainRay {
    static final String MARK = "plain:";

    private static final PyActorMethod<Long> PYTHON_ECHO = PyActorMethod.of("echo", Long.class);

    private final Map<String, LongFunction<ObjectRef<Long>>> actors = new HashMap<>();

    private PlainRay(int wide) {
        for (int concurrency : new int[] {1, wide}) {
            ActorHandle<Echo> java =
                    Ray.actor(Echo::new).setMaxConcurrency(concurrency).remote();
            PyActorHandle python = Ray.actor(PyActorClass.of("echo", "Echo"))
                    .setMaxConcurrency(concurrency)
                    .remote();
            String suffix = concurrency == 1 ? "" : "-wide";
            actors.put("java" + suffix, number -> java.task(Echo::echo, number).remote());
            actors.put(
                    "python" + suffix,
                    number -> python.task(PYTHON_ECHO, number).remote());
        }
        actors.values().forEach(actor -> actor.apply(0).get());
    }

    /**
     * Answers what is asked on its input, until that ends.
     *
     * @param args how many calls a wide actor runs at once
     */
    public static void main(String[] args) throws IOException {
        Ray.init();
        PlainRay plain = new PlainRay(Integer.parseInt(args[0]));
        say("ready");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                say(plain.answer(line.split(" ")));
            }
        }
        Ray.shutdown();
    }

    private static void say(String what) {
        System.out.println(MARK + what);
    }

    private String answer(String[] words) {
        LongFunction<ObjectRef<Long>> actor = Objects.requireNonNull(actors.get(words[1]), words[1]);
        long nanos = Long.parseLong(words[2]) * 1_000_000;
        return words[0].equals("sync") ? sync(actor, nanos) : async(actor, nanos, Integer.parseInt(words[3]));
    }

    private static String sync(LongFunction<ObjectRef<Long>> actor, long nanos) {
        StringBuilder took = new StringBuilder();
        long until = System.nanoTime() + nanos;
        for (long start = System.nanoTime(); start - until < 0; start = System.nanoTime()) {
            actor.apply(start).get();
            took.append(System.nanoTime() - start).append(' ');
        }
        return took.toString();
    }

    private static String async(LongFunction<ObjectRef<Long>> actor, long nanos, int underWay) {
        Queue<ObjectRef<Long>> pending = new ArrayDeque<>();
        long began = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - began < nanos) {
            while (pending.size() < underWay) {
                pending.add(actor.apply(calls++));
            }
            pending.remove().get();
        }
        pending.forEach(ObjectRef::get);
        return calls + " " + (System.nanoTime() - began);
    }
}
