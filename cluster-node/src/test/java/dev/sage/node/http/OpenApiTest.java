package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the server and its description together. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "head", "patch");

    private JsonNode document;
    private Schemas schemas;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.ofEndedJobs();
        String yaml = server.web().bare("GET", "/openapi.yaml", List.of(), "").body();
        document = new YAMLMapper().readTree(yaml);
        schemas = new Schemas(document);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionHasItsRoute() {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (METHODS.contains(operation.getKey())) {
                        described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }));

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(server.routes().stream()
                        .map(route -> route.method() + " " + route.template())
                        .toList());
    }

    @Test
    void queryParametersAndOpennessAreAsDescribed() {
        for (Route route : server.routes()) {
            JsonNode operation = operation(route);
            Set<String> query = new TreeSet<>();
            operation.path("parameters").forEach(given -> {
                JsonNode parameter = schemas.resolve(given);
                if (parameter.path("in").asText().equals("query")) {
                    query.add(parameter.path("name").asText());
                }
            });
            assertThat(query).as(route.template()).isEqualTo(new TreeSet<>(route.query()));
            assertThat(operation.path("security").isArray())
                    .as(route.template())
                    .isEqualTo(route.open());
        }
    }

    @Test
    void everyExampleIsAsItsSchemaSays() {
        int[] examples = {0};
        document.findParents("schema").forEach(place -> {
            JsonNode schema = place.path("schema");
            if (place.has("example")) {
                examples[0]++;
                assertThat(schemas.check(place.path("example"), schema)).isEmpty();
            }
            place.path("examples").forEach(example -> {
                examples[0]++;
                assertThat(schemas.check(example.path("value"), schema)).isEmpty();
            });
        });
        document.at("/components/schemas")
                .forEach(schema -> schema.path("examples").forEach(example -> {
                    examples[0]++;
                    assertThat(schemas.check(example, schema)).isEmpty();
                }));
        assertThat(examples[0]).isGreaterThan(15);
    }

    @Test
    void answersAreAsTheirSchemasSay() throws IOException {
        Web web = server.web();
        web.post("/v1/jobs", "{\"name\": \"train\", \"command\": {\"arguments\": [\"true\"]}}");
        for (Route route : server.routes()) {
            if (!route.method().equals("GET")
                    && !route.method().equals("POST")
                    && !route.method().equals("DELETE")) {
                continue;
            }
            String path = route.template()
                    .replace("{id}", "0badcafe")
                    .replace("{name}", "model")
                    .replace("{operator}", "sums")
                    .replace("{gpu}", "0");
            String body = body(route);
            Web.Answer answer = body.isEmpty()
                    ? web.send(route.method(), path, List.of(), "")
                    : web.send(route.method(), path, List.of("Content-Type: " + type(route)), body);
            JsonNode responses = operation(route).path("responses");
            String status = Integer.toString(answer.status());
            JsonNode response = schemas.resolve(responses.path(responses.has(status) ? status : "default"));
            JsonNode content = response.path("content").path(answer.type());
            assertThat(content.isMissingNode()).as(route + " answers " + answer).isFalse();
            if (answer.type().endsWith("json")) {
                assertThat(schemas.check(answer.json(), content.path("schema")))
                        .as(route.template())
                        .isEmpty();
            }
        }
    }

    @Test
    void whatAStreamCarriesIsDescribed() throws IOException {
        server.train();
        Web web = server.web();
        TreeMap<String, String> streams = new TreeMap<>();
        streams.put("/v1/events", "JobChange");
        streams.put("/v1/jobs/0badcafe/events", "JobEvent");
        streams.put("/v1/jobs/0badcafe/progress", "JobProgress");
        streams.put("/v1/jobs/0badcafe/logs?follow=true", "OutputLine");
        streams.forEach((path, schema) -> {
            try {
                List<String> data = web.get(path)
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("data: "))
                        .toList();
                assertThat(data).hasSizeGreaterThan(1).endsWith("data: {}");
                for (String line : data.subList(0, data.size() - 1)) {
                    assertThat(schemas.check(
                                    Web.JSON.readTree(line.substring(6)), document.at("/components/schemas/" + schema)))
                            .as(line)
                            .isEmpty();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void everyCodeIsListed() {
        JsonNode listed = document.path("x-problem-codes");
        assertThat(Arrays.stream(Refusal.values()).map(Refusal::code)).allMatch(listed::has);
        assertThat(List.of("graph.invalid", "service.unknown", "service.unavailable"))
                .allMatch(listed::has);
    }

    /** Whoever throws one writes it as a text beside its kind. */
    @Test
    void everyCodeThatTheNodeThrowsIsListed() throws IOException {
        Pattern thrown = Pattern.compile("Kind\\.[A-Z_]+,\\s*\"([a-z.-]+)\"");
        Set<String> codes = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                thrown.matcher(Files.readString(source)).results().forEach(found -> codes.add(found.group(1)));
            }
        }
        JsonNode listed = document.path("x-problem-codes");

        assertThat(codes).hasSizeGreaterThan(20).allMatch(listed::has);
    }

    private JsonNode operation(Route route) {
        return document.path("paths").path(route.template()).path(route.method().toLowerCase(java.util.Locale.ROOT));
    }

    private String type(Route route) {
        return schemas.resolve(operation(route).path("requestBody"))
                .path("content")
                .fieldNames()
                .next();
    }

    private String body(Route route) {
        JsonNode body = schemas.resolve(operation(route).path("requestBody")).path("content");
        if (body.isMissingNode()) {
            return "";
        }
        JsonNode media = body.elements().next();
        JsonNode example = media.has("example")
                ? media.path("example")
                : media.path("examples").path("program").path("value");
        return example.isMissingNode() ? "bytes" : example.toString();
    }
}
