package dev.sage.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sage.api.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ThrowableJsonTest {

    @Test
    void aThrowableOfAClassThatIsHereIsItselfAgain() throws Exception {
        Throwable read = read(write(new IllegalStateException("broken", new ArithmeticException("why"))));

        assertThat(read).isExactlyInstanceOf(IllegalStateException.class).hasMessage("broken");
        assertThat(read.getCause())
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessage("why");
        assertThat(read.getStackTrace()[0].getMethodName()).isEqualTo("aThrowableOfAClassThatIsHereIsItselfAgain");
    }

    @Test
    void aThrowableIsOfTheClassThatTheReadersThreadSees() throws Exception {
        String json = write(new Unknown("mine"));
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        ClassLoader users = new ChildFirst(own);
        thread.setContextClassLoader(users);
        try {
            assertThat(read(json).getClass().getClassLoader()).isSameAs(users);
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    @Test
    void aThrowableOfAnUnknownClassTellsTypeMessageAndStackAndIsSentOnAsItCame() throws Exception {
        ObjectNode json = (ObjectNode) Wire.mapper().readTree(write(new IllegalStateException("broken")));
        json.put("type", "com.acme.NotHere");
        json.put("stack", json.get("stack").asText().replace("java.lang.IllegalStateException", "com.acme.NotHere"));

        RemoteCauseException read = (RemoteCauseException) read(json.toString());

        assertThat(read.type()).isEqualTo("com.acme.NotHere");
        assertThat(read).hasMessage("broken").hasToString("com.acme.NotHere: broken");
        assertThat(read.stack()).startsWith("com.acme.NotHere: broken");
        StringWriter printed = new StringWriter();
        read.printStackTrace(new PrintWriter(printed, true));
        assertThat(printed.toString()).contains("at " + ThrowableJsonTest.class.getName() + ".aThrowableOfAnUnknown");
        assertThat(Wire.mapper().readTree(write(read))).isEqualTo(json);
    }

    @Test
    void whatCannotBeSerializedOrIsTooBigIsToldInWords() throws Exception {
        Throwable unserializable = new RuntimeException("has a thread") {
            @SuppressWarnings("unused")
            private final Thread thread = Thread.currentThread();
        };

        assertThat(read(write(unserializable)))
                .isInstanceOf(RemoteCauseException.class)
                .hasMessage("has a thread");
        assertThat(read(write(new RuntimeException("x".repeat(100_000)))))
                .isInstanceOf(RemoteCauseException.class)
                .hasMessage("x".repeat(100_000));
    }

    @Test
    void aMessageThatThrowsDoesNotKeepAFailureFromBeingTold() throws Exception {
        RuntimeException hostile = new RuntimeException() {
            private final Object unserializable = new Object();

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message, " + unserializable);
            }
        };

        assertThat(read(write(hostile)).getMessage()).contains("getMessage() threw");
    }

    @Test
    void garbageInPlaceOfASerializedThrowableIsOnlyAnUnknownOne() throws Exception {
        assertThat(read("{\"type\":\"java.lang.Error\",\"message\":\"m\",\"serialized\":\"AAAA\"}"))
                .isInstanceOf(RemoteCauseException.class)
                .hasMessage("m");
    }

    @Test
    void theCauseOfAFailureComesThroughOptional() throws Exception {
        JobFailure failure = new JobFailure(
                JobFailure.Origin.OPERATOR,
                "parse",
                1,
                OptionalLong.of(7),
                "apply",
                Optional.of(new NumberFormatException("x")),
                "it broke");

        JobFailure read = Wire.mapper().readValue(Wire.mapper().writeValueAsString(failure), JobFailure.class);

        assertThat(read.cause().orElseThrow()).isExactlyInstanceOf(NumberFormatException.class);
        assertThat(read.describe()).isEqualTo(failure.describe());
    }

    private static String write(Throwable thrown) throws Exception {
        return Wire.mapper().writeValueAsString(thrown);
    }

    private static Throwable read(String json) throws Exception {
        return Wire.mapper().readValue(json, Throwable.class);
    }

    static final class Unknown extends RuntimeException {
        Unknown(String message) {
            super(message);
        }
    }

    private static final class ChildFirst extends ClassLoader {
        ChildFirst(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Unknown.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
