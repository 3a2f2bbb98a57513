package dev.sage.ray.gateway;

import dev.sage.ray.wire.Message;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Carries out what Sage asks. Calls are handed to Ray in the order in which they come, all else has a thread of its own. */
final class Requests {
    private static final byte[] NOTHING = new byte[0];

    private final Outlet outlet;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "sage-gateway");
        thread.setDaemon(true);
        return thread;
    });
    private final Actors actors;

    Requests(Outlet outlet, GatewaySettings settings) {
        this.outlet = outlet;
        this.actors = new Actors(threads, settings, outlet::send, this::died);
    }

    private void died(String actor, String reason) {
        outlet.send(0, new Message.Died(actor, reason));
    }

    void take(long number, Message.Request request) {
        if (request instanceof Message.Call call) {
            guarded(number, () -> actors.call(call.actor(), number, call.body()));
        } else {
            threads.execute(() -> guarded(number, () -> outlet.send(number, answer(request))));
        }
    }

    private Message.Answer answer(Message.Request request) throws ActorFailure {
        if (request instanceof Message.Create create) {
            actors.create(create.spec(), Duration.ofMillis(create.timeoutMillis()));
        } else if (request instanceof Message.Attach attach) {
            actors.attach(attach.actor(), attach.concurrency());
        } else if (request instanceof Message.CleanUpAndKill ask) {
            return new Message.Cleaned(actors.cleanUpAndKill(ask.actor(), Duration.ofMillis(ask.timeoutMillis())));
        } else if (request instanceof Message.ListActors) {
            return new Message.Actors(actors.list());
        } else if (request instanceof Message.Reap reap) {
            return new Message.Reaped(actors.reap(reap.actors(), Duration.ofMillis(reap.timeoutMillis())));
        }
        return new Message.Done(NOTHING);
    }

    private void guarded(long number, Work work) {
        try {
            work.run();
        } catch (ActorFailure e) {
            outlet.send(number, new Message.Failed(e.failure()));
        } catch (Throwable e) {
            outlet.send(number, new Message.Failed(RayErrors.failure(e)));
            if (e instanceof VirtualMachineError) {
                throw e;
            }
        }
    }

    private interface Work {
        void run() throws ActorFailure;
    }
}
