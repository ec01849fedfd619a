# Runs clients/python/doorward.py without any other package, as a test steers it: reads a command of JSON a line, and prints a line of JSON.
import asyncio
import json
import logging
import os
import sys
import threading
import time
import types

sys.path.insert(0, sys.argv[1])
import doorward  # noqa: E402
from doorward import Demands, Doorward, Protected, Refusal  # noqa: E402

said = []


class Keeping(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


logging.getLogger("doorward").addHandler(Keeping())
made = {}


def outcome(work):
    began = time.monotonic()
    try:
        got = work()
    except Refusal as refusal:
        got = {"status": refusal.status_code, "detail": refusal.detail, "headers": refusal.headers, "code": refusal.code}
    except ValueError as error:
        got = {"error": str(error)}
    return {**got, "seconds": time.monotonic() - began}


def shown(user):
    since = user.authenticated_at
    return {
        "status": 200,
        "subject": user.subject,
        "client": user.client_id,
        "scopes": user.scopes,
        "roles": user.roles,
        "acr": user.acr,
        "since": since and since.timestamp(),
        "claims": user.claims,
        "repr": repr(user),
    }


def make(name, **options):
    made[name] = Doorward(**options)
    return {}


def waits(seconds):
    """For how long questions wait for their turn from now on."""
    doorward.WAIT = seconds
    return {}


def suspends(seconds):
    """As if the machine had been suspended for so long: the steady clock has lost that time."""
    doorward.time = types.SimpleNamespace(time=lambda: time.time() + seconds, monotonic=time.monotonic, sleep=time.sleep)
    return {}


def verify(name, authorization, demands={}):
    return shown(made[name].verify(authorization, Demands(**demands)))


def repeats(name, authorization, seconds):
    """Sends requests for a while: how many seconds after the beginning the last accepted one was sent, and what came after it."""
    began = time.monotonic()
    after, last = 0, {}
    while (sent := time.monotonic() - began) < seconds:
        last = outcome(lambda: verify(name, authorization))
        after = sent if last["status"] == 200 else after
        time.sleep(0.01)
    return {"after": after, "status": last["status"]}


def until_refused(name, late, authorization):
    """Sends a request, and others in another name until one of them is refused: what the first one got in the end, and what it gets then."""
    found = []
    asking = threading.Thread(target=lambda: found.append(outcome(lambda: verify(name, late))))
    asking.start()
    while outcome(lambda: verify(name, authorization))["status"] == 200:
        time.sleep(0.01)
    asking.join()
    return {"all": [*found, outcome(lambda: verify(name, late))]}


def threads(name, authorizations):
    """All at once, each in a thread of its own."""
    found = [None] * len(authorizations)

    def run(index):
        found[index] = outcome(lambda: verify(name, authorizations[index]))

    started = [threading.Thread(target=run, args=[index]) for index in range(len(authorizations))]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return {"all": found}


async def through_asgi(name, headers, kind="http", **options):
    """What a client gets of an app that is protected."""
    sent = []

    async def app(scope, receive, send):
        user = scope.get("user")
        sent.append({"status": 200, "subject": user and user.subject})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        if message["type"] == "http.response.start":
            headers = {key.decode(): value.decode() for key, value in message["headers"]}
            sent.append({"status": message["status"], "headers": headers})
        else:
            sent.append({key: value.decode() if isinstance(value, bytes) else value for key, value in message.items()})

    scope = {"type": kind, "headers": [(key.encode(), value.encode("latin-1")) for key, value in headers]}
    await Protected(app, made[name], **options)(scope, receive, send)
    return {"sent": sent}


def asgi(**options):
    return asyncio.run(through_asgi(**options))


def coroutines(name, authorizations, cancelled=()):
    """All at once in one event loop, which goes on meanwhile; those of `cancelled` are given up at once."""

    async def run():
        asked = [
            asyncio.ensure_future(through_asgi(name, [["authorization", authorization]])) for authorization in authorizations
        ]
        await asyncio.sleep(0.05)
        for index in cancelled:
            asked[index].cancel()
        turns, began = 0, time.monotonic()
        while not all(one.done() for one in asked):
            await asyncio.sleep(0.01)
            turns += 1
        return {
            "turns": turns / max(time.monotonic() - began, 0.01),
            "all": [None if one.cancelled() else one.result()["sent"][0] for one in asked],
        }

    return asyncio.run(run())


def fork(name, authorization):
    """A worker that was forked while another thread asks, and its parent."""
    asking = threading.Thread(target=lambda: outcome(lambda: verify(name, authorization)))
    asking.start()
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(start, json.dumps(outcome(lambda: verify(name, authorization))).encode())
        os._exit(0)
    os.close(start)
    parent = outcome(lambda: verify(name, authorization))
    with os.fdopen(end) as read:
        answer = json.loads(read.read())
    os.waitpid(child, 0)
    asking.join()
    return {"parent": parent, "child": answer}


def sign_in(name, **fields):
    return {"status": 200, **made[name].sign_in(**fields)}


def call(name, authorization, method, path, body=None):
    return {"status": 200, "answer": made[name].call(method, path, made[name].verify(authorization), body)}


COMMANDS = {one.__name__: one for one in (make, waits, suspends, verify, repeats, until_refused, threads, asgi, coroutines, fork, sign_in, call)}

for line in sys.stdin:
    asked = json.loads(line)
    command = COMMANDS[asked.pop("command")]
    print(json.dumps({**outcome(lambda: command(**asked)), "said": said}), flush=True)
