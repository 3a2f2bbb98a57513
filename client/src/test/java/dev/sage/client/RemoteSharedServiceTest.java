package dev.sage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.SageException;
import dev.sage.api.Service;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.ServiceException;
import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.http.FakeNode;
import dev.sage.client.http.FakeNode.Answer;
import dev.sage.client.http.FakeNode.Request;
import dev.sage.client.ship.CallCodec;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.ServiceView;
import dev.sage.client.wire.Wire;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services of an environment, as jobs of their own at its node. */
@Timeout(60)
class RemoteSharedServiceTest {
    private final FakeJobs jobs = new FakeJobs();
    private final FakeNode node = new FakeNode(jobs);

    interface Echo {
        Object echo(Object value);
    }

    static final class Model implements Service {}

    @AfterEach
    void closeNode() throws Exception {
        jobs.ended.countDown();
        node.close();
    }

    @Test
    void firstCallSubmitsAJobThatHasNothingButTheServiceAndTheNextUseIt() throws Exception {
        jobs.first = this::serving;
        try (RemoteEnvironment env = connect()) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            assertThat(jobs.submitted).isEmpty();

            assertThat(model.as(Echo.class).echo("a")).isEqualTo("echo of a");
            assertThat(model.call("echo", "b")).isEqualTo("echo of b");

            assertThat(jobs.submitted).singleElement().satisfies(job -> {
                assertThat(job.name()).isEqualTo("app/model");
                assertThat(job.options().autostop()).isFalse();
                assertThat(job.options().detached()).isFalse();
                assertThat(job.options().priority()).isEqualTo(SubmitOptions.HIGHEST_PRIORITY);
            });
            assertThat(env.keptServices()).extracting(KeptService::name).containsExactly("model", "j9/index");
        }
    }

    @Test
    void submissionOfAJobThatHoldsTheReferenceStartsItBeforeAndOnce() {
        try (RemoteEnvironment env = connect()) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            env.sharedService("unused", Model::new);
            for (int job = 0; job < 2; job++) {
                env.fromRange(0, 2).map(n -> model.call("echo", n)).collect();
                env.submit(SubmitOptions.autostop());
            }
        }
        assertThat(jobs.submitted).extracting(JobSubmission::name).containsExactly("app/model", "app", "app");
    }

    @Test
    void sharedServicesThatReferToEachOtherAreBothStarted() {
        try (RemoteEnvironment env = connect()) {
            ServiceDeclaration<?>[] other = new ServiceDeclaration<?>[1];
            ServiceDeclaration<Model> first = env.sharedService("first", () -> {
                other[0].name();
                return new Model();
            });
            other[0] = env.sharedService("second", () -> {
                first.name();
                return new Model();
            });
            env.fromRange(0, 2).map(n -> first.call("echo", n)).collect();
            env.submit(SubmitOptions.autostop());
        }
        assertThat(jobs.submitted).extracting(JobSubmission::name).containsExactly("app/second", "app/first", "app");
    }

    @Test
    void detachedJobsAndThoseOfOtherEnvironmentsAreRefusedAndNothingIsStarted() {
        try (RemoteEnvironment env = connect();
                RemoteEnvironment other = connect()) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            env.fromRange(0, 2).map(n -> model.call("echo", n)).collect();
            assertThatThrownBy(() -> env.submit(SubmitOptions.autostop().detached()))
                    .isInstanceOf(InvalidGraphException.class)
                    .hasMessageContaining("[model]")
                    .hasMessageContaining("without detached()");
            other.fromRange(0, 2).map(n -> model.call("echo", n)).collect();
            assertThatThrownBy(() -> other.submit(SubmitOptions.autostop()))
                    .isInstanceOf(InvalidGraphException.class)
                    .hasMessageContaining("service 'model', which another environment, 'app',");
        }
        assertThat(jobs.submitted).isEmpty();
    }

    @Test
    void callsOfOneThatHasFailedFailWithItsCauseAndOfOneThatEndedAreRefused() {
        jobs.first = this::gone;
        jobs.end = JobState.FAILED;
        jobs.failure = Optional.of(new JobFailure(
                JobFailure.Origin.SERVICE,
                "model",
                0,
                OptionalLong.empty(),
                "start",
                Optional.of(new IOException("no license")),
                "no license"));
        jobs.ended.countDown();
        try (RemoteEnvironment env = connect()) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            assertThatThrownBy(() -> model.call("echo", 1))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.failed"))
                    .hasRootCauseMessage("no license");
            jobs.end = JobState.STOPPED;
            jobs.failure = Optional.empty();
            ServiceDeclaration<Model> other = env.sharedService("other", Model::new);
            assertThatThrownBy(() -> other.call("echo", 1))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unavailable"));
            assertThat(env.keptServices()).extracting(KeptService::name).containsExactly("j9/index");
        }
    }

    @Test
    void callThatWaitsTooLongForTheStartIsNotExecuted() {
        try (RemoteEnvironment env = connect(options().giveUpAfter(Duration.ofMillis(50)))) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            assertThatThrownBy(() -> model.call("echo", 1))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.timeout"))
                    .hasMessageContaining("sage job show j1");
        }
        assertThat(node.lines()).noneMatch(line -> line.endsWith("/call"));
    }

    @Test
    void closedEnvironmentStartsNone() {
        RemoteEnvironment env = connect();
        ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
        env.close();
        assertThatThrownBy(() -> model.call("echo", 1))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("environment.closed"));
    }

    @Test
    void stopOfTheJobsLeavesIt() throws Exception {
        try (RemoteEnvironment env = connect()) {
            ServiceDeclaration<Model> model = env.sharedService("model", Model::new);
            env.fromRange(0, 2).map(n -> model.call("echo", n)).collect();
            env.submit(SubmitOptions.keepRunning());
            env.stop();
        }
        assertThat(node.lines()).contains("POST /v1/jobs/j2/stop").doesNotContain("POST /v1/jobs/j1/stop");
    }

    /** The job becomes idle, and its service answers. */
    private Optional<Answer> serving(Request request) {
        if (request.path().equals("/v1/services")) {
            return Optional.of(FakeNode.json(200, List.of(new ServiceView("j9/index"))));
        }
        if (request.path().endsWith("/call")) {
            return Optional.of(FakeNode.answer(200, "application/octet-stream", executed(request.body())));
        }
        return request.path().endsWith("/events") && jobs.ended.getCount() > 0 && request.after() == 0
                ? Optional.of(FakeNode.events(List.of(idle()), true))
                : Optional.empty();
    }

    /** The job has ended. */
    private Optional<Answer> gone(Request request) {
        return request.path().endsWith("/call")
                ? Optional.of(FakeNode.problem(409, "job.ended", "Job j1 has ended."))
                : serving(request);
    }

    private static String idle() {
        try {
            JobEvent event = new JobEvent.StateChanged(Duration.ZERO, JobState.STARTING, JobState.IDLE, "");
            return FakeNode.frame(1, "state-changed", Wire.mapper().writeValueAsString(event));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] executed(byte[] call) {
        ServiceCaller echo = new ServiceCaller() {
            @Override
            public Object call(String method, Object[] arguments) {
                return method + " of " + arguments[0];
            }

            @Override
            public Object call(Method method, Object[] arguments) {
                return call(method.getName(), arguments);
            }
        };
        try {
            return CallCodec.execute(call, echo, RemoteSharedServiceTest.class.getClassLoader());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RemoteEnvironment connect() {
        return connect(options());
    }

    private RemoteEnvironment connect(RemoteOptions options) {
        return RemoteEnvironment.connect(
                "app", node.address().host(), node.address().port(), options);
    }

    private static RemoteOptions options() {
        return RemoteOptions.DEFAULT.token("secret").closeTimeout(Duration.ofSeconds(20));
    }
}
