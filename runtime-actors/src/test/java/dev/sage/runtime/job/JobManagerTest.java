package dev.sage.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobEvent;
import dev.sage.api.JobLeases;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ProcessService;
import dev.sage.api.RestartPolicy;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.schedule.Demand;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.TaskControl;
import dev.sage.runtime.dataplane.TaskletExecutor;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.dispatch.JobDefinition;
import dev.sage.runtime.dispatch.JobObserver;
import dev.sage.runtime.dispatch.StartGate;
import dev.sage.runtime.node.DataPlane;
import dev.sage.runtime.node.NodeAgent;
import dev.sage.runtime.service.ServiceCell;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is being acquired while its job, or the environment, ends. */
class JobManagerTest {
    private static final SageSettings SETTINGS =
            SageSettings.load(Map.of("sage.gpus.ids", "0", "sage.job.start-timeout", "5s"));

    private final ActorTestKit kit = ActorTestKit.create();
    private final BlockingThreads threads = BlockingThreads.create("manager");
    private final TaskletExecutor executor = TaskletExecutor.create("manager", SETTINGS.dataPlane());
    private final FakeOutside outside = new FakeOutside();
    private final TestProbe<NodeAgent.Command> node = kit.createTestProbe();
    private final ActorRef<JobManager.Command> manager = kit.spawn(
            JobManager.create(SETTINGS, new DataPlane(executor, threads), outside, new KeptRegistry(), node.getRef()));

    @AfterEach
    void end() {
        kit.shutdownTestKit();
        executor.close();
        threads.close();
    }

    @Test
    void aJobThatIsCancelledWhileItAcquiresHasEndedWhenThatIsGivenBack() throws Exception {
        Observer job = new Observer();
        JobDefinition definition = definition(job);
        manager.tell(new JobManager.Submit(definition));
        ActorRef<Dispatcher.Report> reports = node.expectMessageClass(NodeAgent.RunDispatcher.class)
                .surroundings()
                .manager();
        TestProbe<Dispatcher.Command> dispatcher = kit.createTestProbe();
        manager.tell(new JobManager.DispatcherSpawned("j", dispatcher.getRef()));
        assertThat(next()).isEqualTo("acquire j");

        reports.tell(new Dispatcher.Ended("j", definition.result(JobState.CANCELLED, "cancelled on request")));
        dispatcher.stop();
        node.expectMessageClass(NodeAgent.JobOver.class);
        awaitManager();
        assertThat(job.ended).isNotDone();

        outside.acquisitions.release();
        assertThat(job.ended.get(20, TimeUnit.SECONDS).state()).isEqualTo(JobState.CANCELLED);
        assertThat(next()).isEqualTo("release j");
    }

    @Test
    void aSharedServiceThatWaitsAtTheCloseIsRefusedAndWhatItAcquiredGivenBack() throws Exception {
        ServiceCell cell = shared();
        manager.tell(new JobManager.StartShared(cell, Demand.of("server", 1, 0)));
        assertThat(next()).isEqualTo("acquire shared-server");
        CompletableFuture<Done> closed = new CompletableFuture<>();
        manager.tell(new JobManager.EndAll("its environment was closed", closed));
        awaitManager();

        assertThatThrownBy(() -> cell.call("get", new Object[0])).hasMessageContaining("its environment was closed");
        assertThat(closed).isNotDone();

        outside.acquisitions.release();
        assertThat(closed.get(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(next()).isEqualTo("release shared-server");
    }

    @Test
    void aSharedServiceIsRefusedAfterTheClose() {
        CompletableFuture<Done> closed = new CompletableFuture<>();
        manager.tell(new JobManager.EndAll("its environment was closed", closed));
        ServiceCell cell = shared();
        manager.tell(new JobManager.StartShared(cell, Demand.of("server", 1, 0)));
        awaitManager();
        assertThatThrownBy(() -> cell.call("get", new Object[0])).hasMessageContaining("being closed");
        assertThat(outside.asked).isEmpty();
    }

    /** All that was sent before has been taken care of. */
    private void awaitManager() {
        CompletableFuture<Done> reply = new CompletableFuture<>();
        manager.tell(new JobManager.StopIntake(reply));
        assertThat(reply).succeedsWithin(20, TimeUnit.SECONDS);
    }

    private String next() throws InterruptedException {
        return outside.asked.poll(20, TimeUnit.SECONDS);
    }

    private ServiceCell shared() {
        ServiceSpec spec = new ServiceSpec(
                "server",
                new ServiceBody.OfProcess(ProcessService.command("server"), false),
                1,
                Optional.empty(),
                RestartPolicy.never(),
                List.of(),
                caller -> {});
        return ServiceCell.shared(spec, outside, "test", SETTINGS);
    }

    /** Its graph is nothing to the JobManager. */
    private static JobDefinition definition(JobObserver observer) {
        return new JobDefinition(
                "j",
                "job",
                null,
                null,
                SubmitOptions.autostop(),
                null,
                Demand.of("trainer", 1, 0),
                observer,
                null,
                StartGate.OPEN,
                0);
    }

    private static final class Observer implements JobObserver {
        final CompletableFuture<JobResult> ended = new CompletableFuture<>();

        @Override
        public void assembled(List<TaskControl> tasks, Map<String, ServiceCell> services) {}

        @Override
        public void waits(String reason) {}

        @Override
        public void leased(JobLeases leases) {}

        @Override
        public void stateChanged(JobState state, String reason) {}

        @Override
        public void happened(JobEvent event) {}

        @Override
        public void ended(JobResult result) {
            ended.complete(result);
        }
    }
}
