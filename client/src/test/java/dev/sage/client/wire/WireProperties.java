package dev.sage.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sage.api.JobEvent;
import dev.sage.api.SubmitOptions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class WireProperties {
    private static final List<Class<?>> TYPES = Stream.concat(
                    Stream.of(
                            JobSubmission.class,
                            JobView.class,
                            JobDetails.class,
                            JobPage.class,
                            LeaseView.class,
                            NodeView.class,
                            OutputLine.class,
                            Problem.class,
                            ServiceView.class,
                            ShippedCode.class,
                            CommandLine.class),
                    Arrays.stream(JobEvent.class.getPermittedSubclasses()))
            .toList();

    @Property(tries = 500)
    void everyRecordIsReadAsItWasWritten(@ForAll("records") Record record) throws Exception {
        String json = Wire.mapper().writeValueAsString(record);

        assertSame(Wire.mapper().readValue(json, readAs(record)), record);
    }

    @Property(tries = 200)
    void whatIsAbsentIsLeftOutAndWhatIsUnknownSkipped(@ForAll("records") Record record) throws Exception {
        JsonNode json = Wire.mapper().valueToTree(record);
        assertThat(json.toString()).doesNotContain(":null");

        ((ObjectNode) json).put("ofALaterVersion", 1);
        assertSame(Wire.mapper().treeToValue(json, readAs(record)), record);
    }

    @Property(tries = 100)
    void optionsAreTheSameAfterTheirWay(@ForAll boolean autostop, @ForAll @IntRange(max = 1_000) int number)
            throws Exception {
        SubmitOptions options = (autostop ? SubmitOptions.autostop() : SubmitOptions.keepRunning())
                .priority(-number)
                .gpus(number)
                .deadline(Duration.ofMillis(number + 1))
                .phaseTimeout("stop-services", Duration.ofSeconds(number + 1))
                .owner("owner" + number);

        String json = Wire.mapper().writeValueAsString(JobOptions.of(options));

        assertThat(Wire.mapper().readValue(json, JobOptions.class).toOptions(null))
                .isEqualTo(options);
    }

    @Provide
    Arbitrary<Record> records() {
        return Arbitraries.of(TYPES)
                .flatMap(type -> Arbitraries.randomValue(random -> (Record) Samples.of(type, random)));
    }

    /** Throwables know no equality. */
    private static void assertSame(Object read, Record written) {
        assertThat(read)
                .usingRecursiveComparison()
                .withEqualsForType(
                        (a, b) -> a.toString().equals(b.toString()) && a.stack().equals(b.stack()),
                        RemoteCauseException.class)
                .isEqualTo(written);
    }

    private static Class<?> readAs(Record record) {
        return record instanceof JobEvent ? JobEvent.class : record.getClass();
    }

    /** Random records, from what their components are. */
    private static final class Samples {
        private Samples() {}

        static Object of(Type type, Random random) {
            if (type instanceof ParameterizedType generic) {
                return generic(generic, random);
            }
            Class<?> plain = (Class<?>) type;
            if (plain.isEnum()) {
                return pick(plain.getEnumConstants(), random);
            }
            if (plain.isRecord()) {
                return record(plain, random);
            }
            return switch (plain.getSimpleName()) {
                case "String" ->
                    pick(new String[] {"", "a", "wörd 'q' \"", "line\nline", "\u0000\ud83d\ude00"}, random);
                case "int" -> random.nextInt(100);
                case "long" -> random.nextLong();
                case "boolean", "Boolean" -> random.nextBoolean();
                case "Integer" -> random.nextInt();
                case "Duration" -> Duration.ofSeconds(random.nextInt(1_000_000), random.nextInt(1_000_000_000));
                case "Instant" -> Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
                case "OptionalLong" -> random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong());
                case "Throwable" -> new RemoteCauseException("com.acme.Odd", "odd", "com.acme.Odd: odd\n", null);
                default -> throw new IllegalArgumentException(type.toString());
            };
        }

        private static Object generic(ParameterizedType type, Random random) {
            Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
            if (type.getRawType() == Optional.class) {
                return random.nextBoolean() ? Optional.empty() : Optional.of(of(last, random));
            }
            List<Object> values = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                values.add(of(last, random));
            }
            if (type.getRawType() == List.class) {
                return values;
            }
            Map<String, Object> named = new LinkedHashMap<>();
            values.forEach(value -> named.put("name" + named.size(), value));
            return named;
        }

        private static Object record(Class<?> type, Random random) {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                boolean absent =
                        components[i].getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextBoolean();
                values[i] = absent ? null : of(components[i].getGenericType(), random);
            }
            try {
                return type.getDeclaredConstructor(Arrays.stream(components)
                                .map(RecordComponent::getType)
                                .toArray(Class[]::new))
                        .newInstance(values);
            } catch (java.lang.reflect.InvocationTargetException refused) {
                // A value that this type does not take, such as a result of a job that runs.
                return record(type, random);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(type.getName(), e);
            }
        }

        private static Object pick(Object[] values, Random random) {
            return values[random.nextInt(values.length)];
        }
    }
}
