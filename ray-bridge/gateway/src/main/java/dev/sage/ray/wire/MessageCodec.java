package dev.sage.ray.wire;

import dev.sage.ray.wire.ActorSpec.CodeFile;
import dev.sage.ray.wire.ActorSpec.Language;
import dev.sage.ray.wire.Message.ActorState;
import dev.sage.ray.wire.Message.Actors;
import dev.sage.ray.wire.Message.Attach;
import dev.sage.ray.wire.Message.Call;
import dev.sage.ray.wire.Message.CleanUp;
import dev.sage.ray.wire.Message.CleanUpAndKill;
import dev.sage.ray.wire.Message.Cleaned;
import dev.sage.ray.wire.Message.Cleaning;
import dev.sage.ray.wire.Message.Create;
import dev.sage.ray.wire.Message.Died;
import dev.sage.ray.wire.Message.Done;
import dev.sage.ray.wire.Message.Failed;
import dev.sage.ray.wire.Message.Leave;
import dev.sage.ray.wire.Message.ListActors;
import dev.sage.ray.wire.Message.Ping;
import dev.sage.ray.wire.Message.Ready;
import dev.sage.ray.wire.Message.Reap;
import dev.sage.ray.wire.Message.Reaped;
import dev.sage.ray.wire.Message.ReapedActor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as bytes: a number for the kind, then the fields in their order; a call's payload is what is left. */
final class MessageCodec {
    private static final byte[] NOTHING = new byte[0];

    private MessageCodec() {}

    /** The bytes at the end of a frame, that are not copied. */
    static byte[] tail(Message message) {
        if (message instanceof Call call) {
            return call.body();
        }
        return message instanceof Done done ? done.reply() : NOTHING;
    }

    /** All but the tail. */
    static void write(Message message, DataOutputStream out) throws IOException {
        if (message instanceof Call call) {
            out.writeByte(1);
            text(call.actor(), out);
        } else if (message instanceof Done) {
            out.writeByte(2);
        } else if (message instanceof Failed failed) {
            out.writeByte(3);
            failure(failed.failure(), out);
        } else if (message instanceof Create create) {
            out.writeByte(4);
            out.writeLong(create.timeoutMillis());
            spec(create.spec(), out);
        } else if (message instanceof CleanUpAndKill ask) {
            out.writeByte(5);
            text(ask.actor(), out);
            out.writeLong(ask.timeoutMillis());
        } else if (message instanceof Cleaned cleaned) {
            out.writeByte(6);
            text(cleaned.result().cleaning().name(), out);
            out.writeBoolean(cleaned.result().killed());
            out.writeLong(cleaned.result().cleanUpMillis());
            out.writeLong(cleaned.result().killMillis());
            text(cleaned.result().problem(), out);
        } else if (message instanceof ListActors) {
            out.writeByte(7);
        } else if (message instanceof Actors list) {
            out.writeByte(8);
            list(list.actors(), out, actor -> {
                text(actor.name(), out);
                text(actor.state(), out);
                out.writeLong(actor.restarts());
            });
        } else if (message instanceof Reap reap) {
            out.writeByte(9);
            out.writeLong(reap.timeoutMillis());
            list(reap.actors(), out, name -> text(name, out));
        } else if (message instanceof Reaped reaped) {
            out.writeByte(10);
            list(reaped.actors(), out, actor -> {
                text(actor.name(), out);
                text(actor.problem(), out);
            });
        } else if (message instanceof Ping) {
            out.writeByte(11);
        } else if (message instanceof Leave) {
            out.writeByte(12);
        } else if (message instanceof Ready ready) {
            out.writeByte(13);
            text(ready.namespace(), out);
        } else if (message instanceof Attach attach) {
            out.writeByte(14);
            text(attach.actor(), out);
            out.writeInt(attach.concurrency());
        } else if (message instanceof Died died) {
            out.writeByte(15);
            text(died.actor(), out);
            text(died.reason(), out);
        }
    }

