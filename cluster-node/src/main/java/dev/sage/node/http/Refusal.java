package dev.sage.node.http;

import dev.sage.client.wire.Problem;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** The errors that the HTTP API itself finds, with their stable codes; openapi.yaml lists them. */
enum Refusal {
    MALFORMED(400, "request.malformed", "Not an HTTP request"),
    JSON_MALFORMED(400, "json.malformed", "Not JSON"),
    JSON_INVALID(400, "json.invalid", "Not what is expected"),
    JSON_UNKNOWN_FIELD(400, "json.unknown-field", "Unknown field"),
    OPTIONS_INVALID(400, "options.invalid", "Out of bounds"),
    QUERY_UNKNOWN(400, "query.unknown", "Unknown query parameter"),
    QUERY_INVALID(400, "query.invalid", "Bad query parameter"),
    HEADER_INVALID(400, "header.invalid", "Bad header"),
    PATH_INVALID(404, "path.invalid", "Not found"),
    BODY_BROKEN(400, "body.broken-off", "The body is incomplete"),
    TOKEN_MISSING(401, "token.missing", "No token"),
    TOKEN_INVALID(401, "token.invalid", "No valid token"),
    PATH_UNKNOWN(404, "path.unknown", "Not found"),
    JOB_UNKNOWN(404, "job.unknown", "Not found"),
    OUTPUT_UNKNOWN(404, "output.unknown", "Not found"),
    ARTIFACT_UNKNOWN(404, "artifact.unknown", "Not found"),
    METHOD_NOT_ALLOWED(405, "method.not-allowed", "Method not allowed"),
    TOO_SLOW(408, "request.too-slow", "Too slow"),
    BODY_TOO_LARGE(413, "body.too-large", "Too large"),
    URI_TOO_LONG(414, "uri.too-long", "Too long"),
    MEDIA_TYPE(415, "media-type.unsupported", "Unsupported content type"),
    SCHEDULER_UNMAPPED(422, "scheduler.unmapped", "Cannot be run"),
    RATE(429, "rate.too-many", "Too many requests"),
    HEADER_TOO_LARGE(431, "header.too-large", "Too large"),
    INTERNAL(500, "internal", "Internal error"),
    METHOD_UNKNOWN(501, "method.unknown", "Unknown method"),
    STREAMS(503, "streams.too-many", "Too many streams"),
    NOT_READY(503, "node.not-ready", "Not ready"),
    STOPPING(503, "node.stopping", "Not available"),
    TOO_LATE(503, "answer.too-late", "No answer in time"),
    HTTP_VERSION(505, "http-version.unsupported", "Unsupported HTTP version");

    private final int status;
    private final String code;
    private final String title;

    Refusal(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    String code() {
        return code;
    }

    Problem problem(String detail, String next) {
        return Problem.of(status, code, title, detail, next);
    }

    RefusedException because(String detail, String next, HttpHeader... headers) {
        return new RefusedException(problem(detail, next), headers);
    }
}
