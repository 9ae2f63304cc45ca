"""The client's way to the network: timed, counted, held to a number at once, and asked again.

The client takes any object with `request` as its transport (`ee.Initialize(http_transport=)`), so
that one place sees every request, whoever makes it, with the headers that the client drops.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from reetrace.engines.earthengine.kinds import TAGGED, kind_of
from reetrace.engines.earthengine.patience import (
    Cause,
    Lost,
    bytes_on_the_wire,
    cause_of,
    doubt_of,
    is_crowded,
    is_repeatable,
    status_of,
    wait_of,
)
from reetrace.engines.earthengine.usage import Usage

if TYPE_CHECKING:
    import requests

CONNECT_S = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
QUOTA_STATUS = "x-earth-engine-quota-status"


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
        self._turn = threading.Lock()
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
        repeatable = is_repeatable(kind, body)
        with contextlib.ExitStack() as held:
            held.enter_context(self._gate)
            attempts, alone = 0, False
            while True:
                attempts += 1
                response, cause = self._attempt(kind, uri, method, body, headers)
                wait_s = wait_of(kind, response, cause, attempts, self._usage.requests_made)
                if wait_s is None or not repeatable:
                    if response is None or cause is not None:
                        raise Lost(cause or "reset", attempts)
                    return self._as_httplib2(response), response.content
                if is_crowded(response) and not alone:
                    # Of those refused for being too many, one at a time tries again: where fewer
                    # are let in than there are threads, the others would run out of attempts.
                    held.enter_context(self._turn)
                    alone = True
                self._usage.count_retry(cause or status_of(response))
                self._pause(wait_s)

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
                method, uri, data=body, headers=headers, timeout=timeouts, allow_redirects=False
            )
        except requests.exceptions.RequestException as error:
            return None, cause_of(error)
        self._usage.count_received(kind, bytes_on_the_wire(response))
        if "parallelism_restricted=true" in response.headers.get(QUOTA_STATUS, ""):
            self._usage.restrict()
        return response, doubt_of(kind, response)

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
