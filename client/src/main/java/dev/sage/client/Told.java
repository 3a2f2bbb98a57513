package dev.sage.client;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobResult;
import dev.sage.api.OutputListener;
import dev.sage.api.SageException;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.ServerSentEvent;
import dev.sage.client.wire.OutputLine;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes a stream of the node on to a user's listener. A stream that ends before the job did is asked for again. */
abstract class Told implements EventStream.Listener {
    private static final Logger log = LoggerFactory.getLogger(Told.class);

    private final JobWatch watch;
    /** Nothing more can come. */
    private boolean last;

    private Told(JobWatch watch) {
        this.watch = watch;
    }

    /** Returns whether this was the last. */
    abstract boolean tell(String json);

    /** The stream has ended with the job, and without telling so. */
    abstract void tellEnd(JobResult result);

    @Override
    public void event(ServerSentEvent event) {
        last = tell(event.data());
    }

    @Override
    public boolean enough() {
        return last;
    }

    @Override
    public boolean ended() {
        if (!watch.jobHasEnded()) {
            return false;
        }
        finished();
        return true;
    }

    @Override
    public void finished() {
        // Soon complete: only the job's end, its records or the last lines are still on their way.
        watch.end()
                .whenComplete((result, lost) -> {
                    if (result != null && !last) {
                        tellEnd(result);
                    }
                })
                .exceptionally(lost -> null)
                .join();
    }

    @Override
    public void failed(SageException failure) {
        log.warn("A listener of a job hears no more: {}", failure.getMessage());
    }

    static final class Events extends Told {
        private final Consumer<? super JobEvent> listener;

        Events(Consumer<? super JobEvent> listener, JobWatch watch) {
            super(watch);
            this.listener = listener;
        }

        @Override
        boolean tell(String json) {
            JobEvent event = Json.read(json, JobEvent.class);
            listener.accept(event);
            return event instanceof JobEvent.Ended;
        }

        @Override
        void tellEnd(JobResult result) {
            listener.accept(new JobEvent.Ended(result.duration(), result));
        }
    }

    static final class Progress extends Told {
        private final Consumer<? super JobProgress> listener;

        Progress(Consumer<? super JobProgress> listener, JobWatch watch) {
            super(watch);
            this.listener = listener;
        }

        @Override
        boolean tell(String json) {
            JobProgress progress = Json.read(json, JobProgress.class);
            listener.accept(progress);
            return progress.state().isTerminal();
        }

        @Override
        void tellEnd(JobResult result) {
            listener.accept(new JobProgress(result.state(), result.tasks()));
        }
    }

    static final class Output extends Told {
        private final OutputListener listener;

        Output(OutputListener listener, JobWatch watch) {
            super(watch);
            this.listener = listener;
        }

        @Override
        boolean tell(String json) {
            listener.line(Json.read(json, OutputLine.class).line());
            return false;
        }

        @Override
        void tellEnd(JobResult result) {
            listener.ended();
        }
    }
}
