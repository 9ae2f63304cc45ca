"""The client's way to the network: timed, counted, held to a number at once, and asked again.

The client takes any object with `request` as its transport (`ee.Initialize(http_transport=)`), so
that one place sees every request, whoever makes it, with the headers that the client drops.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from reetrace.engines.earthengine.kinds import IN_JSON, TAGGED, kind_of
from reetrace.engines.earthengine.usage import Usage

if TYPE_CHECKING:
    import requests

Cause = Literal[
    "unknown host",
    "refused",
    "reset",
    "cut short",
    "no answer",
    "certificate",
    "proxy",
    "foreign",
    "elsewhere",
]

RETRIES = 5
_PATIENCE: dict[Cause, int] = {
    # Whoever is offline should hear of it soon; a silence has cost a whole deadline already.
    "unknown host": 2,
    "refused": 2,
    "no answer": 1,
    "reset": RETRIES,
    "cut short": RETRIES,
}
CONNECT_S = 30.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 120.0
"""Whoever is asked to stay away for longer is told so at once."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
QUOTA_STATUS = "x-earth-engine-quota-status"

_FIRST_REFUSAL = 400
_FORBIDDEN = 403
_BUSY = {429, 500, 502, 503, 504}
_RATE_LIMITS = ("rateLimitExceeded", "userRateLimitExceeded")


class Lost(Exception):
    """No answer came, or not the whole of it."""

    def __init__(self, cause: Cause, attempts: int) -> None:
        super().__init__(f"{cause} after {attempts} attempts")
        self.cause: Cause = cause
        self.attempts = attempts


class Transport:
    """Carries requests for the client; made for many threads."""

    def __init__(
        self,
        *,
        usage: Usage,
        deadline_s: float,
        concurrency: int,
        loopback_only: bool,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        import requests
        from requests.adapters import HTTPAdapter

        self._usage = usage
        self._deadline_s = deadline_s
        self._loopback_only = loopback_only
        self._pause = pause
        self.concurrency = concurrency
        self._gate = threading.BoundedSemaphore(concurrency)
        self._here = threading.local()
        self._session = requests.Session()
        # A proxy of the environment is for the world outside.
        self._session.trust_env = not loopback_only
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=concurrency, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """The same one: the sign-in library copies what it refreshes tokens with."""
        return self

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    @contextlib.contextmanager
    def tagged(self, tag: str) -> Iterator[None]:
        """Requests of this thread bear the workload tag; the client has one for all threads."""
        before = getattr(self._here, "tag", "")
        self._here.tag = tag
        try:
            yield
        finally:
            self._here.tag = before

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        redirections: int | None = None,
        connection_type: type[Any] | None = None,
    ) -> tuple[object, bytes]:
        """The answer to a request, after as many attempts as it took; as httplib2 gives it.

        Raises:
            Lost: There was no whole answer.
        """
        del redirections, connection_type
        kind = kind_of(uri)
        address = urlsplit(uri)
        # The sign-in library looks up, besides, where an account may be used from: it does without
        # the answer, and the address names the account.
        beside = address.path.endswith("/allowedLocations")
        if beside or (self._loopback_only and address.hostname not in LOOPBACK):
            raise Lost("elsewhere", 0)
        body = self._with_tag(kind, body)
        with self._gate:
            attempts = 0
            while True:
                attempts += 1
                response, cause = self._attempt(kind, uri, method, body, headers)
                wait_s = self._wait_s(kind, response, cause, attempts)
                again = _safe_to_repeat(kind, body)
                if wait_s is None or not again:
                    if response is None or cause is not None:
                        raise Lost(cause or "reset", attempts)
                    return self._as_httplib2(response), response.content
                self._usage.count_retry(cause or _status(response))
                self._pause(wait_s or 0.0)

    def _attempt(
        self,
        kind: str,
        uri: str,
        method: str,
        body: str | bytes | None,
        headers: dict[str, str] | None,
    ) -> tuple[requests.Response | None, Cause | None]:
        """An answer, or the cause why there is none."""
        import requests

        self._usage.count_sent(kind, len(body or ""))
        timeouts = (min(CONNECT_S, self._deadline_s), self._deadline_s)
        try:
            response = self._session.request(
                method, uri, data=body, headers=headers, timeout=timeouts
            )
        except requests.exceptions.RequestException as error:
            return None, _cause(error)
        self._usage.count_received(kind, _bytes_on_the_wire(response))
        if "parallelism_restricted=true" in response.headers.get(QUOTA_STATUS, ""):
            self._usage.restrict()
        return response, _doubt(kind, response)

    def _wait_s(
        self, kind: str, response: requests.Response | None, cause: Cause | None, attempts: int
    ) -> float | None:
        """Seconds until it is worth asking again; None where it is not."""
        if cause is not None:
            patience = _PATIENCE.get(cause, 0)
        else:
            # The sign-in library repeats its own requests for tokens.
            patience = 0 if kind == "token" else RETRIES
        if attempts > patience:
            return None
        if cause is None and response is not None and not _worth_repeating(response):
            return None
        # Spread evenly, so that threads refused together do not come back together.
        spread = (self._usage.requests_made * 0.618034) % 1.0
        wait_s: float = FIRST_PAUSE_S * 2 ** (attempts - 1) * (0.75 + spread / 2)
        if response is not None:
            asked_s = _asked_to_wait_s(response)
            if asked_s is not None and asked_s > LONGEST_PAUSE_S:
                return None
            wait_s = max(wait_s, asked_s or 0.0)
        return wait_s

    def _with_tag(self, kind: str, body: str | bytes | None) -> str | bytes | None:
        tag = getattr(self._here, "tag", "")
        if not tag or kind not in TAGGED or not isinstance(body, str):
            return body
        request = json.loads(body)
        request.setdefault("workloadTag", tag)
        return json.dumps(request)

    @staticmethod
    def _as_httplib2(response: requests.Response) -> object:
        import httplib2  # type: ignore[import-untyped]  # ships no types

        headers: dict[str, Any] = {name.lower(): text for name, text in response.headers.items()}
        # The client would make a Python warning of it, and that state is kept in the usage.
        headers.pop(QUOTA_STATUS, None)
        headers["status"] = response.status_code
        return httplib2.Response(headers)


