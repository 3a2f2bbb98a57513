package dev.sage.client.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sage.api.ServiceException;
import dev.sage.api.spi.ServiceCaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.StreamCorruptedException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Calls, their answers and collected records go there and back as bytes. */
class CallCodecTest {
    private static final ClassLoader LOADER = CallCodecTest.class.getClassLoader();

    /** Not Serializable. */
    private record Point(long x, long y) {}

    interface Geometry {
        Point moved(Point point, long by) throws Exception;
    }

    /** A service that answers with what it was called with, or as told. */
    private record Answering(Object answer) implements ServiceCaller {
        @Override
        public Object call(String method, Object[] arguments) {
            return answer == null ? method + Arrays.toString(arguments) : answer;
        }

        @Override
        public Object call(Method method, Object[] arguments) throws Throwable {
            if (answer instanceof Throwable thrown) {
                throw thrown;
            }
            return answer == null ? method + Arrays.toString(arguments) : answer;
        }
    }

    private static Object answered(byte[] call, Object answer) throws Throwable {
        return CallCodec.answer(CallCodec.execute(call, new Answering(answer), LOADER), LOADER);
    }

    private static byte[] moved() throws NoSuchMethodException {
        return CallCodec.call(
                Geometry.class.getMethod("moved", Point.class, long.class), new Object[] {new Point(1, 2), 3L});
    }

    @Test
    void callByNameAndItsAnswerGoThereAndBack() throws Throwable {
        byte[] call = CallCodec.call("add", new Object[] {1L, null, new Point(1, 2)});
        assertThat(answered(call, null)).isEqualTo("add[1, null, Point[x=1, y=2]]");
        assertThat(answered(call, new Point(3, 4))).isEqualTo(new Point(3, 4));
    }

    @Test
    void callOfAProxyComesAsItsMethod() throws Throwable {
        assertThat(answered(moved(), null))
                .asString()
                .contains("Geometry.moved(")
                .endsWith("[Point[x=1, y=2], 3]");
    }

    @Test
    void exceptionArrivesAsItWasThrown() throws Exception {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> answered(moved(), new ArithmeticException("by zero")))
                .withMessage("by zero");
    }

    private static final class Holding extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Object held = new Object();

        Holding() {
            super("held it");
        }

        @Override
        public String getMessage() {
            return super.getMessage() + (held == null ? "" : "!");
        }
    }

    @Test
    void exceptionThatCannotBeSentArrivesAsItsText() throws Exception {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> answered(moved(), new Holding()))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("service.failed"))
                .withMessageContaining("CallCodecTest$Holding")
                .withMessageContaining("held it!")
                .withMessageContaining("at dev.sage.client.ship.CallCodecTest");
    }

    @Test
    void whatCannotBeSentIsNamed() {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> CallCodec.call("add", new Object[] {1, new Object()}))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("service.not-serializable"))
                .withMessageContaining("argument is a java.lang.Object");
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> answered(moved(), new Object()))
                .withMessageContaining("What moved(…) answers cannot be sent: answer is a java.lang.Object");
    }

    @Test
    void bytesOfSomethingElseAreNoCall() throws IOException {
        byte[] answer = CallCodec.failure(new ArithmeticException());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CallCodec.execute(answer, new Answering(null), LOADER));
    }

    @Test
    void recordsGoThereAndBackAlsoBeyondWhatTheStreamRemembers() throws Exception {
        List<Point> points =
                LongStream.range(0, 2_500).mapToObj(n -> new Point(n, -n)).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Records.write(points, bytes);
        assertThat(Records.read(new ByteArrayInputStream(bytes.toByteArray()), LOADER))
                .isEqualTo(points);
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 1);
        assertThatExceptionOfType(StreamCorruptedException.class)
                .isThrownBy(() -> Records.read(new ByteArrayInputStream(cut), LOADER))
                .withMessageContaining("end after 2500");
    }

    @Test
    void recordThatCannotBeSentIsNamed() {
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> Records.write(List.of("good", List.of(1, new Object())), new ByteArrayOutputStream()))
                .withMessageContaining("record 1, element is a java.lang.Object")
                .withMessageContaining("before collect()");
    }
}
