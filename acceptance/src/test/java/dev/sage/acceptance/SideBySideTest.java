package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.SageTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs of one environment share neither names nor fates. */
@SageTest
class SideBySideTest {
    private static final int JOBS = 4;

    @Test
    void jobsWithTheSameNamesOfServicesAndOperatorsRunAtTheSameTimeAndNeverMeet(LocalEnvironment env)
            throws InterruptedException {
        List<JobHandle> jobs = new ArrayList<>();
        List<Results<Object>> answers = new ArrayList<>();
        List<Gate> gates = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            Gate gate = Gate.closed("last record of job " + i);
            var whose = env.service("whose", WhoseAmI::new);
            answers.add(env.fromRange(0, 100)
                    .name("numbers")
                    .map(n -> {
                        if (n == 99) {
                            gate.pass();
                        }
                        return whose.call("job");
                    })
                    .name("ask")
                    .collect());
            gates.add(gate);
            jobs.add(env.submit(SubmitOptions.autostop()));
        }
        for (Gate gate : gates) {
            gate.awaitReached();
        }
        assertThat(jobs).extracting(JobHandle::state).containsOnly(JobState.RUNNING);
        gates.forEach(Gate::open);
        for (int i = 0; i < JOBS; i++) {
            assertThat(Jobs.end(jobs.get(i)).state()).isEqualTo(JobState.COMPLETED);
            assertThat(answers.get(i)).hasSize(100).containsOnly(jobs.get(i).id());
        }
        assertThat(jobs).extracting(JobHandle::id).doesNotHaveDuplicates();
    }

    @Test
    void failureOfOneJobDoesNotTouchAnother(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("record 5")) {
            Results<Long> good = env.fromRange(0, 10)
                    .map(n -> {
                        if (n == 5) {
                            gate.pass();
                        }
                        return n;
                    })
                    .collect();
            JobHandle goodJob = env.submit(SubmitOptions.autostop());
            gate.awaitReached();
            env.fromRange(0, 10)
                    .map(n -> {
                        throw new IllegalStateException("record " + n);
                    })
                    .collect();
            assertThat(Jobs.end(env.submit(SubmitOptions.autostop())).state()).isEqualTo(JobState.FAILED);
            assertThat(goodJob.state()).isEqualTo(JobState.RUNNING);
            gate.open();
            assertThat(Jobs.end(goodJob).state()).isEqualTo(JobState.COMPLETED);
            assertThat(good).hasSize(10);
        }
    }

    @Test
    void functionThatBlocksDoesNotStarveAnotherJob(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("blocking function")) {
            // More instances than there are cores, each of them blocked.
            env.fromRange(0, 16)
                    .parallelism(16)
                    .map(n -> {
                        gate.pass();
                        return n;
                    })
                    .parallelism(16)
                    .collect();
            JobHandle blocked = env.submit(SubmitOptions.autostop());
            gate.awaitReached();
            Results<Long> quick = env.fromRange(0, 10).collect();
            assertThat(Jobs.end(env.submit(SubmitOptions.autostop())).state()).isEqualTo(JobState.COMPLETED);
            assertThat(quick).hasSize(10);
            assertThat(blocked.state()).isIn(JobState.STARTING, JobState.RUNNING);
            gate.open();
            assertThat(Jobs.end(blocked).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    static final class WhoseAmI implements Service {
        private String job = "";

        @Override
        public void init(ServiceContext context) {
            job = context.jobId();
        }

        public String job() {
            return job;
        }
    }
}
