# How many tokens clients/python/doorward.py checks a second from its memory: `python3 bench/verifier.py`. The server is played, so that nothing else is measured.
import http.server
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients", "python"))
sys.dont_write_bytecode = True
from doorward import Doorward  # noqa: E402

TOKENS = 1000
CHECKS = 500_000


class Played(http.server.BaseHTTPRequestHandler):
    """The stream of endings, which is complete every quarter of a second; and the same answer about each token."""

    def do_GET(self):
        began = time.monotonic()
        self.answers("text/event-stream")
        while True:
            elapsed = int((time.monotonic() - began) * 1000)
            self.wfile.write(f'event: complete\nid: 1-0\ndata: {{"elapsed":{elapsed}}}\n\n'.encode())
            time.sleep(0.25)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        claims = {"active": True, "token_type": "Bearer", "sub": "ada", "client_id": "app", "exp": int(time.time()) + 600}
        self.answers("application/json")
        self.wfile.write(json.dumps({**claims, "scope": "openid"}).encode())

    def answers(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Played)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
doorward = Doorward(f"http://127.0.0.1:{server.server_port}", "app", "secret")
sent = [f"Bearer dwt_{'x' * 40}{index}" for index in range(TOKENS)]
for _ in range(2):
    for authorization in sent:
        doorward.verify(authorization)
start = time.perf_counter()
for check in range(CHECKS):
    doorward.verify(sent[check % TOKENS])
print(f"{CHECKS / (time.perf_counter() - start):,.0f} checks a second")
