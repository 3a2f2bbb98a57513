package dev.sage.client.wire;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/jobs}: a pipeline or a program. The idempotency key goes into the header {@code
 * Idempotency-Key}.
 *
 * @param name of the environment, or of the program
 * @param code of a pipeline; null for a program
 * @param command a program; null for a pipeline
 */
public record JobSubmission(
        String name,
        JobOptions options,
        @Nullable ShippedCode code,
        @Nullable CommandLine command) {}
