package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.ActorSpec.Language;
import dev.sage.ray.wire.ActorSpec.Lifeline;
import io.ray.api.ActorHandle;
import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.PyActorHandle;
import io.ray.api.Ray;
import io.ray.api.call.BaseActorCreator;
import io.ray.api.function.PyActorClass;
import io.ray.api.function.PyActorMethod;
import io.ray.api.options.ActorLifetime;

/** One of our base actors on Ray, of either language. Calls begin in the order in which they were asked for. */
interface RemoteActor {
    BaseActorHandle handle();

    ObjectRef<byte[]> ready();

    ObjectRef<byte[]> invoke(byte[] call);

    ObjectRef<byte[]> cleanup();

    /** It holds this lifeline from now on. */
    ObjectRef<byte[]> watched(byte[] lifeline);

    /** Returns at once; the actor may still wait for a place. */
    static RemoteActor create(ActorSpec spec, Lifeline lifeline) {
        byte[] form = spec.forActor(lifeline);
        if (spec.language() == Language.PYTHON) {
            var creator = Ray.actor(PyActorClass.of("sage_actor", "SageActor"), form);
            options(creator, spec);
            return new OfPython(creator.remote());
        }
        var creator = Ray.actor(JavaActor::new, form).setJvmOptions(spec.jvmOptions());
        options(creator, spec);
        return new OfJava(creator.remote());
    }

    /** One that was looked up. */
    static RemoteActor of(BaseActorHandle handle) {
        return handle instanceof PyActorHandle python ? new OfPython(python) : new OfJava(java(handle));
    }

    @SuppressWarnings("unchecked")
    private static ActorHandle<JavaActor> java(BaseActorHandle handle) {
        return (ActorHandle<JavaActor>) handle;
    }

    private static void options(BaseActorCreator<?> creator, ActorSpec spec) {
        creator.setName(spec.name());
        creator.setMaxRestarts(spec.maxRestarts());
        creator.setMaxConcurrency(spec.concurrency());
        creator.setLifetime(spec.detached() ? ActorLifetime.DETACHED : ActorLifetime.NON_DETACHED);
        spec.resources().forEach(creator::setResource);
        if (spec.cpus() > 0) {
            creator.setResource("CPU", spec.cpus());
        }
        if (spec.gpus() > 0) {
            creator.setResource("GPU", spec.gpus());
        }
    }

    /** Of class {@code SageActor} in {@code sage_actor.py}. */
    record OfPython(PyActorHandle handle) implements RemoteActor {
        private static final PyActorMethod<byte[]> READY = PyActorMethod.of("ready", byte[].class);
        private static final PyActorMethod<byte[]> INVOKE = PyActorMethod.of("invoke", byte[].class);
        private static final PyActorMethod<byte[]> CLEANUP = PyActorMethod.of("cleanup", byte[].class);
        private static final PyActorMethod<byte[]> WATCHED = PyActorMethod.of("watched", byte[].class);

        @Override
        public ObjectRef<byte[]> ready() {
            return handle.task(READY).remote();
        }

        @Override
        public ObjectRef<byte[]> invoke(byte[] call) {
            return handle.task(INVOKE, call).remote();
        }

        @Override
        public ObjectRef<byte[]> cleanup() {
            return handle.task(CLEANUP).remote();
        }

        @Override
        public ObjectRef<byte[]> watched(byte[] lifeline) {
            return handle.task(WATCHED, lifeline).remote();
        }
    }

    /** Of {@link JavaActor}. */
    record OfJava(ActorHandle<JavaActor> handle) implements RemoteActor {
        @Override
        public ObjectRef<byte[]> ready() {
            return handle.task(JavaActor::ready).remote();
        }

        @Override
        public ObjectRef<byte[]> invoke(byte[] call) {
            return handle.task(JavaActor::invoke, call).remote();
        }

        @Override
        public ObjectRef<byte[]> cleanup() {
            return handle.task(JavaActor::cleanup).remote();
        }

        @Override
        public ObjectRef<byte[]> watched(byte[] lifeline) {
            return handle.task(JavaActor::watched, lifeline).remote();
        }
    }
}
