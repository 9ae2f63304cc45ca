"""Batch exports that move on each time somebody asks after them, so that tests need not wait."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import threading
from typing import Literal

from tests.loopback.backend import Backend, BackendError, Body, ExportKind

TERMINAL = {"SUCCEEDED", "FAILED", "CANCELLED"}
TYPES = {"image": "EXPORT_IMAGE", "table": "EXPORT_FEATURES"}
WHEN = "2026-01-02T03:04:05.000000Z"


class Operations:
    """The operations of the projects, in the order they were started."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.duplicates: Literal["same", "conflict"] = "same"
        """What a second request with the same requestId gets: the operation there is, or a 409.
        Google's words promise only that it starts nothing."""
        self.polls_per_state = 1
        self.eecu_seconds = 12.5
        self.ran: list[str] = []
        """Destinations whose export was carried out, in order."""
        self._operations: dict[str, Body] = {}
        self._bodies: dict[str, tuple[ExportKind, Body]] = {}
        self._by_request: dict[str, str] = {}
        self._polls: dict[str, int] = {}
        self._failing: dict[str, str] = {}
        self._lock = threading.RLock()

    def start(self, kind: ExportKind, project: str, body: Body, *, failing: str = "") -> Body:
        """POST image:export or table:export."""
        with self._lock:
            request_id = body.get("requestId", "")
            if not re.fullmatch(r"[A-Za-z0-9-]{0,60}", request_id):
                raise BackendError(f"Invalid requestId: '{request_id}'.")
            known = self._by_request.get(request_id)
            if request_id and known:
                if self.duplicates == "same":
                    return copy.deepcopy(self._operations[known])
                raise BackendError(
                    f"A task with request ID {request_id} was started already.",
                    status=409,
                    status_name="ALREADY_EXISTS",
                )
            target = destination(body)
            if self.backend.asset(target) is not None and not body.get("overwrite"):
                raise BackendError(f"Cannot overwrite asset '{target}'.")
            # Google makes the name itself; whoever starts an operation has to read it.
            seed = f"{len(self._operations)} {request_id}".encode()
            token = base64.b32encode(hashlib.sha256(seed).digest()).decode()[:24]
            name = f"projects/{project}/operations/{token}"
            self._operations[name] = {
                "name": name,
                "metadata": {
                    "@type": "type.googleapis.com/google.earthengine.v1.OperationMetadata",
                    "state": "PENDING",
                    "type": TYPES[kind],
                    "description": body.get("description", ""),
                    "priority": 100,
                    "createTime": WHEN,
                    "updateTime": WHEN,
                },
            }
            self._bodies[name] = (kind, body)
            self._polls[name] = 0
            if request_id:
                self._by_request[request_id] = name
            if failing:
                self._failing[name] = failing
            return copy.deepcopy(self._operations[name])

    def poll(self, name: str) -> Body:
        """GET operations/<id>: how it stands; the operation then moves on."""
        with self._lock:
            operation = self._known(name)
            metadata = operation["metadata"]
            if metadata["state"] not in TERMINAL:
                self._polls[name] += 1
                if self._polls[name] > 2 * self.polls_per_state:
                    self._finish(name)
                elif self._polls[name] > self.polls_per_state:
                    metadata.update(state="RUNNING", startTime=WHEN, attempt=1, progress=0.5)
            return copy.deepcopy(operation)

    def listing(self, project: str) -> list[Body]:
        """GET operations: the latest first, as Google lists them."""
        with self._lock:
            mine = [one for one in self._operations if one.startswith(f"projects/{project}/")]
            return [copy.deepcopy(self._operations[name]) for name in reversed(mine)]

    def cancel(self, name: str) -> Body:
        """POST operations/<id>:cancel."""
        with self._lock:
            metadata = self._known(name)["metadata"]
            if metadata["state"] in TERMINAL:
                raise BackendError(
                    f"Operation {name} is already finished.", status_name="FAILED_PRECONDITION"
                )
            self._end(name, "CANCELLED", {"code": 1, "message": "Cancelled."})
            return {}

    def forget(self, name: str) -> None:
        """As if the operation had been so long ago that the service no longer lists it."""
        with self._lock:
            self._operations.pop(name)

    def _known(self, name: str) -> Body:
        if name not in self._operations:
            raise BackendError(
                f'Operation "{name}" not found.', status=404, status_name="NOT_FOUND"
            )
        return self._operations[name]

    def _finish(self, name: str) -> None:
        kind, body = self._bodies[name]
        if name in self._failing:
            self._end(name, "FAILED", {"code": 3, "message": self._failing[name]})
            return
        try:
            self.backend.export(kind, body)
        except BackendError as refusal:
            self._end(name, "FAILED", {"code": 3, "message": refusal.message})
            return
        self.ran.append(destination(body))
        self._end(name, "SUCCEEDED", None)
        self._operations[name]["metadata"].update(
            progress=1,
            destinationUris=[f"https://code.earthengine.google.com/?asset={self.ran[-1]}"],
        )

    def _end(self, name: str, state: str, error: Body | None) -> None:
        operation = self._operations[name]
        operation["done"] = True
        operation["metadata"].update(
            state=state, endTime=WHEN, batchEecuUsageSeconds=self.eecu_seconds
        )
        operation.update({"error": error} if error else {"response": {}})


def destination(body: Body) -> str:
    """Name of the asset an export request is to write."""
    options = body.get("assetExportOptions") or {}
    name = (options.get("earthEngineDestination") or {}).get("name", "")
    if not name:
        raise BackendError("Only exports to an asset are known here.")
    return str(name)
