package dev.sage.testkit;

import java.util.List;
import org.assertj.core.api.AssertProvider;

/**
 * What a probe has seen of one service so far. AssertJ's {@code assertThat} of it gives a {@link ServiceLifeAssert}.
 *
 * @param facts in their order
 */
public record ServiceLife(String service, List<LifecycleFact> facts) implements AssertProvider<ServiceLifeAssert> {
    public ServiceLife {
        facts = List.copyOf(facts);
    }

    /** Whether this was seen, once or more. */
    public boolean has(LifecycleFact fact) {
        return facts.contains(fact);
    }

    /** Whether it has been started, and its clean-up has not ended. */
    public boolean isRunning() {
        return has(LifecycleFact.RUNNING) && !has(LifecycleFact.NOT_RUNNING);
    }

    @Override
    public ServiceLifeAssert assertThat() {
        return new ServiceLifeAssert(this);
    }
}
