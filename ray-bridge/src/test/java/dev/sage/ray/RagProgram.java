package dev.sage.ray;

/** The classes of Python that the tests of jobs use. */
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

                def same(self, value):
                    return value

                def add(self, key, n):
                    self.kept[key] = self.kept.get(key, 0) + n
                    return []

                def sums(self):
                    return [{"key": key, "sum": total} for key, total in self.kept.items()]
            """;

    private RagProgram() {}
}