    static Message read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 1 -> new Call(text(in), in.readAllBytes());
            case 2 -> new Done(in.readAllBytes());
            case 3 -> new Failed(failure(in));
            case 4 -> {
                long timeoutMillis = in.readLong();
                yield new Create(spec(in), timeoutMillis);
            }
            case 5 -> new CleanUpAndKill(text(in), in.readLong());
            case 6 ->
                new Cleaned(new CleanUp(
                        Cleaning.valueOf(text(in)), in.readBoolean(), in.readLong(), in.readLong(), text(in)));
            case 7 -> new ListActors();
            case 8 -> new Actors(list(in, () -> new ActorState(text(in), text(in), in.readLong())));
            case 9 -> {
                long timeoutMillis = in.readLong();
                yield new Reap(list(in, () -> text(in)), timeoutMillis);
            }
            case 10 -> new Reaped(list(in, () -> new ReapedActor(text(in), text(in))));
            case 11 -> new Ping();
            case 12 -> new Leave();
            case 13 -> new Ready(text(in));
            case 14 -> new Attach(text(in), in.readInt());
            case 15 -> new Died(text(in), text(in));
            default -> throw new IOException("message " + kind + " is not known here");
        };
    }

    private static void failure(Failure failure, DataOutputStream out) throws IOException {
        text(failure.kind().name(), out);
        text(failure.type(), out);
        text(failure.message(), out);
        text(failure.trace(), out);
        bytes(failure.thrown(), out);
    }

    private static Failure failure(DataInputStream in) throws IOException {
        return new Failure(Failure.Kind.valueOf(text(in)), text(in), text(in), text(in), bytes(in));
    }

    private static void spec(ActorSpec spec, DataOutputStream out) throws IOException {
        text(spec.name(), out);
        text(spec.language().name(), out);
        text(spec.module(), out);
        text(spec.type(), out);
        text(spec.target(), out);
        list(spec.paths(), out, path -> text(path, out));
        list(spec.files(), out, file -> {
            text(file.name(), out);
            bytes(file.bytes(), out);
        });
        bytes(spec.arguments(), out);
        bytes(spec.named(), out);
        out.writeDouble(spec.cpus());
        out.writeDouble(spec.gpus());
        list(List.copyOf(spec.resources().entrySet()), out, resource -> {
            text(resource.getKey(), out);
            out.writeDouble(resource.getValue());
        });
        out.writeInt(spec.maxRestarts());
        out.writeInt(spec.concurrency());
        out.writeBoolean(spec.detached());
        list(spec.jvmOptions(), out, option -> text(option, out));
    }

    private static ActorSpec spec(DataInputStream in) throws IOException {
        return new ActorSpec(
                text(in),
                Language.valueOf(text(in)),
                text(in),
                text(in),
                text(in),
                list(in, () -> text(in)),
                list(in, () -> new CodeFile(text(in), bytes(in))),
                bytes(in),
                bytes(in),
                in.readDouble(),
                in.readDouble(),
                resources(in),
                in.readInt(),
                in.readInt(),
                in.readBoolean(),
                list(in, () -> text(in)));
    }

    private static Map<String, Double> resources(DataInputStream in) throws IOException {
        Map<String, Double> resources = new LinkedHashMap<>();
        list(in, () -> resources.put(text(in), in.readDouble()));
        return resources;
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a field of " + length + " bytes, where " + in.available() + " are left");
        }
        return in.readNBytes(length);
    }

    private static <T> void list(List<T> values, DataOutputStream out, Writer<T> each) throws IOException {
        out.writeInt(values.size());
        for (T value : values) {
            each.write(value);
        }
    }

    private static <T> List<T> list(DataInputStream in, Reader<T> each) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > in.available()) {
            throw new EOFException("a list of " + size + ", where " + in.available() + " bytes are left");
        }
        List<T> values = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            values.add(each.read());
        }
        return values;
    }

    private interface Writer<T> {
        void write(T value) throws IOException;
    }

    private interface Reader<T> {
        T read() throws IOException;
    }
}
