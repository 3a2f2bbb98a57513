package dev.sage.ray.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final List<byte[]> PARTS = List.of(new byte[] {0, 1}, new byte[0], new byte[70_000]);

    @Test
    void callsAreReadAsTheyWereWritten() {
        Bundle read = Bundle.read(new Bundle(Long.MAX_VALUE, PARTS).written());

        assertThat(read.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.calls()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(PARTS);
    }

    @Test
    void anAnswerThatWasToldBeforeIsNotOneWithoutBytes() {
        List<byte @Nullable []> answers = new ArrayList<>(PARTS);
        answers.add(1, null);

        assertThat(Bundle.answers(Bundle.answered(answers)))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(answers);
    }

    @Test
    void aCallAndAReplyAreNoBundles() {
        assertThat(Bundle.is(new Bundle(1, PARTS).written())).isTrue();
        assertThat(Bundle.is(Bundle.answered(new ArrayList<>(PARTS)))).isTrue();
        for (Invocation.Kind kind : Invocation.Kind.values()) {
            assertThat(Bundle.is(new Invocation(kind, "echo", 0, new byte[1]).written()))
                    .isFalse();
        }
        assertThat(Bundle.is(new Reply.Value(new byte[0]).written())).isFalse();
        assertThat(Bundle.is(new Reply.Failed(Failure.of(Failure.Kind.RAY, "")).written()))
                .isFalse();
        assertThat(Bundle.is(new Reply.Partial(List.of()).written())).isFalse();
    }

    @Test
    void oneThatIsCutOffIsRefused() {
        byte[] calls = new Bundle(7, PARTS.subList(0, 2)).written();
        byte[] answers = Bundle.answered(new ArrayList<>(PARTS.subList(0, 2)));

        for (int length = 1; length < calls.length; length++) {
            byte[] cut = Arrays.copyOf(calls, length);
            assertThatThrownBy(() -> Bundle.read(cut)).isInstanceOf(EnvelopeException.class);
        }
        for (int length = 1; length < answers.length; length++) {
            byte[] cut = Arrays.copyOf(answers, length);
            assertThatThrownBy(() -> Bundle.answers(cut)).isInstanceOf(EnvelopeException.class);
        }
    }
}
