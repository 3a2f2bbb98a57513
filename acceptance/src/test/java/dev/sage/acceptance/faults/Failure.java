package dev.sage.acceptance.faults;

import dev.sage.testkit.Interrupts;

/** What goes wrong. */
enum Failure {
    TASK_ACTOR_DIES,
    SERVICE_ACTOR_DIES,
    DISPATCHER_DIES,
    /** While tasks call it, or are about to. Its policy allows one restart. */
    SERVICE_DIES_AND_RECOVERS,
    /** The same, and its second instance dies too. */
    SERVICE_DIES_TOO_OFTEN,
    STACK_OVERFLOW,
    LINKAGE_ERROR,
    OVERSIZED_ALLOCATION,
    HANG_THAT_CAN_BE_INTERRUPTED,
    HANG_THAT_CANNOT,
    /** Of a service's cleanup; a hang at the other places is one of the two above. */
    CLEANUP_HANGS;

    boolean isThrown() {
        return this == STACK_OVERFLOW || this == LINKAGE_ERROR || this == OVERSIZED_ALLOCATION;
    }

    boolean isDeath() {
        return this == TASK_ACTOR_DIES || this == SERVICE_ACTOR_DIES || this == DISPATCHER_DIES;
    }

    /** Of a service that says so itself; its actor lives on. */
    boolean isServiceDeath() {
        return this == SERVICE_DIES_AND_RECOVERS || this == SERVICE_DIES_TOO_OFTEN;
    }

    boolean isHang() {
        return !isThrown() && !isDeath() && !isServiceDeath();
    }

    Interrupts interrupts() {
        return this == HANG_THAT_CAN_BE_INTERRUPTED ? Interrupts.HONOURED : Interrupts.IGNORED;
    }

    Class<? extends Error> error() {
        return switch (this) {
            case STACK_OVERFLOW -> StackOverflowError.class;
            case LINKAGE_ERROR -> LinkageError.class;
            case OVERSIZED_ALLOCATION -> OutOfMemoryError.class;
            default -> throw new IllegalStateException(this + " throws nothing.");
        };
    }

    /** Fails as the JVM itself would. */
    long strike(long n) {
        return switch (this) {
            case STACK_OVERFLOW -> strike(n + 1) + 1;
            case LINKAGE_ERROR -> throw new NoClassDefFoundError("com/example/Missing");
            case OVERSIZED_ALLOCATION -> new long[Integer.MAX_VALUE].length;
            default -> n;
        };
    }
}
