"""Scores answers against references: POST /score {"answer": …, "reference": …} answers {"score": F1 of their words}.

The measure is that of SQuAD (Rajpurkar et al., 2016): the harmonic mean of precision and recall over words, from 0 to 1.
GET /health answers when the server can be asked. A model that judges takes the place of score().
"""

import argparse
import json
import re
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def words(text):
    return Counter(word for word in re.findall(r"\w+", text.lower()) if word not in ("a", "an", "the"))


def score(answer, reference):
    given, expected = words(answer), words(reference)
    common = sum((given & expected).values())
    return 2 * common / max(1, sum(given.values()) + sum(expected.values()))


class Judge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.reply(200 if self.path == "/health" else 404, {})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(200, {"score": round(score(asked["answer"], asked["reference"]), 3)})

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


options = argparse.ArgumentParser()
options.add_argument("--port", type=int, required=True)
ThreadingHTTPServer(("127.0.0.1", options.parse_args().port), Judge).serve_forever()
