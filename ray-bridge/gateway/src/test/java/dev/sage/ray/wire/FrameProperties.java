package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.ray.wire.ActorSpec.CodeFile;
import dev.sage.ray.wire.Failure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Frames arrive whole and in order, however the channel cuts them. */
class FrameProperties {
    private static final int MAX_BYTES = 1 << 20;

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        Arbitrary<byte[]> large =
                Arbitraries.of(60_000, 65_527, 65_536, 300_000).map(byte[]::new);
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<Message> any = Arbitraries.oneOf(
                bytes.map(Message.Done::new),
                large.map(Message.Done::new),
                text.flatMap(name -> bytes.map(body -> new Message.Call(name, body))),
                text.flatMap(name -> large.map(body -> new Message.Call(name, body))),
                text.map(name -> new Message.CleanUpAndKill(name, 5_000)),
                text.map(name -> new Message.Cleaned(new Message.CleanUp(Message.Cleaning.NOT_RUN, false, 1, 2, name))),
                text.map(name -> new Message.Attach(name, 3)),
                text.map(name -> new Message.Died(name, "gone")),
                text.map(Message.Ready::new),
                text.list().map(names -> new Message.Reap(names, 7)),
                text.list()
                        .map(names -> new Message.Reaped(names.stream()
                                .map(name -> new Message.ReapedActor(name, "p"))
                                .toList())),
                text.list()
                        .map(names -> new Message.Actors(names.stream()
                                .map(name -> new Message.ActorState(name, "ALIVE", 4))
                                .toList())),
                text.map(name -> new Message.Failed(new Failure(Kind.USER, name, "m", "t", new byte[] {1, 2}))),
                text.map(name -> new Message.Create(spec(name), 9)),
                Arbitraries.of(new Message.Ping(), new Message.Leave(), new Message.ListActors()));
        return any.list().ofMaxSize(12);
    }

    private static ActorSpec spec(String name) {
        return ActorSpec.python(name, "m", "C", List.of("a", "b"))
                .withArguments(Envelope.write(List.of(1)))
                .withNamed(Envelope.write(Map.of("a", 1)))
                .withTarget("create")
                .withFiles(List.of(new CodeFile("x/y.py", new byte[] {1})))
                .withResources(0.5, 2, Map.of("tpu", 1.5))
                .withMaxRestarts(-1)
                .withConcurrency(8)
                .outliving();
    }

    @Property(tries = 100)
    void framesArriveWholeAndInOrder(@ForAll("messages") List<Message> sent, @ForAll long seed) throws IOException {
        List<Frame> frames = new ArrayList<>();
        sent.forEach(message -> frames.add(new Frame(frames.size(), message)));
        byte[] wire = bytes(frames);
        List<Frame> received = new ArrayList<>();
        FrameReader reader = new FrameReader(new Slices(wire, new Random(seed)), MAX_BYTES);

        while (reader.read(received::add)) {}

        assertThat(received.stream().map(Frame::request)).containsExactlyElementsOf(numbers(sent.size()));
        assertThat(bytes(received)).isEqualTo(wire);
        assertThat(kinds(received)).isEqualTo(kinds(frames));
    }

    private static List<String> kinds(List<Frame> frames) {
        return frames.stream()
                .map(frame -> frame.message().getClass().getSimpleName())
                .toList();
    }

    @SuppressWarnings("ByteBufferBackingArray")
    private static byte[] bytes(List<Frame> frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            for (ByteBuffer part : frame.written(MAX_BYTES)) {
                bytes.write(part.array());
            }
        }
        return bytes.toByteArray();
    }

    private static List<Long> numbers(int count) {
        List<Long> numbers = new ArrayList<>();
        for (long number = 0; number < count; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    @Property(tries = 500)
    void bytesThatAreNoFrameEndTheConnection(@ForAll byte[] bytes, @ForAll long seed) {
        FrameReader reader = new FrameReader(new Slices(bytes, new Random(seed)), MAX_BYTES);
        try {
            while (reader.read(frame -> {})) {}
        } catch (IOException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @Example
    void aFrameThatIsTooLargeIsNeitherWrittenNorRead() {
        Frame large = new Frame(1, new Message.Done(new byte[1000]));

        assertThatThrownBy(() -> large.written(1000)).isInstanceOf(FrameTooLargeException.class);
        byte[] head = large.written(2000)[0].array();
        assertThatThrownBy(() -> new FrameReader(new Slices(head, new Random(1)), 1000).read(frame -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("a frame of 1009 bytes, where 9 to 1000 are allowed");
    }

    /** Gives what it has in parts of random size, of which some are empty, as a channel that does not block. */
    private static final class Slices implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private final Random random;

        Slices(byte[] bytes, Random random) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.random = random;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int most = random.nextInt(4) == 0 ? random.nextInt(10) : random.nextInt(100_000);
            int length = Math.min(most, Math.min(target.remaining(), bytes.remaining()));
            target.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
