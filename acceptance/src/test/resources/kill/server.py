"""An HTTP server with two more processes: a forked child, and a grandchild in a session of its own that is deaf to TERM."""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def linger():
    while True:
        time.sleep(60)


if os.fork() == 0:
    linger()
if os.fork() == 0:
    # Its parent ends at once, so that it is re-parented and in no family with the server any more.
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        linger()
    os._exit(0)
os.wait()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


print("serving", flush=True)
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
