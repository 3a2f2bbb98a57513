package dev.sage.ray;

import dev.sage.api.RayCode;
import dev.sage.api.ServiceException;
import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.JavaObjects;
import java.util.List;

/** What the gateway is told of an actor. */
final class WireSpecs {
    private WireSpecs() {}

    static ActorSpec of(dev.sage.runtime.ray.ActorSpec spec) {
        ActorSpec wire;
        try {
            wire = code(spec);
        } catch (EnvelopeException unsent) {
            throw new ServiceException(
                    "service.not-serializable",
                    "An argument for the constructor of " + spec.code() + " cannot be sent to Ray: "
                            + unsent.getMessage(),
                    unsent);
        }
        ActorSpec made = wire.withResources(
                        spec.needs().cpus(), spec.needs().gpus(), spec.needs().resources())
                .withConcurrency(spec.concurrency());
        return spec.lasting() ? made.outliving() : made;
    }

    private static ActorSpec code(dev.sage.runtime.ray.ActorSpec spec) {
        if (spec.code() instanceof RayCode.Python python) {
            List<ActorSpec.CodeFile> files = python.files().stream()
                    .map(file -> new ActorSpec.CodeFile(file.path(), file.content()))
                    .toList();
            return ActorSpec.python(spec.name(), python.module(), python.className(), List.of())
                    .withFiles(files)
                    .withArguments(Envelope.write(spec.arguments()));
        }
        List<String> paths = ClassPaths.of(spec.classes());
        if (spec.code() instanceof RayCode.JavaClass java) {
            return ActorSpec.java(spec.name(), java.type().getName(), paths)
                    .withArguments(JavaObjects.write(spec.arguments().toArray()));
        }
        RayCode.JavaFactory made = (RayCode.JavaFactory) spec.code();
        return ActorSpec.java(spec.name(), "", paths)
                .withTarget("create")
                .withArguments(JavaObjects.write(new Object[] {made.factory()}));
    }
}
