package dev.sage.ray;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import java.util.List;
import java.util.Map;

/** A client that is to be killed while its job calls an actor. Arguments: the home, the file of Python, the interpreter. */
final class RagProgram {
    static final String PYTHON = """
            import os
            import time

            class Index:
                def __init__(self, texts):
                    self.texts = texts

                def find(self, question, count):
                    hits = [{"text": t, "score": 1 / len(t.split())} for t in self.texts if question in t.split()]
                    return hits[:count]

                def same(self, value):
                    return value

                def fail(self, why):
                    raise ValueError(why)

                def hang(self):
                    time.sleep(600)

                def crash(self):
                    os._exit(7)

                def cleanup(self):
                    pass

            class Scorer:
                def __init__(self):
                    self.kept = {}

                def score(self, n):
                    return n * 10

                def add(self, key, n):
                    self.kept[key] = self.kept.get(key, 0) + n
                    return []

                def sums(self):
                    return [{"key": key, "sum": total} for key, total in self.kept.items()]
            """;

    private RagProgram() {}

    public static void main(String[] args) throws Exception {
        LocalEnvironment env = LocalEnvironment.create(
                "rag",
                Map.of(
                        "sage.home",
                        args[0],
                        "sage.ray.python",
                        args[2],
                        "sage.ray.cluster.cpus",
                        2,
                        "sage.ray.cluster.object-store-bytes",
                        80_000_000,
                        "sage.locks-folder",
                        args[0] + "/locks",
                        "sage.ray.cluster.ready-within",
                        "180s"));
        RayEndpoint index = env.service(
                        "index", RayService.python(args[1], "Index").args(List.of()))
                .as(RayEndpoint.class);
        env.fromRange(0, 1)
                .map(n -> {
                    System.out.println("calls");
                    return String.valueOf(index.call("hang"));
                })
                .print();
        env.submit().awaitClean();
    }
}
