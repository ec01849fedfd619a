# An app behind a protected host: it believes the name of the user that its server has put together from the header.
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [environ.get("HTTP_REMOTE_USER", "").encode()]


with make_server("127.0.0.1", int(sys.argv[1]), app, handler_class=Quiet) as server:
    server.serve_forever()
