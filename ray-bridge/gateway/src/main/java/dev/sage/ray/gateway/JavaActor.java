package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorForm;
import dev.sage.ray.wire.ActorSpec.Lifeline;
import dev.sage.ray.wire.Bundle;
import dev.sage.ray.wire.Codec;
import dev.sage.ray.wire.Conversion;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Invocation;
import dev.sage.ray.wire.JavaObjects;
import dev.sage.ray.wire.Reply;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The actor that Sage makes on Ray for a user's Java class: loads it, calls its methods, answers in bytes. It is the Java
 * half of what {@code sage_actor.py} is for Python, and throws nothing to Ray either.
 */
public final class JavaActor {
    /** A gateway that ends a connection sooner wants none. */
    private static final long HUNG_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private @Nullable JavaTarget target;
    private @Nullable Reply problem;
    /** Closed by the end of the process. */
    private @Nullable Socket lifeline;

    private @Nullable BundleAnswers answers;
    /** Of an actor that runs several calls at once. */
    private @Nullable BundleThreads threads;

    /** On a worker of Ray. */
    public JavaActor(byte[] spec) {
        this(spec, Clock.systemUTC());
    }

    JavaActor(byte[] spec, Clock clock) {
        this.clock = clock;
        try {
            ActorForm form = ActorForm.read(spec);
            target = JavaTarget.made(form);
            Socket held = connected(form.lifeline());
            lifeline = held;
            threads = form.concurrency() > 1 ? new BundleThreads(new EarlyAnswers(held), form.concurrency()) : null;
            if (held != null && !form.detached()) {
                Thread thread = new Thread(() -> endWithGateway(held, form.lifeline()), "sage-lifeline");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (Throwable e) {
            problem = failed(Kind.START, e);
        }
    }

    /** Without one, the death of the actor is noticed by the next call only. */
    private static @Nullable Socket connected(Lifeline lifeline) {
        try {
            Socket socket = new Socket(lifeline.host(), lifeline.port());
            socket.getOutputStream().write(lifeline.token().getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException unreachable) {
            return null;
        }
    }

    /** As Ray has it; but without its GCS, Ray itself would take a minute. A connection that broke is made anew. */
    private static void endWithGateway(Socket held, Lifeline lifeline) {
        Socket connection = held;
        while (connection != null) {
            long sinceNs = System.nanoTime();
            awaitEnd(connection);
            connection = System.nanoTime() - sinceNs > HUNG_UP_NANOS ? connected(lifeline) : null;
        }
        Runtime.getRuntime().halt(1);
    }

    private static void awaitEnd(Socket connection) {
        try (connection) {
            connection.getInputStream().read();
        } catch (IOException reset) {
            // As good as its end.
        }
    }

    /** Whether the object was made. */
    public byte[] ready() {
        return (problem == null ? new Reply.Value(Envelope.write(null)) : problem).written();
    }

    /** Answers with a {@link Reply}, or with those of a {@link Bundle}. */
    public byte[] invoke(byte[] call) {
        JavaTarget called = target;
        if (called == null) {
            return ready();
        }
        return Bundle.is(call) ? bundle(called, Bundle.read(call)) : answer(called, call);
    }

    private byte[] bundle(JavaTarget called, Bundle bundle) {
        if (threads != null) {
            return threads.run(bundle, call -> answer(called, call));
        }
        if (answers == null) {
            answers = new BundleAnswers(new EarlyAnswers(lifeline));
        }
        answers.begin(bundle.number());
        for (byte[] call : bundle.calls()) {
            answers.add(answer(called, call));
        }
        return answers.end();
    }

    private byte[] answer(JavaTarget called, byte[] call) {
        Thread.currentThread().setContextClassLoader(called.classes());
        try {
            return invoked(called, Invocation.read(call)).written();
        } catch (EnvelopeException e) {
            return failed(Kind.VALUE, e).written();
        }
    }

    /** As the target's own, if it has one. */
    public byte[] cleanup() {
        JavaTarget called = target;
        if (called == null) {
            return new Reply.Value(Envelope.write(null)).written();
        }
        Thread.currentThread().setContextClassLoader(called.classes());
        try {
            called.cleanUp();
            return new Reply.Value(Envelope.write(null)).written();
        } catch (Throwable e) {
            return failed(Kind.USER, e).written();
        }
    }

    /** By another gateway than the one that made it. */
    public byte[] watched(byte[] connection) {
        lifeline =
                connected(Objects.requireNonNull((Lifeline) Conversion.to(Lifeline.class, Envelope.read(connection))));
        return new Reply.Value(Envelope.write(null)).written();
    }

    private Reply invoked(JavaTarget called, Invocation call) {
        long deadline = call.deadlineEpochMillis();
        if (deadline != 0 && clock.millis() > deadline) {
            return new Reply.Failed(Failure.of(
                    Kind.EXPIRED,
                    "The deadline of " + call.method() + "(…) had passed when its turn came; it was not executed."));
        }
        Codec codec = Codec.of(call.payload());
        List<?> arguments = read(call.payload(), called.classes());
        if (call.kind() == Invocation.Kind.ONE) {
            return one(called, call.method(), arguments, codec);
        }
        List<Reply> replies = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        boolean whole = true;
        for (Object record : arguments) {
            List<?> each = call.kind() == Invocation.Kind.EACH ? Arrays.asList(record) : list(record, "the arguments");
            try {
                values.add(called.call(call.method(), each, codec));
                replies.add(new Reply.Value(new byte[0]));
            } catch (Throwable e) {
                whole = false;
                values.add(null);
                replies.add(thrown(e));
            }
        }
        if (whole) {
            try {
                return new Reply.Value(written(codec == Codec.JAVA ? values.toArray() : values, codec));
            } catch (EnvelopeException tellsNotWhichRecord) {
                // The replies below do.
            }
        }
        for (int index = 0; index < values.size(); index++) {
            if (replies.get(index) instanceof Reply.Value) {
                replies.set(index, value(values.get(index), codec));
            }
        }
        return new Reply.Partial(replies);
    }

    private static Reply one(JavaTarget called, String method, List<?> arguments, Codec codec) {
        try {
            return value(called.call(method, arguments, codec), codec);
        } catch (Throwable e) {
            return thrown(e);
        }
    }

    private static Reply value(@Nullable Object value, Codec codec) {
        try {
            return new Reply.Value(written(value, codec));
        } catch (EnvelopeException e) {
            return failed(Kind.VALUE, e);
        }
    }

    private static byte[] written(@Nullable Object value, Codec codec) {
        return codec == Codec.JAVA ? JavaObjects.write(value) : Envelope.write(value);
    }

    static List<?> read(byte[] payload, ClassLoader classes) {
        return list(
                Codec.of(payload) == Codec.JAVA ? JavaObjects.read(payload, classes) : Envelope.read(payload),
                "the arguments");
    }

    private static List<?> list(@Nullable Object value, String what) {
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new EnvelopeException("no list where " + what + " are expected");
    }

    private static Reply thrown(Throwable e) {
        if (e instanceof JavaTarget.NoMethod) {
            return new Reply.Failed(Failure.of(Kind.METHOD, String.valueOf(e.getMessage())));
        }
        return failed(e instanceof EnvelopeException ? Kind.VALUE : Kind.USER, e);
    }

    private static Reply failed(Kind kind, Throwable e) {
        return new Reply.Failed(JavaFailures.of(kind, e));
    }
}
