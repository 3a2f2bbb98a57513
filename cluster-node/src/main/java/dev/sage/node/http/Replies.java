package dev.sage.node.http;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Answers whose bodies are at hand: Pekko writes header and body of these at once. */
final class Replies {
    static final ContentType TEXT = ContentTypes.TEXT_PLAIN_UTF8;
    static final ContentType EVENTS = MediaTypes.TEXT_EVENT_STREAM.toContentType();
    static final ContentType OCTETS = ContentTypes.APPLICATION_OCTET_STREAM;
    static final ContentType HTML = ContentTypes.TEXT_HTML_UTF8;
    static final ContentType YAML =
            MediaTypes.applicationWithFixedCharset("yaml", HttpCharsets.UTF_8).toContentType();

    private Replies() {}

    static HttpResponse json(int status, Object value) {
        return bytes(status, ContentTypes.APPLICATION_JSON, Json.bytes(value));
    }

    static HttpResponse text(String text) {
        return bytes(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static HttpResponse bytes(int status, ContentType type, byte[] bytes) {
        return HttpResponse.create().withStatus(StatusCodes.get(status)).withEntity(type, bytes);
    }

    static HttpResponse empty(int status) {
        return HttpResponse.create().withStatus(StatusCodes.get(status));
    }
}
