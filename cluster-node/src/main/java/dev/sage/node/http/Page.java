package dev.sage.node.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The page with the list of the jobs. Its policy lets the browser run the one script and apply the one style that are in it,
 * by their digests, and nothing else: not even a text of a job that found its way into the markup.
 *
 * @param policy of the header Content-Security-Policy
 */
record Page(String html, String policy) {

    static Page load() {
        String html = new String(OpenRoutes.resource("page.html"), StandardCharsets.UTF_8);
        String policy = "default-src 'none'; script-src " + digest(between(html, "<script>", "</script>"))
                + "; style-src " + digest(between(html, "<style>", "</style>"))
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Page(html, policy);
    }

    HttpResponse answer() {
        return Replies.bytes(200, Replies.HTML, html.getBytes(StandardCharsets.UTF_8))
                .addHeader(RawHeader.create("Content-Security-Policy", policy))
                .addHeader(RawHeader.create("Referrer-Policy", "no-referrer"));
    }

    private static String between(String html, String begin, String end) {
        int from = html.indexOf(begin) + begin.length();
        return html.substring(from, html.indexOf(end, from));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
