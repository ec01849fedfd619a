"""Who sends a request, as a Doorward server knows it: for FastAPI, Starlette and other ASGI apps, on Python 3.9 or newer.

    doorward = Doorward("https://id.example.org", client_id="...", client_secret="...")

    @app.get("/orders")
    def orders(user: Annotated[User, Depends(doorward.signed_in)]): ...

    @app.delete("/orders", dependencies=[Depends(doorward.has_role("admin"))])
    def delete_orders(): ...

Copy this file into your project: it needs the standard library only. docs/api.md of Doorward's repository says more.
"""

import asyncio
import base64
import http.client
import io
import ipaddress
import json
import logging
import math
import os
import random
import re
import socket
import ssl
import threading
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import (
    Any,
    Awaitable,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    MutableMapping,
    Optional,
    Sequence,
    Set,
    Tuple,
    Union,
)
from urllib.parse import quote, urlencode, urlsplit

try:
    from starlette.exceptions import HTTPException
    from starlette.requests import HTTPConnection
except ImportError:  # Another framework: it answers a `Refusal` by the same three fields.
    HTTPConnection = Any  # type: ignore[assignment,misc]

    class HTTPException(Exception):  # type: ignore[no-redef]
        def __init__(self, status_code: int, detail: str = "", headers: Optional[Mapping[str, str]] = None) -> None:
            super().__init__(status_code, detail)
            self.status_code, self.detail, self.headers = status_code, detail, headers


__all__ = ["Demands", "Doorward", "Protected", "Refusal", "User"]

AT_ONCE = 50  # Questions that are under way; further ones wait.
WAIT = 2.0  # Seconds for which they wait.
LONGEST_TOKEN = 4096
LONGEST_ANSWER = 256 * 1024

MOST_REMEMBERED = 10_000
REMEMBERED_FOR = 300.0  # Seconds at most; less if the token ends before.
BELIEVED_FOR = 1.5  # Seconds after the moment until which all endings were heard. With the way of a line that is less than two.
SILENT_FOR = 15.0  # A stream that says nothing for so long is cut silently.
UNUSED_FOR = 60.0  # Without a request for so long the stream is closed.
RENEWED_AFTER = 600.0  # Then a new one begins, so that the clocks of the two machines have no time to part.
LONGEST_PAUSE = 5.0
REFUSED_PAUSE = 30.0  # After a refusal that the next try changes as little, such as that of a server without a stream.
DRIFT = 1.0  # By so much the clocks may part while a stream is open; a machine that was suspended has lost more.

