package dev.sage.node.http;

import dev.sage.node.core.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A request under way, with the checked access to its parts: what is read of it is within its bounds. */
final class Call {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{1,8}");
    private static final int LONGEST_NAME = 255;

    private final HttpRequest request;
    private final Router.Match match;
    private final Map<String, String> query;
    private final String owner;
    private final HttpSettings settings;
    private final Materializer materializer;
    private final CompletionStage<?> gone;
    private boolean bodyTaken;

    Call(
            HttpRequest request,
            Router.Match match,
            String owner,
            HttpSettings settings,
            Materializer materializer,
            CompletionStage<?> gone) {
        this.request = request;
        this.match = match;
        this.owner = owner;
        this.settings = settings;
        this.materializer = materializer;
        this.gone = gone;
        query = query(request, match.route().query());
    }

    private static Map<String, String> query(HttpRequest request, Set<String> known) {
        Map<String, String> query = new HashMap<>();
        for (Pair<String, String> pair : request.getUri().query().toList()) {
            String name = pair.first();
            if (!known.contains(name)) {
                throw Refusal.QUERY_UNKNOWN.because(
                        "There is no query parameter " + name + " here."
                                + Nearest.to(name, known)
                                        .map(nearest -> " Did you mean " + nearest + "?")
                                        .orElse(""),
                        known.isEmpty()
                                ? "Leave the query away."
                                : "Known are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()) + ".");
            }
            if (query.put(name, pair.second()) != null) {
                throw Refusal.QUERY_INVALID.because(
                        "The query parameter " + name + " is there twice.", "Give it once.");
            }
        }
        return query;
    }

    HttpRequest request() {
        return request;
    }

    /** Who asks, by the token. */
    String owner() {
        return owner;
    }

    /** Completed when the client has closed its connection, in whatever way. */
    CompletionStage<?> gone() {
        return gone;
    }

    /** The job id of the path. What cannot be one is not asked for. */
    String jobId() {
        String id = variable("id");
        if (!ID.matcher(id).matches()) {
            throw Refusal.JOB_UNKNOWN.because(
                    "There is no job " + printable(id) + ".", "An id has up to 8 of the digits 0-9 and a-f.");
        }
        return id;
    }

    /** A name in the path: no path of its own, and nothing that a terminal would obey. */
    String name(String variable) {
        return checkedName(variable, variable(variable));
    }

    private static String checkedName(String variable, String name) {
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == 0xFFFD || Character.isISOControl(c))) {
            throw Refusal.PATH_INVALID.because(
                    variable + " is " + printable(name) + ", and cannot be a name.",
                    "A name has from 1 to " + LONGEST_NAME + " characters, without slashes and control characters.");
        }
        return name;
    }

    /** The name of a service as lists have it; that of a kept one has its job before a slash, which may be encoded. */
    String serviceName() {
        String name = variable("name");
        int slash = name.indexOf('/');
        return slash > 0 && ID.matcher(name.substring(0, slash)).matches()
                ? name.substring(0, slash + 1) + checkedName("name", name.substring(slash + 1))
                : checkedName("name", name);
    }

    String variable(String name) {
        return Objects.requireNonNull(match.variables().get(name), name);
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    long number(String name, long min, long max, long absent) {
        return query(name)
                .map(text -> parse(text, min, max)
                        .orElseThrow(() -> Refusal.QUERY_INVALID.because(
                                name + " is " + printable(text) + "; it must be a number from " + min + " to " + max
                                        + ".",
                                "Correct it or leave it away.")))
                .orElse(absent);
    }

    static Optional<Long> parse(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            return value >= min && value <= max && !text.startsWith("+") ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    Optional<String> header(String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }

    /** The JSON body. */
    <T> CompletionStage<T> json(Class<T> type) {
        requireType(MediaTypes.APPLICATION_JSON);
        return bytes(settings.jsonBytes()).thenApply(bytes -> Json.read(bytes, type));
    }

    /** The JSON body, in which null stands for what is absent. */
    <T> CompletionStage<T> jsonWithNulls(Class<T> type) {
        requireType(MediaTypes.APPLICATION_JSON);
        return bytes(settings.jsonBytes()).thenApply(bytes -> Json.readWithNulls(bytes, type));
    }

    /** The JSON body, or what stands for none. */
    <T> CompletionStage<T> json(Class<T> type, T absent) {
        if (request.entity().isKnownEmpty()) {
            return CompletableFuture.completedFuture(absent);
        }
        requireType(MediaTypes.APPLICATION_JSON);
        return bytes(settings.jsonBytes()).thenApply(bytes -> bytes.length == 0 ? absent : Json.read(bytes, type));
    }

    CompletionStage<byte[]> octets(long limit) {
        requireType(MediaTypes.APPLICATION_OCTET_STREAM);
        return bytes(limit);
    }

    /** The body as it arrives. */
    Source<ByteString, ?> stream(long limit) {
        return limited(limit).getDataBytes();
    }

    void requireType(MediaType type) {
        MediaType given = request.entity().getContentType().mediaType();
        if (!given.mainType().equals(type.mainType()) || !given.subType().equals(type.subType())) {
            throw Refusal.MEDIA_TYPE.because(
                    "The body is " + given + ", and must be " + type + ".", "Set the header Content-Type.");
        }
    }

    private CompletionStage<byte[]> bytes(long limit) {
        return limited(limit)
                .toStrict(settings.bodyWithin().toMillis(), limit, materializer)
                .handleAsync(
                        (strict, failure) -> {
                            if (failure == null) {
                                return strict.getData().toArrayUnsafe();
                            }
                            throw failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                                    ? Refusal.TOO_SLOW.because(
                                            "The body was not there within " + settings.bodyWithin() + ".",
                                            "Send it faster, or raise sage.node.http.body-within.")
                                    : new java.util.concurrent.CompletionException(failure);
                        },
                        materializer.executionContext());
    }

    private HttpEntity limited(long limit) {
        if (request.entity().getContentLengthOption().orElse(0) > limit) {
            throw new RefusedException(Problems.tooLarge(limit));
        }
        bodyTaken = true;
        return request.entity().withSizeLimit(limit);
    }

    /** Lets the client end a body that nobody wants; unread, it would block the connection. */
    void discardRest() {
        if (!bodyTaken) {
            bodyTaken = true;
            discard(request, settings, materializer);
        }
    }

    static void discard(HttpRequest request, HttpSettings settings, Materializer materializer) {
        if (request.entity().isStrict()) {
            return;
        }
        var unused = request.entity()
                .withSizeLimit(settings.artifactBytes())
                .getDataBytes()
                .completionTimeout(settings.bodyWithin())
                .runWith(Sink.ignore(), materializer);
    }

    /** Cut and without control characters, for messages. */
    static String printable(String text) {
        String cut = text.length() <= 100 ? text : text.substring(0, 100) + "…";
        return "\"" + cut.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    /** The same answer for all that a stage brings. */
    static <T> Function<T, org.apache.pekko.http.javadsl.model.HttpResponse> ok() {
        return value -> Replies.json(200, Objects.requireNonNull(value));
    }

    List<String> list(String name) {
        return query(name).map(text -> List.of(text.split(",", -1))).orElse(List.of());
    }
}
