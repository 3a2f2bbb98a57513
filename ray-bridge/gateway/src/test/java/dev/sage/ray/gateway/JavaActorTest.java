package dev.sage.ray.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Invocation;
import dev.sage.ray.wire.Reply;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without Ray. */
class JavaActorTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    public static final class Doubler {
        public long doubled(long n) {
            return 2 * n;
        }
    }

    @Test
    void aCallIsCarriedOutAtItsDeadlineAndNotAfterIt() throws Exception {
        JavaActor actor = new JavaActor(
                ActorSpec.java("a", Doubler.class.getName(), List.of())
                        .forActor(new ActorSpec.Lifeline("127.0.0.1", 1, "t")),
                Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(asked(actor, NOW.toEpochMilli()))
                .isInstanceOfSatisfying(
                        Reply.Value.class,
                        value -> assertThat(Envelope.read(value.payload())).isEqualTo(42L));
        assertThat(asked(actor, NOW.toEpochMilli() - 1)).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.EXPIRED);
            assertThat(failed.failure().message()).contains("doubled(…)").contains("not executed");
        });
        assertThat(asked(actor, 0)).isInstanceOf(Reply.Value.class);
    }

    private static Reply asked(JavaActor actor, long deadline) {
        byte[] arguments = Envelope.write(List.of(21));
        return Reply.read(actor.invoke(new Invocation(Invocation.Kind.ONE, "doubled", deadline, arguments).written()));
    }
}
