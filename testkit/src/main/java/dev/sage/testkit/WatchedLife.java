package dev.sage.testkit;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;

/** Leads a service through its life, with the waits, failures and records that its probe wants. */
final class WatchedLife implements Service {
    private final String name;
    private final LifecycleProbe probe;
    private final Service service;

    WatchedLife(String name, LifecycleProbe probe, Service service) {
        this.name = name;
        this.probe = probe;
        this.service = service;
    }

    @Override
    public void init(ServiceContext context) throws Exception {
        probe.holdAt(name, LifecycleStep.INIT);
        service.init(context);
        probe.failAt(name, LifecycleStep.INIT);
        probe.record(name, LifecycleFact.INITIALIZED);
    }

    @Override
    public void start() throws Exception {
        probe.holdAt(name, LifecycleStep.START);
        service.start();
        probe.failAt(name, LifecycleStep.START);
        probe.record(name, LifecycleFact.RUNNING);
    }

    void call() throws Exception {
        probe.holdAt(name, LifecycleStep.CALL);
        probe.failAt(name, LifecycleStep.CALL);
    }

    @Override
    public void stop() throws Exception {
        probe.record(name, LifecycleFact.STOP_CALLED);
        probe.holdAt(name, LifecycleStep.STOP);
        service.stop();
        probe.failAt(name, LifecycleStep.STOP);
    }

    @Override
    public void cleanup() throws Exception {
        probe.record(name, LifecycleFact.CLEANUP_CALLED);
        try {
            probe.holdAt(name, LifecycleStep.CLEANUP);
            service.cleanup();
            probe.failAt(name, LifecycleStep.CLEANUP);
            probe.record(name, LifecycleFact.CLEANUP_COMPLETED);
        } finally {
            probe.record(name, LifecycleFact.NOT_RUNNING);
        }
    }
}
