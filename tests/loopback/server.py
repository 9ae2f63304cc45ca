"""An HTTP server on 127.0.0.1 that speaks Earth Engine's endpoints, and can be made to fail.

It counts and keeps all that comes; the unpatched client cannot tell it from Google but by its
address and by what it computes.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import Counter
from copy import copy
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from tests.loopback.answering import Answer, Answers, Request, endpoint_of, refusal
from tests.loopback.backend import Backend, Body
from tests.loopback.faults import CUT, Fault
from tests.loopback.operations import Operations

PROFILE_ASKED = "X-Earth-Engine-Computation-Profiling"
PROFILE_GIVEN = "x-earth-engine-computation-profile"
COMPUTING = {"value:compute", "image:computePixels", "table:computeFeatures"}


@dataclass(frozen=True)
class Exchange:
    """One request and how it was answered."""

    endpoint: str
    path: str
    query: str
    headers: dict[str, str]
    """Names in lower case."""
    body: Body
    bytes_up: int
    bytes_down: int
    status: int
    """0 where the request was left hanging or the answer cut."""
    fault: Fault | None


class Loopback:
    """The service: `url` to initialise with, `seen` to look at, `faults` to fill."""

    def __init__(self, backend: Backend) -> None:
        self.operations = Operations(backend)
        self.answers = Answers(backend, self.operations)
        self.faults: list[Fault] = []
        self.seen: list[Exchange] = []
        self.needs_token = False
        """Answer 401 to whoever brings no token of this service."""
        self.most_at_once = 0
        """Largest number of requests that were being answered at the same time."""
        self.at_once = 0
        self.lock = threading.RLock()
        self.over = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.loopback = self
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Address to give to the client."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def counts(self) -> dict[str, int]:
        """Requests by endpoint."""
        return dict(sorted(Counter(one.endpoint for one in self.seen).items()))

    def bytes_moved(self) -> dict[str, tuple[int, int]]:
        """Bytes of bodies up and down by endpoint."""
        return {
            endpoint: (
                sum(one.bytes_up for one in self.seen if one.endpoint == endpoint),
                sum(one.bytes_down for one in self.seen if one.endpoint == endpoint),
            )
            for endpoint in self.counts()
        }

    def bodies(self, endpoint: str) -> list[Body]:
        """What was sent to the endpoint, in order."""
        return [one.body for one in self.seen if one.endpoint == endpoint]

    def forget(self) -> None:
        """Start counting anew."""
        with self.lock:
            self.seen.clear()
            self.most_at_once = 0

    def hanging(self) -> int:
        """Requests that were left without an answer so far."""
        with self.lock:
            return sum(one.fault is not None and one.fault.kind == "hang" for one in self.seen)

    def will_hang(self, endpoint: str) -> bool:
        """Whether the next request there is to be left without an answer."""
        with self.lock:
            hit = (copy(one) for one in self.faults)
            fault = next((one for one in hit if one.hits(endpoint)), None)
            return fault is not None and fault.kind == "hang"

    def next_fault(self, endpoint: str) -> Fault | None:
        """The fault that hits this request, if any does."""
        with self.lock:
            return next((one for one in self.faults if one.hits(endpoint)), None)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    loopback: Loopback

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away, as one whose wait ran out does, is no error of the server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Nothing goes to the terminal."""

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def _handle(self) -> None:
        loopback = self.server.loopback
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with loopback.lock:
            loopback.at_once += 1
            loopback.most_at_once = max(loopback.most_at_once, loopback.at_once)
        try:
            answer, fault = self._exchange(loopback, sent)
        finally:
            # Before it is answered: who has the answer may ask again before this thread goes on.
            with loopback.lock:
                loopback.at_once -= 1
        if fault is not None and fault.kind in CUT:
            self._cut(answer, fault)
        else:
            self._send(answer, len(answer.content))
            self.wfile.write(answer.content)

    def _exchange(self, loopback: Loopback, sent: bytes) -> tuple[Answer, Fault | None]:
        """What is to be answered, and what is to go wrong with it."""
        address = urlsplit(self.path)
        path = unquote(address.path)
        endpoint, places = endpoint_of(self.command, path)
        body: Body = json.loads(sent) if sent[:1] == b"{" else {}
        fault = loopback.next_fault(endpoint)
        failing = fault.message if fault is not None and fault.kind == "operation" else ""
        request = Request(endpoint, places, address.query, body, failing)
        answer = self._prepare(loopback, request, fault)
        cut = fault is not None and fault.kind in CUT
        exchange = Exchange(
            endpoint=endpoint,
            path=path,
            query=address.query,
            headers={name.lower(): text for name, text in self.headers.items()},
            body=body,
            bytes_up=len(sent),
            bytes_down=len(answer.content),
            status=0 if cut else answer.status,
            fault=fault,
        )
        with loopback.lock:
            loopback.seen.append(exchange)
        if fault is not None and fault.kind == "hang":
            loopback.over.wait(timeout=900)
        return answer, fault

    def _prepare(self, loopback: Loopback, request: Request, fault: Fault | None) -> Answer:
        if fault is not None and fault.kind == "refuse":
            return _refused(fault, request.endpoint)
        if fault is not None and fault.kind == "foreign":
            return Answer(b"<!doctype html><title>Welcome, guest</title>", "text/html")
        token = self.headers.get("Authorization", "")
        asks_token = request.endpoint == "token"
        if loopback.needs_token and not asks_token and "ya29.loopback-token-" not in token:
            return refusal(
                "Request had invalid authentication credentials. Expected OAuth 2 access token.",
                status=401,
                status_name="UNAUTHENTICATED",
            )
        answer = loopback.answers.answer(request)
        if fault is not None:
            answer.headers.update(fault.headers)
        if request.endpoint in COMPUTING and self.headers.get(PROFILE_ASKED):
            with loopback.lock:
                profile = f"profile-{len(loopback.answers.profiles)}"
                loopback.answers.profiles.append(profile)
            answer.headers[PROFILE_GIVEN] = profile
        return answer

    def _send(self, answer: Answer, length: int | None) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _cut(self, answer: Answer, fault: Fault) -> None:
        self.close_connection = True
        if fault.kind in {"hang", "drop"}:
            return
        marked = fault.kind != "unmarked-short"
        self._send(answer, len(answer.content) if marked else None)
        self.wfile.write(answer.content[: len(answer.content) // 2])
        self.wfile.flush()
        if fault.kind == "reset":
            # Lingering for 0 s makes the system send a reset in place of a farewell.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _refused(fault: Fault, endpoint: str) -> Answer:
    """The fault as an answer; the one endpoint that gives tokens has words of its own."""
    if endpoint == "token":
        words = {"error": fault.status_name, "error_description": fault.message}
        answer = Answer(json.dumps(words).encode(), status=fault.status)
    else:
        answer = refusal(
            fault.message, status=fault.status, status_name=fault.status_name, reason=fault.reason
        )
    answer.headers.update(fault.headers)
    return answer
