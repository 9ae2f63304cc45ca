"""Which endpoint a request is for, and what the service answers there."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.loopback.backend import Backend, BackendError, Body, ExportKind
from tests.loopback.documents import algorithms, discovery
from tests.loopback.operations import WHEN, Operations

JSON = "application/json; charset=UTF-8"
OCTETS = "application/octet-stream"
# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

_PROJECT = r"/v1/projects/(?P<project>[^/:]+)"
_ROUTES = tuple(
    (endpoint, method, re.compile(pattern))
    for endpoint, method, pattern in (
        ("discovery", "GET", r"/\$discovery/rest"),
        ("token", "POST", r"/token"),
        ("algorithms", "GET", rf"{_PROJECT}/algorithms"),
        ("config", "GET", r"/v1/(?P<name>projects/[^/]+/config)"),
        ("value:compute", "POST", rf"{_PROJECT}/value:compute"),
        ("image:computePixels", "POST", rf"{_PROJECT}/image:computePixels"),
        ("table:computeFeatures", "POST", rf"{_PROJECT}/table:computeFeatures"),
        ("image:export", "POST", rf"{_PROJECT}/image:export"),
        ("table:export", "POST", rf"{_PROJECT}/table:export"),
        ("operations.list", "GET", rf"{_PROJECT}/operations"),
        ("operations.cancel", "POST", r"/v1/(?P<name>projects/[^/]+/operations/[^/:]+):cancel"),
        ("operations.get", "GET", r"/v1/(?P<name>projects/[^/]+/operations/[^/:]+)"),
        ("maps", "POST", rf"{_PROJECT}/maps"),
        ("tiles", "GET", rf"{_PROJECT}/maps/(?P<id>[^/]+)/tiles/\d+/\d+/\d+"),
        ("thumbnails", "POST", rf"{_PROJECT}/thumbnails"),
        ("thumbnails.getPixels", "GET", rf"{_PROJECT}/thumbnails/(?P<id>[^/:]+):getPixels"),
        ("tables", "POST", rf"{_PROJECT}/tables"),
        ("tables.getFeatures", "GET", rf"{_PROJECT}/tables/(?P<id>[^/:]+):getFeatures"),
        ("assets.create", "POST", rf"{_PROJECT}/assets"),
        ("assets.get", "GET", r"/v1/(?P<name>projects/[^/]+/assets(?:/.*)?)"),
    )
)


def endpoint_of(method: str, path: str) -> tuple[str, dict[str, str]]:
    """Name of the endpoint and what its address holds; `unknown` where there is none."""
    for endpoint, wanted, pattern in _ROUTES:
        found = pattern.fullmatch(path)
        if found and wanted == method:
            return endpoint, found.groupdict()
    return "unknown", {}


@dataclass
class Answer:
    """What goes back."""

    content: bytes
    type: str = JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(message: str, *, status: int, status_name: str, reason: str = "") -> Answer:
    """An error as Google words it."""
    error: Body = {"code": status, "message": message, "status": status_name}
    if reason:
        error["errors"] = [{"message": message, "domain": "usageLimits", "reason": reason}]
    return Answer(json.dumps({"error": error}).encode(), status=status)


@dataclass(frozen=True)
class Request:
    """What came, taken apart."""

    endpoint: str
    places: dict[str, str]
    """What the address holds: `project`, `name`, `id`."""
    query: str
    body: Body
    failing: str = ""
    """Message with which an operation started by this request is to fail."""


class Answers:
    """What each endpoint answers, over a backend that computes."""

    def __init__(self, backend: Backend, operations: Operations) -> None:
        self.backend = backend
        self.operations = operations
        self.tokens_given = 0
        self.eecu_seconds_per_request = 0.25
        self.profiles: list[str] = []
        self.broken: list[Exception] = []
        """Errors that a backend should not have had; each was answered with 400."""
        self.config: Body = {}
        """What the service tells of the project besides its name."""
        self.folders: set[str] = set()
        self._saved: dict[str, Body] = {}
        self._lock = threading.Lock()
        self._ways: dict[str, Callable[[Request], Answer]] = {
            "discovery": lambda _: Answer(discovery()),
            "algorithms": lambda _: Answer(algorithms()),
            "config": lambda ask: _json({"name": ask.places["name"], **self.config}),
            "token": lambda _: _json(self._token()),
            "value:compute": lambda ask: _json({"result": self._value(ask.body)}),
            "image:computePixels": lambda ask: Answer(self.backend.pixels(ask.body), OCTETS),
            "table:computeFeatures": lambda ask: _json(self._page(ask.body)),
            "image:export": lambda ask: _json(self._export("image", ask)),
            "table:export": lambda ask: _json(self._export("table", ask)),
            "operations.list": lambda ask: _json(
                {"operations": operations.listing(ask.places["project"])}
            ),
            "operations.get": lambda ask: _json(operations.poll(ask.places["name"])),
            "operations.cancel": lambda ask: _json(operations.cancel(ask.places["name"])),
            "maps": lambda ask: _json(self._save(ask)),
            "thumbnails": lambda ask: _json(self._save(ask)),
            "tables": lambda ask: _json(self._save(ask)),
            "tiles": lambda _: Answer(PNG, "image/png"),
            "thumbnails.getPixels": lambda ask: Answer(backend.pixels(self._kept(ask)), OCTETS),
            "tables.getFeatures": lambda ask: _json(backend.features(self._kept(ask))),
            "assets.get": lambda ask: _json(self._asset(ask.places["name"])),
            "assets.create": lambda ask: _json(self._create(ask)),
        }

    def answer(self, request: Request) -> Answer:
        """The answer to a request that nothing went wrong with."""
        if request.endpoint not in self._ways:
            return refusal(
                "The loopback service has no such endpoint.", status=404, status_name="NOT_FOUND"
            )
        try:
            return self._ways[request.endpoint](request)
        except BackendError as problem:
            return refusal(problem.message, status=problem.status, status_name=problem.status_name)
        except Exception as problem:  # noqa: BLE001  # a fault of the backend, for the test to see
            self.broken.append(problem)
            return refusal(
                f"the backend broke: {type(problem).__name__}: {problem}",
                status=400,
                status_name="INTERNAL",
            )

    def _token(self) -> Body:
        with self._lock:
            self.tokens_given += 1
            return {
                "access_token": f"ya29.loopback-token-{self.tokens_given}",
                "expires_in": 3600,
                "token_type": "Bearer",
            }

    def _value(self, body: Body) -> object:
        expression = body["expression"]
        root = expression["values"][expression["result"]].get("functionInvocationValue", {})
        if root.get("functionName") == "Profile.getProfiles":
            seconds = self.eecu_seconds_per_request * len(self.profiles)
            return f" EECU·s PeakMem  Count  Description\n {seconds:.3f}    100k      1  (all)\n"
        return self.backend.value(body)

    def _page(self, body: Body) -> Body:
        whole = self.backend.features(body)
        if "nextPageToken" in whole:
            return whole
        start, size = int(body.get("pageToken") or 0), int(body.get("pageSize") or 1000)
        features = whole.get("features", [])
        page: Body = {"type": "FeatureCollection", "features": features[start : start + size]}
        if start + size < len(features):
            page["nextPageToken"] = str(start + size)
        return page

    def _export(self, kind: ExportKind, ask: Request) -> Body:
        return self.operations.start(kind, ask.places["project"], ask.body, failing=ask.failing)

    def _save(self, ask: Request) -> Body:
        with self._lock:
            key = f"{len(self._saved):032x}"
            self._saved[key] = ask.body
            return {"name": f"projects/{ask.places['project']}/{ask.endpoint}/{key}"}

    def _kept(self, ask: Request) -> Body:
        return self._saved[ask.places["id"]]

    def _asset(self, name: str) -> Body:
        project_root = re.fullmatch(r"projects/[^/]+/assets/?", name)
        if project_root or name in self.folders:
            return {"type": "FOLDER", "name": name, "id": name}
        found = self.backend.asset(name)
        if found is None:
            raise BackendError(
                f"Asset '{name}' does not exist or doesn't allow this operation.",
                status=404,
                status_name="NOT_FOUND",
            )
        return found

    def _create(self, ask: Request) -> Body:
        name = f"projects/{ask.places['project']}/assets/{parse_qs(ask.query)['assetId'][0]}"
        if name in self.folders or self.backend.asset(name) is not None:
            raise BackendError(f"Cannot overwrite asset '{name}'.")
        parent = name.rpartition("/")[0]
        if not re.fullmatch(r"projects/[^/]+/assets", parent) and parent not in self.folders:
            raise BackendError(
                f"Asset '{parent}' does not exist or doesn't allow this operation.",
                status=404,
                status_name="NOT_FOUND",
            )
        self.folders.add(name)
        return {
            "type": ask.body.get("type", "FOLDER"),
            "name": name,
            "id": name,
            "updateTime": WHEN,
        }


def _json(document: object) -> Answer:
    return Answer(json.dumps(document).encode())
