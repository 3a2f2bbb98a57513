package dev.sage.node.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.Allow;

/** Finds the route of a request. */
final class Router {
    private final List<Entry> entries;

    /** A route and what its template's variables stand for in one path. */
    record Match(Route route, Map<String, String> variables) {}

    private record Entry(Route route, List<String> segments) {}

    Router(List<Route> routes) {
        entries =
                routes.stream().map(route -> new Entry(route, route.segments())).toList();
    }

    Match find(HttpRequest request) {
        Uri uri = request.getUri();
        List<String> path = segments(uri);
        List<Entry> there =
                entries.stream().filter(entry -> fits(entry.segments, path)).toList();
        if (there.isEmpty()) {
            throw Refusal.PATH_UNKNOWN.because(
                    "There is nothing at " + shortened(uri.path()) + ".", "See /openapi.yaml for what there is.");
        }
        String method = request.method().value();
        for (Entry entry : there) {
            if (entry.route.method().equals(method)) {
                return new Match(entry.route, variables(entry.segments, path));
            }
        }
        List<String> allowed = there.stream()
                .map(entry -> entry.route.method())
                .distinct()
                .sorted()
                .toList();
        throw Refusal.METHOD_NOT_ALLOWED.because(
                method + " is not possible at " + shortened(uri.path()) + ".",
                "Use " + String.join(" or ", allowed) + ".",
                Allow.create(allowed.stream()
                        .map(name -> HttpMethods.lookup(name).orElseThrow())
                        .toArray(org.apache.pekko.http.javadsl.model.HttpMethod[]::new)));
    }

    /** Of a template. */
    static List<String> segments(String path) {
        return path.equals("/") ? List.of() : Arrays.asList(path.substring(1).split("/", -1));
    }

    /** Of a request, decoded; Pekko's own list hides empty ones. */
    private static List<String> segments(Uri uri) {
        List<String> raw = segments(uri.path().isEmpty() ? "/" : uri.path());
        if (raw.contains("")) {
            return List.of("");
        }
        List<String> decoded = new java.util.ArrayList<>();
        uri.pathSegments().forEach(decoded::add);
        return decoded;
    }

    private static boolean fits(List<String> template, List<String> path) {
        if (template.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!isVariable(template.get(i)) && !template.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> variables(List<String> template, List<String> path) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String name = template.get(i);
            if (isVariable(name)) {
                variables.put(name.substring(1, name.length() - 1), path.get(i));
            }
        }
        return variables;
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    private static String shortened(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "…";
    }
}
