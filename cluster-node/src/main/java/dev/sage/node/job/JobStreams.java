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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What a job tells, from any place on. Numbers grow from one start of the node to the next, so that whoever resumes after
 * a number of an earlier node misses nothing of this one.
 */
final class JobStreams {
    private final BlockingThreads threads;
    private final long first = System.currentTimeMillis() << 20;

    JobStreams(BlockingThreads threads) {
        this.threads = threads;
    }

    /** Of the one that is this many-eth since the start of the node. */
    long number(long count) {
        return first + count;
    }

    Following events(Found found, long after, Listener<JobEvent> listener) {
        return found instanceof Found.Live there
                ? follow(there.job().events(), after, listener, missed -> new JobEvent.Missed(Duration.ZERO, missed))
                : replay(StoredTexts.events(((Found.Finished) found).job()), after, listener);
    }

    Following eventsSoFar(Found found, long after, Listener<JobEvent> listener) {
        if (!(found instanceof Found.Live there)) {
            return events(found, after, listener);
        }
        List<Numbered<JobEvent>> told = there.job().toldEvents();
        return replay(
                told.stream()
                        .map(event -> new Numbered<>(number(event.number()), event.value()))
                        .toList(),
                after,
                listener);
    }

    Following progress(Found found, Listener<JobProgress> listener) {
        Optional<Engine.Running> running = found.handle();
        if (running.isEmpty()) {
            return replay(List.of(new Numbered<>(1, found.details().progress())), 0, listener);
        }
        long[] number = {0};
        Subscription following = running.get().progress(progress -> {
            listener.next(new Numbered<>(++number[0], progress));
            if (progress.state().isTerminal()) {
                listener.end();
            }
        });
        return following::close;
    }

    /** The files have the lines of a finished job; its stream was told to its end before the job left the memory. */
    Following output(Found found, Optional<String> name, long after, Listener<OutputLine> listener) {
        if (!(found instanceof Found.Live there)) {
            return replay(List.of(), after, listener);
        }
        Listener<OutputLine> wanted = new Listener<>() {
            @Override
            public void next(Numbered<OutputLine> line) {
                if (name.isEmpty() || name.get().equals(line.value().name())) {
                    listener.next(line);
                }
            }

            @Override
            public void end() {
                listener.end();
            }
        };
        return follow(
                there.job().output(),
                after,
                wanted,
                missed -> new OutputLine(
                        name.orElse(""), "[" + missed + " lines are left out here; see 'sage job logs' without -f]"));
    }

    private <T> Following follow(Feed<T> feed, long after, Listener<T> listener, LongFunction<T> gap) {
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
        return following::close;
    }

    private <T> Following replay(List<Numbered<T>> values, long after, Listener<T> listener) {
        Feed<Numbered<T>> feed = new Feed<>("a finished job", Math.max(1, values.size()), threads);
        values.stream().filter(value -> value.number() > after).forEach(feed::tell);
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
        return following::close;
    }
}
