package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobLeases.Lease;
import dev.sage.api.Next;
import dev.sage.api.ProcessService;
import dev.sage.api.Service;
import dev.sage.api.Subscription;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.Commands;
import dev.sage.runtime.format.JacksonFormat;
import dev.sage.runtime.node.Outside;
import dev.sage.runtime.process.CommandRun;
import dev.sage.runtime.process.ManagedProcess;
import dev.sage.runtime.process.ProcessGrant;
import dev.sage.runtime.process.ProcessMark;
import dev.sage.runtime.process.Processes;
import dev.sage.runtime.resource.Holdings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The outside of a local environment: its processes, and its part of what this JVM holds. Opens the state folder only when
 * a job first needs something.
 */
final class LocalOutside implements Outside {
    /** There is one attempt of a job in a local environment. */
    private static final int EPOCH = 1;

    private final SageSettings settings;
    private final BlockingThreads threads;

    LocalOutside(SageSettings settings, BlockingThreads threads) {
        this.settings = settings;
        this.threads = threads;
    }
}
