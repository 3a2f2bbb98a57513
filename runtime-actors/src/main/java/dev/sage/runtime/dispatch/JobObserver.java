package dev.sage.runtime.dispatch;

import dev.sage.api.JobEvent;
import dev.sage.api.JobLeases;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.service.ServiceCell;
import java.util.List;
import java.util.Map;

/** Is told how a job goes. Called by actors: must not block, and runs no user code. */
public interface JobObserver {
    /** The job's parts exist; nothing of it runs yet. */
    void assembled(List<TaskControl> tasks, Map<String, ServiceCell> services);

    /** It cannot start yet. */
    void waits(String reason);

    /** The job has its GPUs and ports. Only for a job that asked for some. */
    void leased(JobLeases leases);

    void stateChanged(JobState state, String reason);

    /** Something else has happened, of which people hear. */
    void happened(JobEvent event);

    /** The job has ended and its actors are gone. The last call. */
    void ended(JobResult result);
}
