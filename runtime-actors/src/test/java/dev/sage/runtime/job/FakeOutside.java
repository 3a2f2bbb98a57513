package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.api.OutputListener;
import dev.sage.api.Service;
import dev.sage.api.Subscription;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.dataplane.Commands;
import dev.sage.runtime.dataplane.RemotePools;
import dev.sage.runtime.node.Outside;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** Acquires when the test says so, and releases at once; what it was asked it tells in words. */
class FakeOutside implements Outside {
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    final Semaphore acquisitions = new Semaphore(0);

    @Override
    public ScheduleCommand acquire(ScheduleEffect.Acquire wanted) throws InterruptedException {
        asked.add("acquire " + wanted.job());
        acquisitions.acquire();
        return new ScheduleCommand.Acquired(wanted.job());
    }

    @Override
    public Release release(String jobId, Set<String> kept) {
        asked.add("release " + jobId);
        return new Release(List.of(), Set.of("trainer", "server"), List.of());
    }

    @Override
    public Release releaseHolder(String jobId, String holder) {
        asked.add("release " + jobId + "/" + holder);
        return new Release(List.of(), Set.of(holder), List.of());
    }

    @Override
    public List<Thing> free(List<Thing> things) {
        asked.add("free " + things);
        return things;
    }

    @Override
    public List<LedgerEntry> held() {
        return List.of();
    }

    @Override
    public void requireProcesses() {}

    @Override
    public Commands commands(String jobId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<CleanupReport.Line> endProcesses(String jobId, Set<String> except) {
        return List.of();
    }

    @Override
    public void requireRay() {}

    @Override
    public RemotePools remotePools(String jobId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<CleanupReport.Line> endActors(String jobId, Set<String> except) {
        return List.of();
    }

    @Override
    public int killProcesses(String jobId, Set<String> except) {
        return 0;
    }

    @Override
    public Subscription output(String jobId, String holder, OutputListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forget(String jobId, Set<String> kept) {}

    @Override
    public Path outputFile(String jobId, String holder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Service make(String jobId, ServiceSpec spec, boolean lasting) {
        throw new UnsupportedOperationException();
    }

    @Override
    public JobLeases.Lease ownLease(String jobId) {
        return JobLeases.Lease.NONE;
    }

    @Override
    public void close() {}
}
