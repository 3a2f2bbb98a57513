package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobState;
import dev.sage.client.wire.OutputLine;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aStreamEndsAfterTheLastEvent() throws Exception {
        server = TestServer.start();
        FakeJobs.Job job = server.train();
        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events")) {
            assertThat(events.await("id:")).isEqualTo("id: 1");
            assertThat(events.await("event:")).isEqualTo("event: state-changed");
            assertThat(events.await("data:"))
                    .contains("\"type\":\"state-changed\"", "\"at\":\"PT0.5S\"", "\"to\":\"RUNNING\"");
            job.become(JobState.COMPLETED, "done");
            assertThat(events.await("id:")).isEqualTo("id: 2");
            events.await("event: ended");
            assertThat(events.rest()).contains("\"state\":\"COMPLETED\"");
        }
        await().untilAtomic(server.jobs.followed, org.hamcrest.Matchers.is(0));
    }

    @Test
    void aStreamIsResumedAfterTheEventThatTheClientHas() throws Exception {
        server = TestServer.start();
        FakeJobs.Job job = server.train();
        job.become(JobState.PAUSED, "asked for");
        job.become(JobState.RUNNING, "asked for");

        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events", "Last-Event-ID: 1")) {
            assertThat(events.await("id:")).isEqualTo("id: 2");
        }
        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events?after=2")) {
            assertThat(events.await("id:")).isEqualTo("id: 3");
        }
        assertThat(server.web()
                        .send("GET", "/v1/jobs/0badcafe/events", java.util.List.of("Last-Event-ID: x"), "")
                        .code())
                .isEqualTo("header.invalid");
        assertThat(server.web().get("/v1/jobs/deadbeef/events").code()).isEqualTo("job.unknown");
    }

    @Test
    void allJobsAreToldOnOneStreamThatIsResumed() throws Exception {
        server = TestServer.start();
        try (Web.Events events = server.web().events("/v1/events")) {
            assertThat(events.await("event:")).isEqualTo("event: reset");
            assertThat(events.await("data:")).isEqualTo("data: {}");
            FakeJobs.Job first = server.train();
            FakeJobs.Job second = server.train();
            second.become(JobState.COMPLETED, "done");
            assertThat(events.await("event:")).isEqualTo("event: job");
            assertThat(events.await("data:")).contains("\"id\":\"" + first.id, "\"RUNNING\"", "\"records\":10");
            assertThat(events.await("data:")).contains("\"id\":\"" + second.id, "\"RUNNING\"");
            assertThat(events.await("id:")).isEqualTo("id: 4");
            assertThat(events.await("data:")).contains("\"id\":\"" + second.id, "\"COMPLETED\"");
        }
        try (Web.Events again = server.web().events("/v1/events?after=1", "Last-Event-ID: 3")) {
            assertThat(again.await("id:")).isEqualTo("id: 4");
        }
        await().untilAtomic(server.jobs.followed, org.hamcrest.Matchers.is(0));
    }

    @Test
    void aClientThatGoesAwayIsNoLongerFollowedFor() throws Exception {
        server = TestServer.start();
        server.train();
        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events")) {
            events.await("id: 1");
            assertThat(server.jobs.followed).hasValue(1);
        }
        await().atMost(Duration.ofSeconds(2)).untilAtomic(server.jobs.followed, org.hamcrest.Matchers.is(0));
    }

    @Test
    void aQuietStreamCarriesCommentsAndOutlivesTheIdleTimeout() throws Exception {
        server = TestServer.start(Map.of("keep-alive", "200ms", "idle-timeout", "600ms"));
        FakeJobs.Job job = server.train();
        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events")) {
            for (int i = 0; i < 5; i++) {
                events.await(": keep-alive");
            }
            job.become(JobState.COMPLETED, "done");
            events.await("event: ended");
        }
    }

    @Test
    void aReaderThatTakesNothingLosesItsStreamAndDelaysNobody() throws Exception {
        server = TestServer.start(Map.of("slow-reader-within", "3s", "stream-buffer", 4));
        FakeJobs.Job job = server.train();
        String line = "x".repeat(100_000);
        try (Web.Events slow = server.web().events("/v1/jobs/0badcafe/logs?follow=true");
                Web.Events quick = server.web().events("/v1/jobs/0badcafe/logs?follow=true")) {
            slow.await("id: 1");
            for (int i = 0; i < 400; i++) {
                job.lines.tell(new OutputLine("train", line));
            }
            quick.await("id: 401");
            await().atMost(Duration.ofSeconds(30)).untilAtomic(server.jobs.followed, org.hamcrest.Matchers.is(1));
            assertThat(slow.rest()).doesNotContain("id: 401\n");
        }
    }

    @Test
    void thereAreOnlySoManyStreams() throws Exception {
        server = TestServer.start(Map.of("streams", 1));
        server.train();
        try (Web.Events first = server.web().events("/v1/jobs/0badcafe/events")) {
            first.await("id: 1");
            Web.Answer second = server.web().get("/v1/jobs/0badcafe/events");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.code()).isEqualTo("streams.too-many");
            assertThat(second.headers()).containsKey("retry-after");
        }
        await().atMost(Duration.ofSeconds(5)).untilAtomic(server.jobs.followed, org.hamcrest.Matchers.is(0));
        try (Web.Events again = server.web().events("/v1/jobs/0badcafe/events")) {
            again.await("id: 1");
        }
    }

    @Test
    void theEndOfTheNodeEndsItsStreams() throws Exception {
        server = TestServer.start();
        server.train();
        try (Web.Events events = server.web().events("/v1/jobs/0badcafe/events")) {
            events.await("data:");
            assertThat(server.binding.terminate(Duration.ofSeconds(20)).toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(server.jobs.followed).hasValue(0);
    }

    @Test
    void theEndOfTheNodeCutsNoStreamOffThatHasAnEndToTell() throws Exception {
        server = TestServer.start(Map.of("stream-buffer", 4));
        FakeJobs.Job job = server.train();
        String line = "x".repeat(20_000);
        try (Web.Events output = server.web().events("/v1/jobs/0badcafe/logs?follow=true");
                Web.Events events = server.web().events("/v1/jobs/0badcafe/events")) {
            output.await("id: 1");
            events.await("id: 1");
            for (int i = 0; i < 400; i++) {
                job.lines.tell(new OutputLine("train", line));
            }
            job.become(JobState.CANCELLED, "its node was stopped");
            var ended = server.binding.terminate(Duration.ofSeconds(20)).toCompletableFuture();

            output.await("id: 401");
            output.await("event: end");
            events.await("event: ended");
            events.await("event: end");
            assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(server.jobs.followed).hasValue(0);
    }
}