def _safe_to_repeat(kind: str, body: str | bytes | None) -> bool:
    """False for an export without an id of its own: a second one would run besides the first."""
    if not kind.endswith(":export"):
        return True
    return bool(json.loads(body or "{}").get("requestId"))


def _status(response: requests.Response | None) -> str:
    # A response of 400 and above is false to Python.
    return "" if response is None else str(response.status_code)


def _worth_repeating(response: requests.Response) -> bool:
    if response.status_code in _BUSY:
        return True
    return response.status_code == _FORBIDDEN and any(
        reason in response.text for reason in _RATE_LIMITS
    )


def _doubt(kind: str, response: requests.Response) -> Cause | None:
    """Why a good answer is not believed: the client would go on with half a text."""
    if kind not in IN_JSON or response.status_code >= _FIRST_REFUSAL:
        return None
    try:
        json.loads(response.content)
    except ValueError:
        # A page of whoever stands between, such as a hotel that wants a room number first.
        return "cut short" if response.content[:1] in {b"{", b"["} else "foreign"
    return None


def _asked_to_wait_s(response: requests.Response) -> float | None:
    """Seconds of the Retry-After header; None where there is none in seconds."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if re.fullmatch(r"\d+", text) else None


def _bytes_on_the_wire(response: requests.Response) -> int:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else len(response.content)


def _cause(error: requests.exceptions.RequestException) -> Cause:
    """Why there was no answer; the library's classes and the words within them tell it."""
    from requests import exceptions

    words = str(error)
    signs: tuple[tuple[bool, Cause], ...] = (
        (
            isinstance(error, exceptions.ChunkedEncodingError | exceptions.ContentDecodingError),
            "cut short",
        ),
        (isinstance(error, exceptions.SSLError), "certificate"),
        (isinstance(error, exceptions.ProxyError), "proxy"),
        (isinstance(error, exceptions.Timeout) or "Read timed out" in words, "no answer"),
        ("NameResolutionError" in words or "Failed to resolve" in words, "unknown host"),
        ("NewConnectionError" in words or "refused" in words, "refused"),
    )
    return next((cause for sign, cause in signs if sign), "reset")
