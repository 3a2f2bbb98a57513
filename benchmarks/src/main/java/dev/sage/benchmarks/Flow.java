package dev.sage.benchmarks;

import dev.sage.api.DataStream;
import dev.sage.api.Environment;
import dev.sage.api.Next;
import dev.sage.api.Sink;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/** A stream of a running job, through which so many records are sent as one likes, over and over. */
final class Flow {
    private final BlockingQueue<Long> counts = new LinkedBlockingQueue<>();
    private final AtomicLong missing = new AtomicLong();
    private final Semaphore all = new Semaphore(0);
    private double perSecond = 1;

    /** @param through what is to be measured, which gives a record for each */
    Flow(Environment environment, Function<DataStream<Long>, DataStream<Long>> through) {
        DataStream<Long> numbers = environment
                .<Long>fromSource(() -> Next.of(counts.take()))
                .flatMap(count -> () -> LongStream.range(0, count).iterator());
        Sink<Long> sink = number -> {
            if (missing.decrementAndGet() == 0) {
                all.release();
            }
        };
        through.apply(numbers).sink(sink);
    }

    /** As many records as should take this time. Blocks until the last one is through. */
    Measured send(Duration time) throws InterruptedException {
        long count = Math.max(1, (long) (perSecond * time.toMillis() / 1_000));
        missing.set(count);
        long began = System.nanoTime();
        counts.add(count);
        if (!all.tryAcquire(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(missing.get() + " of " + count + " records did not come through.");
        }
        Measured measured = Measured.of((double) count, (System.nanoTime() - began) / 1e9);
        perSecond = measured.perSecond();
        return measured;
    }
}
