package dev.sage.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.api.RestartPolicy;
import dev.sage.api.Service;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.service.ServiceActor;
import dev.sage.runtime.service.ServiceCell;
import dev.sage.runtime.service.ServiceMaker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The handing over of a service, message by message. */
class KeptServicesTest {
    private static final SageSettings SETTINGS = SageSettings.load(Map.of());

    private final ActorTestKit kit = ActorTestKit.create();
    private final KeptRegistry registry = new KeptRegistry();
    private final TestProbe<ServiceActor.Command> service = kit.createTestProbe();
    private final ActorRef<KeptServices.Command> kept = kit.spawn(KeptServices.create(
            SETTINGS,
            registry,
            kit.<NodeAgent.Command>createTestProbe().getRef(),
            kit.<JobManager.Command>createTestProbe().getRef()));

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    @Test
    void aServiceThatDiesBeforeItHasChangedItsOwnerIsNotKept() {
        adopt();
        assertThat(registry.find("j/index")).isPresent();
        CompletableFuture<CleanupReport> ended = new CompletableFuture<>();
        kept.tell(new KeptServices.End("j/index", ended));
        service.stop();
        await().until(() -> registry.find("j/index").isEmpty());
        assertThat(ended).isCompleted();
    }

    @Test
    void anEndThatComesBeforeTheServiceHasChangedItsOwnerIsToldWhenItHas() {
        ServiceActor.ChangeOwner change = adopt();
        CompletableFuture<CleanupReport> ended = new CompletableFuture<>();
        kept.tell(new KeptServices.End("j/index", ended));
        change.owner().tell(new ServiceActor.Spawned(change.name(), service.getRef()));
        service.expectMessageClass(ServiceActor.Stop.class);
        change.owner().tell(new ServiceActor.Stopped(change.name(), Optional.empty()));
        service.expectMessageClass(ServiceActor.CleanUp.class);
        change.owner().tell(new ServiceActor.Cleaned(change.name(), Optional.empty()));
        await().until(ended::isDone);
        assertThat(ended.join().lines())
                .singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED));
    }

    private ServiceActor.ChangeOwner adopt() {
        ServiceSpec spec = new ServiceSpec(
                "index",
                new ServiceBody.InJvm(() -> new Service() {}),
                1,
                Optional.empty(),
                RestartPolicy.never(),
                List.of(),
                caller -> {});
        kept.tell(new KeptServices.Adopt(
                "j", ServiceCell.ofJob(spec, new Unused(), "j", true, Map.of(), SETTINGS), service.getRef()));
        return service.expectMessageClass(ServiceActor.ChangeOwner.class);
    }

    /** The service is never made here. */
    private static final class Unused implements ServiceMaker {
        @Override
        public Service make(String jobId, ServiceSpec spec, boolean lasting) {
            throw new IllegalStateException("made " + spec.name());
        }

        @Override
        public JobLeases.Lease ownLease(String jobId) {
            return JobLeases.Lease.NONE;
        }
    }
}
