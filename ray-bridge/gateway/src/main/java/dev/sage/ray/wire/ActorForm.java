package dev.sage.ray.wire;

import dev.sage.ray.wire.ActorSpec.CodeFile;
import dev.sage.ray.wire.ActorSpec.Lifeline;
import java.util.List;
import java.util.Objects;

/** What an {@link ActorSpec} tells the actor itself, by the names that {@code sage_actor.py} reads, too. */
@SuppressWarnings("ArrayRecordComponent")
public record ActorForm(
        String name,
        String module,
        String type,
        String target,
        List<String> paths,
        List<CodeFile> files,
        byte[] arguments,
        byte[] named,
        int concurrency,
        Lifeline lifeline,
        boolean detached) {

    /**
     * What {@link ActorSpec#forActor} gave.
     *
     * @throws EnvelopeException when it is something else
     */
    public static ActorForm read(byte[] bytes) {
        return Objects.requireNonNull((ActorForm) Conversion.to(ActorForm.class, Envelope.read(bytes)));
    }
}
