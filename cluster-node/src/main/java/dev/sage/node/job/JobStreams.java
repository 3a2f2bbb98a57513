package dev.sage.node.job;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.Subscription;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.job.Jobs.Following;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.feed.Feed;
import dev.sage.runtime.local.Engine;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.pekko.Done;

/**
 * What a job tells, from any place on. Numbers grow from one start of the node to the next, so that whoever resumes after
 * a number of an earlier node misses nothing of this one.
 */
final class JobStreams {
    private static final int COUNT_BITS = 20;

    private final BlockingThreads threads;
    private final long first;

    JobStreams(BlockingThreads threads, Clock clock) {
        this.threads = threads;
        this.first = clock.millis() << COUNT_BITS;
    }

    /** Of the one that is this many-eth since the start of the node. */
    long number(long count) {
        return first + count;
    }

    /** The count of a number that this node or an earlier one gave, modulo 2^20. */
    static long count(long number) {
        return number & ((1L << COUNT_BITS) - 1);
    }

    Following events(Found found, long after, boolean follow, Listener<JobEvent> listener) {
        if (found instanceof Found.Finished finished) {
            return replay(found, StoredTexts.events(finished.job()).after(after), listener);
        }
        Feed<JobEvent> events = ((Found.Live) found).job().events();
        return follow
                ? follow(found, events, after, listener, missed -> new JobEvent.Missed(Duration.ZERO, missed))
                : replay(
                        found,
                        numbered(events.kept()).stream()
                                .filter(event -> event.number() > after)
                                .toList(),
                        listener);
    }

    private <T> List<Numbered<T>> numbered(Feed.Kept<T> kept) {
        List<Numbered<T>> numbered = new ArrayList<>();
        kept.values()
                .forEach(value -> numbered.add(new Numbered<>(number(kept.before() + numbered.size() + 1), value)));
        return numbered;
    }

    Following progress(Found found, Listener<JobProgress> listener) {
        Optional<Engine.Running> running = found.handle();
        if (running.isEmpty()) {
            return replay(found, List.of(new Numbered<>(1, found.details().progress())), listener);
        }
        LiveJob job = ((Found.Live) found).job();
        AtomicLong number = new AtomicLong();
        AtomicBoolean closed = new AtomicBoolean();
        Subscription following = running.get().progress(progress -> {
            if (progress.state().isTerminal()) {
                var unused = job.written().thenRun(() -> tellEnd(job, number, closed, listener));
            } else {
                listener.next(new Numbered<>(number.incrementAndGet(), progress));
            }
        });
        return of(
                () -> {
                    closed.set(true);
                    following.close();
                },
                found);
    }

    /** Like that of events, the end is told when it is in the journal; a job that is left to the next node has none here. */
    private void tellEnd(LiveJob job, AtomicLong number, AtomicBoolean closed, Listener<JobProgress> listener) {
        Runnable tell = () -> {
            if (!closed.get()) {
                if (job.hasEnded()) {
                    listener.next(new Numbered<>(
                            number.incrementAndGet(), job.details().progress()));
                }
                listener.end();
            }
        };
        try {
            threads.submit(() -> {
                tell.run();
                return Done.getInstance();
            });
        } catch (RejectedExecutionException nodeEnds) {
            tell.run();
        }
    }

    private static Following of(Subscription subscription, Found found) {
        return new Following() {
            @Override
            public void close() {
                subscription.close();
            }

            @Override
            public boolean isEnding() {
                return found.hasEnded();
            }
        };
    }

    Following output(
            Found.Live found, Optional<String> name, long after, OptionalLong tail, Listener<OutputLine> listener) {
        Feed<OutputLine> output = found.job().output();
        Map<String, Long> from = tail.isEmpty() ? Map.of() : firstOfLast(tail.getAsLong(), numbered(output.kept()));
        Listener<OutputLine> wanted = new Listener<>() {
            @Override
            public void next(Numbered<OutputLine> line) {
                String program = line.value().name();
                if ((name.isEmpty() || name.get().equals(program)) && line.number() >= from.getOrDefault(program, 0L)) {
                    listener.next(line);
                }
            }

            @Override
            public void end() {
                listener.end();
            }
        };
        return follow(
                found,
                output,
                after,
                wanted,
                missed -> new OutputLine(
                        name.orElse(""), "[" + missed + " lines are left out here; see 'sage job logs' without -f]"));
    }

    /** By output, the number from which on its lines are among its last ones, or come after those. */
    private static Map<String, Long> firstOfLast(long lines, List<Numbered<OutputLine>> kept) {
        Map<String, Long> seen = new HashMap<>();
        Map<String, Long> from = new HashMap<>();
        for (int i = kept.size() - 1; i >= 0; i--) {
            Numbered<OutputLine> line = kept.get(i);
            long place = seen.merge(line.value().name(), 1L, Long::sum);
            if (place <= lines) {
                from.put(line.value().name(), line.number());
            } else {
                from.putIfAbsent(line.value().name(), line.number() + 1);
            }
        }
        return from;
    }

    private <T> Following follow(Found found, Feed<T> feed, long after, Listener<T> listener, LongFunction<T> gap) {
        Subscription following = feed.follow(after - first, new Feed.Follower<>() {
            private long last = Math.max(after, first);

            @Override
            public void next(long number, T value) {
                last = first + number;
                listener.next(new Numbered<>(last, value));
            }

            @Override
            public void missed(long count) {
                last += count;
                listener.next(new Numbered<>(last, gap.apply(count)));
            }

            @Override
            public void end() {
                listener.end();
            }
        });
        return of(following, found);
    }

    private <T> Following replay(Found found, List<Numbered<T>> values, Listener<T> listener) {
        Feed<Numbered<T>> feed = new Feed<>("a finished job", Math.max(1, values.size()), threads);
        values.forEach(feed::tell);
        feed.end();
        Subscription following = feed.follow(0, new Feed.Follower<>() {
            @Override
            public void next(long number, Numbered<T> value) {
                listener.next(value);
            }

            @Override
            public void missed(long count) {
                throw new IllegalStateException("All values are there.");
            }

            @Override
            public void end() {
                listener.end();
            }
        });
        return of(following, found);
    }
}
