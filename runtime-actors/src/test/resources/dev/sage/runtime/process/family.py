# An HTTP server with relatives of every kind; their numbers stand in the file that is the second argument.
import http.server, os, signal, subprocess, sys, time

port, family = int(sys.argv[1]), sys.argv[2]


def quietly(*command, **options):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **options).pid


relatives = {}
relatives["forked"] = os.fork() or signal.pause()
relatives["grandchild in a session of its own"] = quietly("sleep", "1000", start_new_session=True)
relatives["without environment"] = quietly("sleep", "1001", env={})
relatives["without environment, in a session of its own, and deaf"] = quietly(
    "/bin/sh", "-c", "trap '' TERM; exec sleep 1002", env={}, start_new_session=True)
daemon = subprocess.run(
    ["sh", "-c", "setsid sleep 1003 >/dev/null 2>&1 & echo $!"], capture_output=True, text=True, check=True)
relatives["daemon"] = int(daemon.stdout)
relatives["deaf"] = quietly("sh", "-c", "trap '' TERM; while :; do sleep 0.2; done")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def do_GET(self):
        if self.path == "/exit":
            print("last words", flush=True)
            os._exit(3)
        if self.path == "/slow":
            time.sleep(30)
        if self.path == "/missing":
            return self.answer(404, "nothing here")
        if self.path == "/health":
            print("healthy", flush=True)
        self.answer(200, '{"path": "' + self.path + '"}')

    def do_POST(self):
        self.answer(200, self.body())

    do_PATCH = do_POST

    def log_message(self, *args):
        pass


with open(family + ".tmp", "w") as out:
    for name, pid in relatives.items():
        out.write(f"{pid} {name}\n")
os.rename(family + ".tmp", family)
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print(f"serving on {port}", flush=True)
server.serve_forever()
