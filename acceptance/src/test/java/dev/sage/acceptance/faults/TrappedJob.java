package dev.sage.acceptance.faults;

import dev.sage.api.DataStream;
import dev.sage.api.JobHandle;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.RestartPolicy;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.Sink;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.LifecycleProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The job of every cell: an operator of each kind in a task of its own, two services, and a sink beside the way. */
final class TrappedJob {
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final RestartPolicy ONE_RESTART = RestartPolicy.upTo(1, Duration.ofMinutes(1));

    /** How the service is called. */
    interface Lookup {
        Long lookUp(Long n) throws InterruptedException;
    }

    /** Steps of the sinks' lives. */
    final List<String> witnessed = new CopyOnWriteArrayList<>();

    final LifecycleProbe probe = LifecycleProbe.create();
    final ServiceDeaths deaths = new ServiceDeaths();
    private final AtomicBoolean sourceEnds = new AtomicBoolean();
    final JobHandle handle;

    TrappedJob(LocalEnvironment env, Cell cell, Trap trap) {
        Lookup service = env.service(
                        Place.SERVICE.key(), probe.watching(Place.SERVICE.key(), () -> new Trapped(trap, deaths)))
                .restart(cell.failure().isServiceDeath() ? ONE_RESTART : RestartPolicy.never())
                .as(Lookup.class);
        env.service("store", probe.service("store"));
        AtomicLong next = new AtomicLong();
        DataStream<Long> numbers = env.fromSource(() -> {
                    trap.at(Site.SOURCE);
                    if (sourceEnds.get()) {
                        return Next.<Long>end();
                    }
                    long n = next.getAndIncrement();
                    return n % 2 == 0 ? Next.of(n) : Next.nothingFor(Duration.ofMillis(1));
                })
                .name(Place.SOURCE.key());
        numbers.sink(new Witness("beside", trap, witnessed)).name("beside");
        numbers.map(n -> {
                    trap.at(Site.MAP);
                    return service.lookUp(n);
                })
                .parallelism(2)
                .name(Place.MAP.key())
                .keyBy(n -> n % 3)
                .map(n -> {
                    trap.at(Site.KEYED);
                    return n;
                })
                .name(Place.KEYED.key())
                .mapAsync(2, n -> {
                    trap.at(Site.ASYNC);
                    return n;
                })
                .name(Place.ASYNC.key())
                .sink(new Witness(Place.SINK.key(), trap, witnessed))
                .parallelism(2)
                .name(Place.SINK.key());
        handle = env.submit(options(cell));
        handle.events(deaths::heard);
    }

    /** It emits without end until then. */
    void endSource() {
        sourceEnds.set(true);
    }

    /** Only what hangs meets a bound; for the others it is long, so that a slow machine changes nothing. */
    private static SubmitOptions options(Cell cell) {
        SubmitOptions options = cell.mode().options();
        if (cell.failure().isHang()) {
            for (String phase : List.of("drain-tasks", "stop-tasks", "stop-services", "cleanup-services")) {
                options = options.phaseTimeout(phase, SHORT);
            }
        }
        return options;
    }

    /** Public for its caller's proxy. */
    public static final class Trapped implements Service {
        private final Trap trap;
        private final ServiceDeaths deaths;
        private final int number;

        Trapped(Trap trap, ServiceDeaths deaths) {
            this.trap = trap;
            this.deaths = deaths;
            this.number = deaths.made();
        }

        @Override
        public void init(ServiceContext context) {
            deaths.initialized(context);
        }

        public Long lookUp(Long n) throws InterruptedException {
            trap.at(Site.SERVICE_CALL);
            deaths.served(number);
            return n;
        }

        @Override
        public void start() throws InterruptedException {
            trap.at(Site.SERVICE_START);
        }

        @Override
        public void stop() throws InterruptedException {
            trap.at(Site.SERVICE_STOP);
        }

        @Override
        public void cleanup() throws InterruptedException {
            trap.at(Site.SERVICE_CLEANUP);
        }
    }

    /** Tells the steps of its life; the one at the end of the way is also a site. */
    private static final class Witness implements Sink<Long> {
        private final String name;
        private final transient Trap trap;
        private final transient List<String> steps;

        Witness(String name, Trap trap, List<String> steps) {
            this.name = name;
            this.trap = trap;
            this.steps = steps;
        }

        @Override
        public void open() throws InterruptedException {
            if (name.equals(Place.SINK.key())) {
                trap.at(Site.SINK_OPEN);
            }
            steps.add(name + " open");
        }

        @Override
        public void accept(Long n) throws InterruptedException {
            if (name.equals(Place.SINK.key())) {
                trap.at(Site.SINK);
            }
        }

        @Override
        public void commit() {
            steps.add(name + " commit");
        }

        @Override
        public void abort() {
            steps.add(name + " abort");
        }
    }
}
