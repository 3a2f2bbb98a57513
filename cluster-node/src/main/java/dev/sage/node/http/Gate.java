package dev.sage.node.http;

import dev.sage.node.core.TokenBuckets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Lets in who has a token and does not ask too often. */
final class Gate {
    private static final int ADDRESSES = 10_000;
    private static final String SCHEME = "Bearer ";
    private static final HttpHeader CHALLENGE = RawHeader.create("WWW-Authenticate", "Bearer realm=\"sage\"");
    private static final String NEXT =
            "Send the token of the node, in its folder in the file token, as Authorization: Bearer TOKEN.";

    private final Tokens tokens;
    private final LongSupplier nanoTime;
    private final TokenBuckets rates;

    Gate(Tokens tokens, HttpSettings settings, LongSupplier nanoTime) {
        this.tokens = tokens;
        this.nanoTime = nanoTime;
        rates = new TokenBuckets(settings.requestsPerSecond(), settings.requestBurst(), ADDRESSES);
    }

    void checkRate(HttpRequest request) {
        String address = request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(remote -> remote.getAddress())
                .map(found -> found.getHostAddress())
                .orElse("unknown");
        long waitNs;
        synchronized (rates) {
            waitNs = rates.take(address, nanoTime.getAsLong());
        }
        if (waitNs > 0) {
            throw Refusal.RATE.because(
                    address + " asks more often than sage.node.http.requests-per-second allows.",
                    "Ask again later, or raise the limit.",
                    RawHeader.create("Retry-After", Long.toString(TimeUnit.NANOSECONDS.toSeconds(waitNs) + 1)));
        }
    }

    /** The owner of the request's token. */
    String owner(HttpRequest request) {
        Optional<String> given = request.getHeader("Authorization").map(HttpHeader::value);
        if (given.isEmpty()) {
            throw Refusal.TOKEN_MISSING.because("The request has no token.", NEXT, CHALLENGE);
        }
        return given.filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .flatMap(
                        value -> tokens.ownerOf(value.substring(SCHEME.length()).strip()))
                .orElseThrow(() ->
                        Refusal.TOKEN_INVALID.because("The token of the request is not this node's.", NEXT, CHALLENGE));
    }
}
