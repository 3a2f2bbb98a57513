package dev.sage.runtime.ray;

import dev.sage.api.PythonException;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An object with threads of its own, which can be killed. */
final class FakeActor implements RayActor {
    private final String name;
    final boolean lasting;
    private final Consumer<String> gone;
    private final ExecutorService threads;
    private final CompletableFuture<Throwable> death = new CompletableFuture<>();
    private final CompletableFuture<Throwable> killed = new CompletableFuture<>();
    private final CompletionStage<Throwable> whenKilled = killed;
    private final AtomicReference<@Nullable CompletableFuture<Ended>> ending = new AtomicReference<>();
    private final List<Integer> batches = new ArrayList<>();
    private int batchesUnderWay;
    private int mostBatches;
    private volatile @Nullable Object object;
    private volatile boolean unseenOnce;

    FakeActor(String name, int concurrency, boolean lasting, Consumer<String> gone) {
        this.name = name;
        this.lasting = lasting;
        this.gone = gone;
        this.threads = Executors.newFixedThreadPool(concurrency, body -> {
            Thread thread = new Thread(body, "fake-ray-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    void construct(Callable<Object> constructor) {
        try {
            object = constructor.call();
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    /** How many records each batch had. */
    List<Integer> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    /** How many batches there were at one time, at most. */
    int mostBatches() {
        synchronized (batches) {
            return mostBatches;
        }
    }

    /** As by kill -9. */
    void die() {
        SageException cause = new SageException("ray.actor-died", "Actor " + name + " died: killed by a test");
        gone.accept(name);
        // First: whoever learns of it by a call asks how it died.
        death.complete(cause);
        killed.complete(cause);
        threads.shutdownNow();
    }

    /** The next who ends it does not see it gone, as when its gateway has died. */
    void unseenOnce() {
        unseenOnce = true;
    }

    void kill() {
        gone.accept(name);
        killed.complete(new SageException("ray.actor-died", "Actor " + name + " was killed"));
        threads.shutdownNow();
    }

    @Override
    public String name() {
        return name;
    }

    private <T> CompletableFuture<T> run(Callable<T> body) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        whenKilled.thenAccept(answer::completeExceptionally);
        if (!killed.isDone()) {
            threads.execute(() -> {
                try {
                    answer.complete(body.call());
                } catch (Throwable thrown) {
                    answer.completeExceptionally(thrown);
                }
            });
        }
        return answer;
    }

    @Override
    public CompletionStage<@Nullable Object> call(RayCall call) {
        return run(() -> invoke(call.method(), call.arguments()));
    }

    @Override
    public CompletionStage<List<RayBatch.Outcome>> call(RayBatch batch) {
        synchronized (batches) {
            batches.add(batch.arguments().size());
            mostBatches = Math.max(mostBatches, ++batchesUnderWay);
        }
        return run(() -> {
            List<RayBatch.Outcome> outcomes = new ArrayList<>();
            for (List<@Nullable Object> arguments : batch.arguments()) {
                try {
                    outcomes.add(new RayBatch.Outcome(invoke(batch.method(), arguments), null));
                } catch (Exception raised) {
                    outcomes.add(new RayBatch.Outcome(null, raised));
                }
            }
            synchronized (batches) {
                batchesUnderWay--;
            }
            return outcomes;
        });
    }

    private @Nullable Object invoke(String method, List<@Nullable Object> arguments) throws Exception {
        Object target = object;
        if (target == null) {
            throw new IllegalStateException("not made");
        }
        Method found = Arrays.stream(target.getClass().getDeclaredMethods())
                .filter(one -> one.getName().equals(method) && one.getParameterCount() == arguments.size())
                .findFirst()
                .orElseThrow(() -> new ServiceException("service.method", "There is no method " + method));
        found.setAccessible(true);
        try {
            return found.invoke(target, arguments.toArray());
        } catch (InvocationTargetException raised) {
            if (raised.getCause() instanceof RuntimeException code) {
                throw new PythonException(
                        code.getClass().getSimpleName(), String.valueOf(code.getMessage()), "Traceback of a test");
            }
            throw raised;
        }
    }

    @Override
    public CompletionStage<Throwable> death() {
        return death;
    }

    @Override
    public CompletionStage<Ended> cleanUpAndKill(Duration within) {
        if (unseenOnce) {
            unseenOnce = false;
            return CompletableFuture.completedFuture(
                    new Ended(Cleaning.NOT_RUN, false, Duration.ZERO, Duration.ZERO, "nobody could be asked"));
        }
        CompletableFuture<Ended> mine = new CompletableFuture<>();
        CompletableFuture<Ended> first = ending.compareAndExchange(null, mine);
        if (first != null) {
            return first;
        }
        CompletionStage<@Nullable Object> cleanup =
                run(() -> invoke("cleanup", List.of())).orTimeout(within.toNanos(), TimeUnit.NANOSECONDS);
        cleanup.whenComplete((done, thrown) -> {
            kill();
            boolean none = thrown instanceof ServiceException;
            mine.complete(new Ended(
                    thrown == null || none ? Cleaning.DONE : death.isDone() ? Cleaning.NOT_RUN : Cleaning.FAILED,
                    true,
                    Duration.ofMillis(1),
                    Duration.ofMillis(2),
                    thrown == null || none ? "" : "cleanup failed: " + thrown));
        });
        return mine;
    }
}
