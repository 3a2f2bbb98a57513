package dev.sage.client.wire;

import dev.sage.api.SubmitOptions;
import dev.sage.api.SubmitOptions.NodeLoss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link SubmitOptions} as JSON, without the key. What is absent has the default of {@link SubmitOptions#keepRunning}.
 *
 * @param detached the job needs no client; otherwise its client renews a lease
 */
public record JobOptions(
        boolean autostop,
        boolean detached,
        @Nullable List<String> keepServices,
        @Nullable Duration deadline,
        @Nullable Map<String, Duration> phaseTimeouts,
        int priority,
        int gpus,
        int ports,
        @Nullable String owner,
        @Nullable NodeLoss onNodeLoss) {

    public static JobOptions of(SubmitOptions options) {
        return new JobOptions(
                options.isAutostop(),
                options.isDetached(),
                options.keptServices(),
                options.deadline().orElse(null),
                options.phaseTimeouts(),
                options.priority(),
                options.gpus(),
                options.ports(),
                options.owner().orElse(null),
                options.onNodeLoss());
    }

    /**
     * The same for the runtime.
     *
     * @throws IllegalArgumentException when a value is out of its bounds, naming it
     */
    public SubmitOptions toOptions(@Nullable String idempotencyKey) {
        return new SubmitOptions(
                autostop,
                keepServices == null ? List.of() : keepServices,
                Optional.ofNullable(deadline),
                phaseTimeouts == null ? Map.of() : phaseTimeouts,
                priority,
                gpus,
                ports,
                Optional.ofNullable(owner),
                detached,
                Optional.ofNullable(idempotencyKey),
                onNodeLoss == null ? NodeLoss.FAIL : onNodeLoss);
    }
}
