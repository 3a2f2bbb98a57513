package dev.sage.testkit;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;

/** The service that a {@link LifecycleProbe} makes: it holds nothing, and tells the probe what it lives through. */
public final class ProbeService implements Service, Echo {
    private final WatchedLife life;

    ProbeService(String name, LifecycleProbe probe) {
        life = new WatchedLife(name, probe, new Service() {});
    }

    @Override
    public Object echo(Object value) throws Exception {
        life.call();
        return value;
    }

    @Override
    public void init(ServiceContext context) throws Exception {
        life.init(context);
    }

    @Override
    public void start() throws Exception {
        life.start();
    }

    @Override
    public void stop() throws Exception {
        life.stop();
    }

    @Override
    public void cleanup() throws Exception {
        life.cleanup();
    }
}
