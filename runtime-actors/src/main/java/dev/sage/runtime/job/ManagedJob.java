package dev.sage.runtime.job;

import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.JobCommand;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.dispatch.JobDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A job as the JobManager knows it: from its submission until its Dispatcher, or what that left, is gone. */
final class ManagedJob {
    final JobDefinition definition;
    private final List<JobCommand> early = new ArrayList<>();
    private @Nullable ActorRef<Dispatcher.Command> dispatcher;

    /** Whether it has a Dispatcher, or one is about to be spawned. */
    boolean spawning;

    @Nullable
    JobResult result;

    ManagedJob(JobDefinition definition) {
        this.definition = definition;
    }

    void tell(JobCommand command) {
        if (dispatcher == null) {
            early.add(command);
        } else {
            dispatcher.tell(new Dispatcher.Ask(command));
        }
    }

    void spawned(ActorRef<Dispatcher.Command> ref) {
        dispatcher = ref;
        early.forEach(this::tell);
        early.clear();
    }

    /** It ends as it came. */
    static void refuse(JobDefinition job, JobState state, String reason) {
        job.observer().stateChanged(state, reason);
        job.observer().ended(job.result(state, reason));
    }
}