ASSURANCES = ("urn:doorward:one-factor", "urn:doorward:two-factors", "urn:doorward:phishing-resistant")  # From weak to strong.
BEARER = re.compile(r"Bearer ([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE | re.ASCII)
SESSION = "dwa_"  # How the tokens of `POST /token` begin.

logger = logging.getLogger("doorward")


class Refusal(HTTPException):
    """A request that must not go on: `status_code`, the sentence `detail`, and the `headers` of the answer.

    FastAPI and Starlette answer it by themselves. `code` is Doorward's error code, if it gave one; the list of codes grows, so treat an
    unknown one like its status.
    """

    def __init__(
        self, status_code: int, detail: str, headers: Optional[Mapping[str, str]] = None, code: Optional[str] = None
    ) -> None:
        super().__init__(status_code, detail, dict(headers or {}))
        self.code = code

    def again(self) -> "Refusal":
        """Returns the same refusal for another request: an exception that is raised twice collects the tracebacks of both."""
        return Refusal(self.status_code, self.detail, self.headers, self.code)


@dataclass(frozen=True, eq=False)
class User:
    """Whom a token stands for."""

    subject: str  # Random, and never changes.
    client_id: Optional[str]  # The app that got the token; None for one of `POST /token`.
    scopes: Tuple[str, ...]
    roles: Tuple[str, ...]  # Of an access token: empty unless it has the scope `roles`; the same of groups.
    groups: Tuple[str, ...]
    acr: Optional[str]  # How strong the sign-in was. Of a token of `POST /token` this and the next are read only if they are demanded.
    authenticated_at: Optional[datetime]  # When the user last proved who they are.
    # All that Doorward says: of the token (RFC 7662), or as `GET /users/me`. Other requests with the token get the same object.
    claims: Mapping[str, Any] = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class Demands:
    """What a request needs beside a token. Everything that is named must hold."""

    scopes: Union[str, Sequence[str]] = ()
    roles: Union[None, str, Sequence[str]] = None  # One of these roles.
    groups: Union[None, str, Sequence[str]] = None  # One of these groups.
    acr: Optional[str] = None  # At least so strong a sign-in (RFC 9470).
    max_age: Optional[int] = None  # Seconds since the user last proved who they are (RFC 9470).

    def __post_init__(self) -> None:
        if self.acr is not None and self.acr not in ASSURANCES:
            raise ValueError(f"acr must be one of {', '.join(ASSURANCES)}")

    def require(self, user: User) -> None:
        """Raises a `Refusal` for the first demand that the user does not meet."""
        scopes = _texts(self.scopes) if self.scopes else ()
        if not set(scopes).issubset(user.scopes):
            raise _challenge(403, "insufficient_scope", "The token lacks a scope", scope=" ".join(scopes))
        for wanted, held, name in ((self.roles, user.roles, "role"), (self.groups, user.groups, "groups")):
            if wanted is not None and set(_texts(wanted)).isdisjoint(held):
                raise Refusal(403, f"The {name} of this user may not do this")
        is_weak = self.acr is not None and (
            user.acr not in ASSURANCES or ASSURANCES.index(user.acr) < ASSURANCES.index(self.acr)
        )
        since = user.authenticated_at
        is_old = self.max_age is not None and (since is None or time.time() - since.timestamp() > self.max_age)
        if is_weak or is_old:
            missing = {"acr_values": self.acr, "max_age": self.max_age}
            named = {name: value for name, value in missing.items() if value is not None}
            raise _challenge(401, "insufficient_user_authentication", "This needs another sign-in", **named)


class Doorward:
    """Asks a Doorward server whom the token of a request stands for, and refuses who was signed out or disabled.

    The answer about an access token is remembered, and believed while a thread hears from the server what has ended: then the user is
    refused within two seconds. While it hears nothing, and for tokens of `POST /token`, the server is asked at each request.

    `client_id` and `client_secret` are those of this app: it takes the access tokens that were made for it or for one of `resources`
    (their URIs). With `sessions`, tokens of `POST /token` are taken as well, whichever app got them. API tokens never are.
    Where Doorward cannot be asked, or refuses the secret, requests are refused with 503, and the log says so once.
    May be used by several threads, by coroutines, and in processes that were forked from the one that made it.
    """

    def __init__(
        self,
        url: str,
        client_id: Optional[str] = None,
        client_secret: Optional[str] = None,
        *,
        resources: Sequence[str] = (),
        sessions: bool = False,
        timeout: float = 2.0,
    ) -> None:
        if (client_id is None) != (client_secret is None):
            raise ValueError("client_id and client_secret belong together")
        if client_id is None and not sessions:
            raise ValueError("without client_id and client_secret only sessions=True can be asked about")
        self._server = _Server(url)
        self._ours = {*_texts(resources), client_id}
        # RFC 6749 §2.3.1: both are encoded as in a form before they are joined.
        pair = f"{quote(client_id or '', safe='')}:{quote(client_secret or '', safe='')}"
        self._basic = None if client_id is None else f"Basic {base64.b64encode(pair.encode()).decode()}"
        self._sessions, self._timeout = sessions, timeout
        self._questions = _Questions(self._answer, timeout)
        self._memory = None if self._basic is None else _Memory(self._server, self._basic)
        self._failing: Set[str] = set()
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def verify(self, authorization: Optional[str], demands: Demands = Demands()) -> User:
        """Returns who sends a request with this header `Authorization`; raises a `Refusal` otherwise. Blocks its thread meanwhile."""
        question = self._question([authorization] if authorization else [], demands)
        return _checked(self._remembered(question) or self._questions.ask(question), demands)

    async def signed_in(self, request: HTTPConnection) -> User:
        """A dependency of FastAPI: the user who sends the request. In Starlette: `user = await doorward.signed_in(request)`."""
        return await self._user_of(request.scope, Demands())

    async def signed_in_if_sent(self, request: HTTPConnection) -> Optional[User]:
        """The same, but None for a request without a token."""
        return await self._user_of(request.scope, Demands()) if _authorizations(request.scope) else None

    def requires(self, **demands: Any) -> Callable[[HTTPConnection], Awaitable[User]]:
        """Returns a dependency that takes only users who meet the `Demands`, such as `requires(groups="staff", max_age=300)`."""
        wanted = Demands(**demands)

        async def user_who_may(request: HTTPConnection) -> User:
            return await self._user_of(request.scope, wanted)

        return user_who_may

    def has_role(self, *roles: str) -> Callable[[HTTPConnection], Awaitable[User]]:
        """Returns a dependency that takes only users with one of these roles."""
        return self.requires(roles=roles)

    def sign_in(
        self, username: str, password: str, client: Optional[str] = None, totp: Optional[str] = None
    ) -> Dict[str, Any]:
        """Signs a user in at `POST /token`, with the code at the end of the password or as `totp`; returns the answer with its token.

        `client` is the IP address from which the request came. Doorward counts wrong passwords by it, if `trusted_proxies` names this app;
        otherwise all users of the app count as one.
        """
        form = {"username": username, "password": password, **({} if totp is None else {"totp": totp})}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if client is not None and _is_ip_address(client):
            headers["X-Forwarded-For"] = client
        return self._call("POST", "/token", headers, urlencode(form).encode())

    def call(self, method: str, path: str, user: User, body: Any = None) -> Any:
        """Asks Doorward's own API in the name of a user whose token is one of `POST /token`; returns the JSON of the answer."""
        headers = {"Authorization": f"Bearer {user.token}", "Content-Type": "application/json"}
        return self._call(method, path, headers, None if body is None else json.dumps(body).encode())

    def _call(self, method: str, path: str, headers: Dict[str, str], body: Optional[bytes]) -> Any:
        try:
            # A password may wait for its turn to be hashed, and each refusal takes a moment on purpose.
            status, sent, content = self._server.send(method, path, headers, body, 5 * self._timeout)
            answer = json.loads(content) if content else None
            if 300 <= status < 400:
                raise ValueError(f"status {status}")
        except Exception as error:
            self._say("to do something", error)
            raise _unavailable("Doorward could not be asked") from None
        self._say("to do something", None)
        if status < 300:
            return answer
        problem = answer if isinstance(answer, dict) else {}
        kept = {name: " ".join(sent[name].split()) for name in ("WWW-Authenticate", "Retry-After") if name in sent}
        detail = str(problem.get("detail") or http.client.responses.get(status, "Refused"))
        raise Refusal(status if status < 500 else 503, detail, kept, problem.get("code"))

    def _question(self, headers: Sequence[str], demands: Demands) -> "_Question":
        if not headers:
            raise Refusal(401, "No access token was sent", {"WWW-Authenticate": "Bearer"})
        found = BEARER.fullmatch(headers[0])
        if len(headers) > 1 or found is None:
            raise _challenge(401, "invalid_request", "The header Authorization holds no bearer token")
        token = found[1]
        is_session = token.startswith(SESSION)
        can_ask = self._sessions if is_session else self._basic is not None
        if not can_ask or len(token) > LONGEST_TOKEN:
            raise _invalid_token()
        return token, is_session and (demands.acr is not None or demands.max_age is not None)

    async def _user_of(self, scope: Mapping[str, Any], demands: Demands) -> User:
        question = self._question(_authorizations(scope), demands)
        return _checked(self._remembered(question) or await self._questions.ask_soon(question), demands)

    def _remembered(self, question: "_Question") -> Optional[User]:
        """Nothing is heard of the sessions of `POST /token`, since apps hear only of users who have signed in to them."""
        token, _ = question
        return None if self._memory is None or token.startswith(SESSION) else self._memory.find(token)

    def _answer(self, question: "_Question") -> "_Answer":
        """Asks about one token. Never raises, since the answer is that of all requests with the token."""
        token, in_full = question
        is_session = token.startswith(SESSION)
        what = "about a session" if is_session else "about an access token"
        try:
            if is_session or self._memory is None:
                found = self._session_of(token, in_full)
            else:
                found = self._memory.ask(token, self._introspected)
        except Exception as error:
            self._say(what, error)
            return _unavailable("Doorward could not be asked about the token")
        self._say(what, None)
        return found

    def _introspected(self, token: str) -> Tuple["_Answer", float]:
        """The answer, and for how many seconds the token lives."""
        headers = {"Authorization": str(self._basic), "Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        status, sent, content = self._server.send("POST", "/oidc/token/introspection", headers, form, self._timeout)
        # 400 is an answer about the token. Other errors are about this app or the server, such as a wrong secret (401).
        if status == 400:
            return _invalid_token(), 0.0
        claims = _json_of(status, content)
        names = ("sub", "client_id", "scope", "auth_time", "exp")
        subject, client, scope, since, ends = (claims.get(name) for name in names)
        audience = client if claims.get("aud") is None else claims["aud"]
        is_for_us = not self._ours.isdisjoint(_texts(audience))
        is_access_token = claims.get("active") is True and claims.get("token_type") == "Bearer"
        if not (is_access_token and is_for_us and isinstance(subject, str) and isinstance(client, str)):
            return _invalid_token(), 0.0
        # By the clock of the server, if it says it.
        now = parsedate_to_datetime(sent["Date"]).timestamp() if "Date" in sent else time.time()
        user = User(
            subject=subject,
            client_id=client,
            scopes=tuple(scope.split()) if isinstance(scope, str) else (),
            roles=_texts(claims.get("roles")),
            groups=_texts(claims.get("groups")),
            acr=claims.get("acr"),
            authenticated_at=datetime.fromtimestamp(since, timezone.utc) if isinstance(since, (int, float)) else None,
            claims=claims,
            token=token,
        )
        return user, ends - now if isinstance(ends, (int, float)) else 0.0

    def _session_of(self, token: str, in_full: bool) -> "_Answer":
        asked = [self._own("/users/me", token), *([self._own("/users/me/sessions", token)] if in_full else [])]
        for status, _ in asked:
            if status == 401:
                return _invalid_token()
            if status == 403:
                return Refusal(403, "This user may not do this")
        claims = _json_of(*asked[0])
        subject = claims.get("subject")
        if not isinstance(subject, str):
            raise ValueError("the answer names no user")
        acr, since = _authentication_in(_json_of(*asked[1])) if in_full else (None, None)
        return User(subject, None, (), _texts(claims.get("role")), (), acr, since, claims, token)

    def _own(self, path: str, token: str) -> Tuple[int, bytes]:
        status, _, content = self._server.send("GET", path, {"Authorization": f"Bearer {token}"}, None, self._timeout)
        return status, content

    def _say(self, what: str, error: Optional[Exception]) -> None:
        """Writes to the log once for each change, since it is about every request."""
        with self._lock:
            failed = what in self._failing
            if error is None:
                self._failing.discard(what)
            else:
                self._failing.add(what)
        if error is not None and not failed:
            logger.warning("Doorward could not be asked %s: %r. Such requests are refused with 503.", what, error)
        elif error is None and failed:
            logger.warning("Doorward can be asked %s again.", what)

    def _forked(self) -> None:
        """The threads of the parent process do not run in its child, where its locks may stay locked."""
        self._lock = threading.Lock()
        self._questions = _Questions(self._answer, self._timeout)
        if self._memory is not None:
            parents, self._memory = self._memory, _Memory(self._server, str(self._basic))
            parents.leave_stream()


class Protected:
    """Middleware for Starlette and every other ASGI app: lets through only requests of users who meet the `Demands`.

    `Middleware(Protected, doorward=doorward, roles="admin")` around an app, a `Mount` or a `Route`. `request.user` is the `User`; with
    `optional` it is None for requests without a token.
    """

    def __init__(self, app: Any, doorward: Doorward, *, optional: bool = False, **demands: Any) -> None:
        self._app, self._doorward, self._optional, self._demands = app, doorward, optional, Demands(**demands)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        try:
            is_anonymous = self._optional and not _authorizations(scope)
            user = None if is_anonymous else await self._doorward._user_of(scope, self._demands)
        except Refusal as refusal:
            if scope["type"] == "websocket":
                await receive()
                return await send({"type": "websocket.close", "code": 1008, "reason": refusal.detail})
            body = json.dumps({"detail": refusal.detail}).encode()
            named = {"content-type": "application/json", "content-length": str(len(body)), **(refusal.headers or {})}
            headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
            await send({"type": "http.response.start", "status": refusal.status_code, "headers": headers})
            return await send({"type": "http.response.body", "body": body})
        scope["user"] = user
        await self._app(scope, receive, send)


_Question = Tuple[str, bool]  # About a token, and whether the authentication of its session is asked for too.
_Answer = Union[User, Refusal]


class _Questions:
    """One question at a time for each token, and a limited number at once: a burst of requests is no burst of questions."""

    def __init__(self, answer: Callable[[_Question], _Answer], timeout: float) -> None:
        self._answer, self._timeout = answer, timeout
        self._threads = ThreadPoolExecutor(AT_ONCE, "doorward")
        self._under_way: Dict[_Question, "Future[_Answer]"] = {}
        self._lock = threading.Lock()

    def ask(self, question: _Question) -> _Answer:
        asked = self._asked(question)
        for seconds in (WAIT, self._timeout):
            try:
                return asked.result(seconds)
            except CancelledError:
                break
            except TooLate:
                if asked.cancel():
                    break
        return self._gave_up(asked)

    async def ask_soon(self, question: _Question) -> _Answer:
        asked = self._asked(question)
        # `wait` leaves the question to the other requests that wait for it, when this one's client goes away.
        waiting = asyncio.wrap_future(asked)
        for seconds in (WAIT, self._timeout):
            await asyncio.wait({waiting}, timeout=seconds)
            if waiting.done() or asked.cancel():
                break
        return waiting.result() if waiting.done() and not waiting.cancelled() else self._gave_up(asked)

    def _asked(self, question: _Question) -> "Future[_Answer]":
        with self._lock:
            known = self._under_way.get(question)
            if known is not None:
                return known
            asked = self._under_way[question] = self._threads.submit(self._answer, question)
        asked.add_done_callback(lambda _: self._forget(question))
        return asked

    def _forget(self, question: _Question) -> None:
        with self._lock:
            del self._under_way[question]

    def _gave_up(self, asked: "Future[_Answer]") -> Refusal:
        return _unavailable(
            "Too many questions wait for Doorward" if asked.cancelled() else "Doorward could not be asked about the token"
        )


_Ending = Tuple[Optional[str], Optional[str]]  # Of what user, and of what they had at which app; None means all.


class _Memory:
    """What access tokens are worth, believed only while a stream says at once what has ended (`GET /endings`).

    A line of the stream says: all is sent that had ended until the stream was open for so long. That time is counted from the sending of
    the request, so a line that was held back on its way, or waited for a stopped process, is as old as it is.
    """

    def __init__(self, server: "_Server", authorization: str) -> None:
        self._server, self._authorization = server, authorization
        self._remembered: Dict[str, Tuple[User, float]] = {}
        self._under_way: Dict[int, Set[_Ending]] = {}  # What was heard since a question was sent.
        self._lock = threading.Lock()
        self._position: Optional[str] = None  # Up to where all endings were heard. Without it, later ones may be missed.
        self._believed_until = self._used_at = -math.inf
        self._offset = 0.0
        self._listens = False
        self._waits: Optional[_Waits] = None

    def find(self, token: str) -> Optional[User]:
        """Returns what may be believed without a question. Opens the stream if it is not open."""
        now = self._used_at = time.monotonic()
        if not self._listens:
            self._begin()
        if now >= self._believed_until or self._has_drifted(now):
            return None
        user, until = self._remembered.get(token, (None, 0.0))
        return user if now < until else None

    def ask(self, token: str, question: Callable[[str], Tuple[_Answer, float]]) -> _Answer:
        """Asks once more if something has ended meanwhile, for the answer may have been made before it; the second one was asked for later."""
        found, is_overtaken = self._ask(token, question)
        return self._ask(token, question)[0] if is_overtaken else found

    def _ask(self, token: str, question: Callable[[str], Tuple[_Answer, float]]) -> Tuple[_Answer, bool]:
        heard: Set[_Ending] = set()
        with self._lock:
            self._under_way[id(heard)] = heard
            will_hear = self._position is not None
        since = time.monotonic()
        try:
            found, lifetime = question(token)
            if isinstance(found, Refusal):
                return found, False
            with self._lock:
                is_overtaken = any(_concerns(ending, found) for ending in heard)
                if will_hear and not is_overtaken:
                    self._remembered.pop(token, None)
                    if len(self._remembered) >= MOST_REMEMBERED:
                        del self._remembered[next(iter(self._remembered))]
                    self._remembered[token] = found, since + min(lifetime, REMEMBERED_FOR)
            return found, is_overtaken
        finally:
            with self._lock:
                del self._under_way[id(heard)]

    def leave_stream(self) -> None:
        """Closes the socket in a forked process, without ending the stream of its parent."""
        if self._waits is not None and self._waits.socket is not None:
            with suppress(OSError):
                os.close(self._waits.socket.detach())

    def _hear(self, ending: _Ending) -> None:
        with self._lock:
            for heard in self._under_way.values():
                heard.add(ending)
            for token in [token for token, (user, _) in self._remembered.items() if _concerns(ending, user)]:
                del self._remembered[token]

    def _has_drifted(self, now: float) -> bool:
        return abs(time.time() - now - self._offset) > DRIFT

    def _begin(self) -> None:
        with self._lock:
            if not self._listens:
                try:
                    threading.Thread(target=self._keep_listening, name="doorward-endings", daemon=True).start()
                    self._listens = True
                except RuntimeError:  # The process ends, or has too many threads: then each token is asked about.
                    pass

    def _keep_listening(self) -> None:
        pause = 0.0
        while self._goes_on():
            began = time.monotonic()
            try:
                status = self._listen()
            except Exception:
                status = 503
            if time.monotonic() - began > SILENT_FOR:
                pause = 0.0
            pause = REFUSED_PAUSE if 400 <= status < 500 and status != 410 else min(LONGEST_PAUSE, max(0.1, pause * 2))
            # Many programs whose streams were cut at once do not come back at once.
            time.sleep(pause * random.uniform(0.5, 1))

    def _goes_on(self) -> bool:
        with self._lock:
            self._listens = time.monotonic() - self._used_at < UNUSED_FOR
            return self._listens

    def _listen(self) -> int:
        """Returns the status of the answer when the stream has ended."""
        sent_at = time.monotonic()
        if self._has_drifted(sent_at):
            self._believed_until = -math.inf
        self._offset = time.time() - sent_at
        path = "/endings" if self._position is None else f"/endings?after={quote(self._position, safe='')}"
        headers = {"Authorization": self._authorization, "Accept": "text/event-stream"}
        waits = self._waits = _Waits(SILENT_FOR)
        with self._server.answer("GET", path, headers, None, waits) as response:
            if response.status == 410:
                self._position, self._believed_until = None, -math.inf
                self._hear((None, None))
            if response.status != 200 or response.headers.get_content_type() != "text/event-stream":
                return response.status
            rest = b""
            while max(time.monotonic() - sent_at - RENEWED_AFTER, time.monotonic() - self._used_at - UNUSED_FOR) < 0:
                waits.begin(SILENT_FOR)
                piece = response.read1(65_536)
                if not piece or len(rest) > LONGEST_ANSWER or self._has_drifted(time.monotonic()):
                    break
                *events, rest = (rest + piece).split(b"\n\n")
                for event in events:
                    self._read(event.decode(), sent_at)
        return 200

    def _read(self, event: str, sent_at: float) -> None:
        fields = {name: value for name, _, value in (line.partition(": ") for line in event.split("\n"))}
        if fields.get("event") == "ending":
            self._hear(_ending_in(fields["data"]))
        if fields.get("event") == "complete":
            complete_until = sent_at + json.loads(fields["data"])["elapsed"] / 1000
            self._position = fields["id"]
            # Never later than now, by a clock of the server that runs fast.
            self._believed_until = max(self._believed_until, min(complete_until, time.monotonic()) + BELIEVED_FOR)


def _ending_in(token: str) -> _Ending:
    """What a security event token says. It comes from Doorward itself, so its signature says nothing more."""
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    [event] = claims["events"].values()
    return claims.get("sub_id", {}).get("sub"), event.get("client_id")


def _concerns(ending: _Ending, user: User) -> bool:
    subject, client = ending
    return subject in (None, user.subject) and client in (None, user.client_id)


class _Server:
    """Sends requests, without following redirects or taking a proxy from the environment.

    Each has a connection of its own: on one that is kept, what comes too much after an answer would be taken for that to the next token.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError("url must be that of a Doorward server, such as https://id.example.org")
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: Optional[bytes], timeout: float
    ) -> Tuple[int, Mapping[str, str], bytes]:
        """Returns status, headers and content. Raises where no whole answer comes in time."""
        waits = _Waits(timeout)
        with self.answer(method, path, headers, body, waits) as response:
            content = response.read(LONGEST_ANSWER + 1)
            if len(content) > LONGEST_ANSWER:
                raise ValueError("the answer is too long")
            if response.length:
                raise ValueError("the answer breaks off")
            # A process that was stopped reads what came meanwhile.
            if waits.left() <= 0:
                raise TimeoutError("the answer came late")
            return response.status, response.headers, content

    @contextmanager
    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: Optional[bytes], waits: "_Waits"
    ) -> Iterator[http.client.HTTPResponse]:
        """Sends a request; the answer may be read inside `with`, as long as `waits` waits."""
        connection: http.client.HTTPConnection
        if self._tls is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=waits.left())
        else:
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=waits.left(), context=self._tls)
        response_class: Any = lambda sock, **named: http.client.HTTPResponse(_UntilThen(sock, waits), **named)  # type: ignore[arg-type]
        connection.response_class = response_class
        try:
            sent = {"Accept": "application/json", "Connection": "close", **headers}
            connection.request(method, self._path + path, body, sent)
            waits.socket = sock = connection.sock
            with connection.getresponse() as response:
                try:
                    yield response
                finally:
                    # A process that was forked meanwhile may have the socket, too.
                    with suppress(OSError):
                        sock.shutdown(socket.SHUT_RDWR)
        finally:
            connection.close()


class _Waits:
    """Until when bytes of a connection are waited for."""

    def __init__(self, seconds: float) -> None:
        self.socket: Optional[socket.socket] = None
        self.begin(seconds)

    def begin(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        return self._ends - time.monotonic()


class _UntilThen(io.RawIOBase):
    """Reads from a socket until a moment, however slowly the bytes come."""

    def __init__(self, sock: Any, waits: _Waits) -> None:
        self._socket, self._waits = sock, waits
        self._raw = sock.makefile("rb", buffering=0)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._socket.settimeout(max(self._waits.left(), 0.001))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _authorizations(scope: Mapping[str, Any]) -> List[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]


def _json_of(status: int, content: bytes) -> Dict[str, Any]:
    if status != 200:
        raise ValueError(f"status {status}")
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("the answer holds no claims")
    return found


def _authentication_in(sessions: Mapping[str, Any]) -> Tuple[Optional[str], Optional[datetime]]:
    """How strong the authentication of the session that asks is, by the rule of the server's `acr`, and when it was."""
    for session in sessions["items"]:
        if session["current"]:
            methods = set(session["methods"])
            is_second = not methods.isdisjoint({"totp", "recovery-code"})
            level = 2 if "passkey" in methods else int(is_second) if "password" in methods else None
            since = datetime.fromisoformat(session["authenticated_at"].replace("Z", "+00:00"))
            return None if level is None else ASSURANCES[level], since
    return None, None


def _checked(found: _Answer, demands: Demands) -> User:
    if isinstance(found, Refusal):
        raise found.again()
    demands.require(found)
    return found


def _texts(value: Any) -> Tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, (list, tuple, set, frozenset)) else ()


def _is_ip_address(text: str) -> bool:
    try:
        return "%" not in str(ipaddress.ip_address(text))
    except ValueError:
        return False


def _challenge(status: int, error: str, detail: str, **parameters: Any) -> Refusal:
    listed = ", ".join(f'{name}="{value}"' for name, value in {"error": error, **parameters}.items())
    return Refusal(status, detail, {"WWW-Authenticate": f"Bearer {listed}"})


def _invalid_token() -> Refusal:
    return _challenge(401, "invalid_token", "The token is not valid, or not for this app")


def _unavailable(detail: str) -> Refusal:
    return Refusal(503, detail, {"Retry-After": "1"})
