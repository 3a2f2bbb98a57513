package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line and {@code RemoteEnvironment} ask for is known to the server, with all its parameters. */
class RequestsOfClientsTest {
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.ofEndedJobs();
        server.train();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GET /v1/jobs?limit=1000&state=QUEUED,STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING",
                "GET /v1/jobs?limit=50&state=RUNNING&name=a%20b&owner=me",
                "GET /v1/jobs/0bad",
                "GET /v1/jobs/0bad/events",
                "GET /v1/jobs/0bad/events?follow=false",
                "GET /v1/jobs/0bad/progress",
                "GET /v1/jobs/0bad/logs?follow=true",
                "GET /v1/jobs/0bad/logs?follow=true&name=train&tail=20",
                "GET /v1/jobs/0bad/logs?follow=true&tail=0",
                "GET /v1/jobs/0bad/logs?name=train",
                "GET /v1/jobs/0bad/logs?name=train&tail=20",
                "GET /v1/jobs/0bad/collected/sums",
                "GET /v1/jobs/0bad/graph",
                "PUT /v1/jobs/0bad/lease",
                "GET /v1/services",
                "DELETE /v1/services/model",
                "DELETE /v1/services/0badcafe/model",
                "GET /v1/resources",
                "POST /v1/resources/gpus/0/drain",
                "POST /v1/resources/gpus/0/undrain",
                "GET /v1/decisions",
                "GET /v1/ledger",
                "GET /v1/nodes",
                "POST /v1/node/stop"
            })
    void requestIsAnswered(String method, String path) throws IOException {
        Web.Answer answer = server.web().send(method, path, List.of(), "");

        assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
    }
}
