package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.LedgerView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Plain requests to a node. */
record NodeRequests(NodeHttp http) {

    /** @param key the same one makes the same job */
    JobView submit(String name, SubmitOptions options, CommandLine command, String key) {
        return http.post(
                "/v1/jobs",
                new JobSubmission(name, JobOptions.of(options), null, command),
                JobView.class,
                Map.of("Idempotency-Key", key));
    }

    JobDetails show(String id) {
        return http.get("/v1/jobs/" + id, JobDetails.class);
    }

    JobView order(String id, String order) {
        return http.post("/v1/jobs/" + id + "/" + order, null, JobView.class);
    }

    /** Nothing happens when it has ended. */
    void cancel(String id) {
        try {
            order(id, "cancel");
        } catch (NodeProblemException refused) {
            assertThat(refused.code()).isEqualTo("job.ended");
        }
    }

    List<LedgerView> ledger() {
        return List.of(http.get("/v1/ledger", LedgerView[].class));
    }

    /** All of them, page by page. */
    List<JobView> jobs() {
        List<JobView> jobs = new ArrayList<>();
        JobPage page = http.get("/v1/jobs?limit=100", JobPage.class);
        jobs.addAll(page.jobs());
        while (page.next() != null) {
            page = http.get("/v1/jobs?limit=100&after=" + page.next(), JobPage.class);
            jobs.addAll(page.jobs());
        }
        return jobs;
    }

    JobView awaitState(String id, JobState state) {
        return awaitJob(id, "is " + state, job -> job.state() == state);
    }

    JobView awaitEnd(String id) {
        return awaitJob(id, "has ended", job -> !job.running());
    }

    JobView awaitJob(String id, String what, Predicate<JobView> wanted) {
        return Awaitility.await("job " + id + " " + what)
                .atMost(Jvm.BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> show(id).job(), wanted);
    }

    /** Its one outcome, clean, with nothing that still counts as there. */
    void assertEnded(String id, JobState state) {
        JobDetails details = show(id);
        assertThat(details.job().state()).as("%s", details).isEqualTo(state);
        assertThat(details.job().clean()).as("%s", details).isTrue();
        assertThat(details.job().running()).isFalse();
        assertThat(details.job().taskCount()).isZero();
        assertThat(details.job().serviceCount()).isZero();
        assertThat(details.leases().holders()).isEmpty();
    }
}
