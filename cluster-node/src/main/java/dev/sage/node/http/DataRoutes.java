package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;

import dev.sage.node.job.Jobs;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.StreamConverters;

/** Bytes: jars that come in, records and answers of services that go out. */
final class DataRoutes {
    private final Jobs jobs;
    private final Artifacts artifacts;
    private final Files files;
    private final HttpSettings settings;
    private final Materializer materializer;

    DataRoutes(Jobs jobs, Artifacts artifacts, Files files, HttpSettings settings, Materializer materializer) {
        this.jobs = jobs;
        this.artifacts = artifacts;
        this.files = files;
        this.settings = settings;
        this.materializer = materializer;
    }

    List<Route> routes() {
        return List.of(
                guarded("GET", "/v1/jobs/{id}/collected/{operator}", this::collected),
                guarded("POST", "/v1/jobs/{id}/services/{name}/call", this::call),
                guarded("HEAD", "/v1/artifacts/{sha256}", this::has),
                guarded("PUT", "/v1/artifacts/{sha256}", this::put));
    }

    private CompletionStage<HttpResponse> collected(Call call) {
        return jobs.collected(call.jobId(), call.name("operator")).thenCompose(files::octets);
    }

    private CompletionStage<HttpResponse> call(Call call) {
        String id = call.jobId();
        String service = call.name("name");
        return call.octets(settings.callBytes())
                .thenCompose(bytes -> jobs.call(id, service, bytes))
                .thenApply(answer -> Replies.bytes(200, Replies.OCTETS, answer));
    }

    private CompletionStage<HttpResponse> has(Call call) {
        String sha256 = digest(call);
        return files.blocking(() -> {
            if (!artifacts.has(sha256)) {
                throw Refusal.ARTIFACT_UNKNOWN.because("There is no artifact " + sha256 + ".", "Upload it with PUT.");
            }
            return Replies.empty(200);
        });
    }

    private CompletionStage<HttpResponse> put(Call call) {
        String sha256 = digest(call);
        call.requireType(MediaTypes.APPLICATION_OCTET_STREAM);
        InputStream bytes = call.stream(settings.artifactBytes())
                .completionTimeout(settings.uploadWithin())
                .runWith(StreamConverters.asInputStream(settings.idleTimeout()), materializer);
        return files.blocking(() -> {
            try (bytes) {
                artifacts.put(sha256, bytes);
            } catch (java.io.IOException e) {
                throw brokenOff(e);
            }
            return Replies.empty(201);
        });
    }

    /** A body that fails shows as an IOException with its cause. */
    private Exception brokenOff(java.io.IOException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return Refusal.TOO_SLOW.because(
                        "The jar was not there within " + settings.uploadWithin() + ".",
                        "Send it faster, or raise sage.node.http.upload-within.");
            }
            if (cause instanceof org.apache.pekko.http.scaladsl.model.EntityStreamException
                    || cause instanceof org.apache.pekko.http.scaladsl.model.EntityStreamSizeException) {
                return (RuntimeException) cause;
            }
        }
        return e;
    }

    private static String digest(Call call) {
        String sha256 = call.variable("sha256");
        if (!SubmissionCheck.SHA256.matcher(sha256).matches()) {
            throw Refusal.PATH_INVALID.because(
                    Call.printable(sha256) + " is no digest.", "It has 64 lower-case hexadecimal digits.");
        }
        return sha256;
    }
}
