package dev.sage.ray.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.ray.TestRay;
import dev.sage.ray.cluster.RayInstallation;
import dev.sage.ray.wire.Envelope;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both halves of the envelope, in both directions, with the Python that comes with Ray. */
class PythonEnvelopeTest {
    private static final int TRIES = 2_000;

    @TempDir
    Path folder;

    private Process python;
    private DataOutputStream out;
    private DataInputStream in;

    @BeforeEach
    void start() throws Exception {
        Path script = Path.of(PythonEnvelopeTest.class.getResource("mirror.py").toURI());
        python = new ProcessBuilder(
                        TestRay.installation(RayInstallation.PINNED).python().toString(),
                        script.toString(),
                        GatewayCode.pythonFolder(folder).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new DataOutputStream(python.getOutputStream());
        in = new DataInputStream(python.getInputStream());
    }

    @AfterEach
    void end() throws Exception {
        out.close();
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).isZero();
    }

    @Test
    void pythonSeesWhatJavaWroteAndJavaWhatPythonWrote() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Object value = value(random, 4);
            byte[] written = Envelope.write(value);
            send(written);

            String ofTry = "seed " + seed + ", try " + attempt;
            assertThat(said(Envelope.read(next())))
                    .as("there and back, %s", ofTry)
                    .isEqualTo(said(value));
            assertThat(text()).as("as Python saw it, %s", ofTry).isEqualTo(said(value));
            byte[] own = next();
            assertThat(said(Envelope.read(own))).as("as Java saw it, %s", ofTry).isEqualTo(text());
        }
    }

    @Test
    void whatIsEmptyLargeDeepOrAtAnEdgeCrosses() throws Exception {
        Object deep = List.of();
        for (int depth = 1; depth < 500; depth++) {
            deep = depth % 2 == 0 ? List.of(deep) : Map.of("in", deep);
        }
        List<Object> many = new ArrayList<>(Collections.nCopies(100_000, 1L));
        many.add("");
        Map<Object, Object> wide = new LinkedHashMap<>();
        for (long key = 0; key < 70_000; key++) {
            wide.put(key, key % 2 == 0);
        }
        BigInteger edge = BigInteger.TWO.pow(63);
        List<Object> values = List.of(
                List.of(),
                Map.of(),
                "",
                new byte[0],
                Double.POSITIVE_INFINITY,
                Double.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                edge,
                edge.negate().subtract(BigInteger.ONE),
                BigInteger.TWO.pow(64),
                BigInteger.TEN.pow(5_000),
                "\uD83D\uDE00\0\uFFFF".repeat(100_000),
                many,
                wide,
                deep);
        for (Object value : values) {
            send(Envelope.write(value));

            assertThat(said(Envelope.read(next())).equals(said(value))).isTrue();
            assertThat(text().equals(said(value))).isTrue();
            next();
            next();
        }
    }

    @Test
    void sixtyFourMegabytesCrossAndComeBack() throws Exception {
        byte[] large = new byte[64 << 20];
        new Random(1).nextBytes(large);
        send(Envelope.write(large));

        assertThat(Arrays.equals((byte[]) Envelope.read(next()), large)).isTrue();
        next();
        next();
        next();
    }

    private void send(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private byte[] next() throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private String text() throws IOException {
        return new String(next(), StandardCharsets.UTF_8);
    }

    private static Object value(Random random, int depth) {
        int kind = random.nextInt(10);
        if (depth > 0 && kind > 7) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int size = random.nextInt(5); size > 0; size--) {
                map.put("key " + size + random.nextInt(), value(random, depth - 1));
            }
            if (random.nextBoolean()) {
                Object key = scalar(random);
                Map<Object, Object> other = new LinkedHashMap<>();
                other.put(key instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : key, map);
                return other;
            }
            return map;
        }
        if (depth > 0 && kind > 5) {
            List<Object> list = new ArrayList<>();
            for (int size = random.nextInt(6); size > 0; size--) {
                list.add(value(random, depth - 1));
            }
            return list;
        }
        return scalar(random);
    }

    private static Object scalar(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> new BigInteger(random.nextInt(300), random).negate();
            case 4 ->
                random.nextBoolean()
                        ? random.nextGaussian()
                        : List.of(
                                        Double.NaN,
                                        Double.NEGATIVE_INFINITY,
                                        -0.0,
                                        Double.MIN_VALUE,
                                        Double.POSITIVE_INFINITY)
                                .get(random.nextInt(5));
            case 5 ->
                random.ints(random.nextInt(12), 0, 0x110000)
                        .filter(point -> point < 0xD800 || point > 0xDFFF)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            default -> {
                byte[] bytes = new byte[random.nextInt(50)];
                random.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    /** As {@code said} of {@code mirror.py}. */
    @SuppressWarnings("ByteBufferBackingArray")
    private static String said(Object value) {
        if (value instanceof Boolean) {
            return "bool:" + value;
        }
        if (value instanceof Double number) {
            return number.isNaN()
                    ? "float:nan"
                    : "float:" + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(number));
        }
        if (value instanceof Number) {
            return "int:" + value;
        }
        if (value instanceof String text) {
            return "text:" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        }
        if (value instanceof byte[] bytes) {
            return "bytes:" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return said(buffer.array());
        }
        List<String> parts = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> parts.add(said(key) + "=" + said(each)));
            return "map(" + String.join(",", parts) + ")";
        }
        if (value instanceof List<?> list) {
            list.forEach(each -> parts.add(said(each)));
            return "list(" + String.join(",", parts) + ")";
        }
        return "null";
    }
}
