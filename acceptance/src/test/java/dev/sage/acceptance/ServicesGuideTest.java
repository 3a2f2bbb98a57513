package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.RestartPolicy;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceDeclaration;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of docs/guide/services.md. */
@SageTest
class ServicesGuideTest {

    @Test
    void oneOfAJob(LocalEnvironment env) throws InterruptedException {
        ServiceDeclaration<Counter> counter =
                env.service("counter", Counter::new).concurrent(4);
        Count count = counter.as(Count.class);
        Results<Integer> counts = env.fromRange(0, 100).map(n -> count.add(1)).collect();
        env.run();
        assertThat(counts).hasSize(100).endsWith(100);
    }

    @Test
    void oneThatCallsAnother(LocalEnvironment env) throws InterruptedException {
        env.service("store", Counter::new);
        Count search = env.service("search", Search::new).dependsOn("store").as(Count.class);
        Results<Integer> counts = env.fromRange(0, 3).map(n -> search.add(10)).collect();
        env.run();
        assertThat(counts).containsExactly(10, 20, 30);
    }

    @Test
    void oneThatMayDie(LocalEnvironment env) throws InterruptedException {
        Count link = env.service("link", Link::new)
                .restart(RestartPolicy.upTo(3, Duration.ofMinutes(1)))
                .as(Count.class);
        Results<Integer> counts = env.fromRange(0, 4).map(n -> link.add(1)).collect();
        env.run();
        // Each instance serves two calls, and says then that it is worn out.
        assertThat(counts).containsExactly(1, 2, 1, 2);
    }

    @Test
    void oneForAllJobs(LocalEnvironment env) throws InterruptedException {
        ServiceDeclaration<Counter> model = env.sharedService("model", Counter::new);
        Count ask = model.as(Count.class);
        for (List<String> questions : List.of(List.of("who", "what"), List.of("why"))) {
            env.fromCollection(questions).map(question -> ask.add(1)).collect();
            env.run();
        }
        assertThat(ask.add(0)).isEqualTo(3);
    }

    /** What can be called. */
    interface Count {
        int add(int n);
    }

    static class Counter implements Service, Count {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public int add(int n) {
            return count.addAndGet(n);
        }
    }

    static final class Search implements Service, Count {
        private volatile @Nullable Count store;

        @Override
        public void init(ServiceContext context) {
            store = context.service("store", Count.class);
        }

        @Override
        public int add(int n) {
            return Objects.requireNonNull(store).add(n);
        }
    }

    static final class Link extends Counter {
        private volatile @Nullable ServiceContext context;

        @Override
        public void init(ServiceContext given) {
            context = given;
        }

        @Override
        public int add(int n) {
            int sum = super.add(n);
            if (sum == 2) {
                Objects.requireNonNull(context).failed(new IOException("worn out"));
            }
            return sum;
        }
    }
}
