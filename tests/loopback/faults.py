"""What can be made to go wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "refuse",
    "hang",
    "drop",
    "reset",
    "short",
    "unmarked-short",
    "foreign",
    "header",
    "operation",
]
CUT = frozenset({"hang", "drop", "reset", "short", "unmarked-short"})
"""Kinds that leave the client without a whole answer."""

RATE_LIMIT = "rateLimitExceeded"
RESTRICTED = {"x-earth-engine-quota-status": "parallelism_restricted=true"}


@dataclass
class Fault:
    """One thing that goes wrong at one endpoint, so many times."""

    where: str
    """Endpoint, e.g. `value:compute`, or `*` for any; see `tests.loopback.answering`."""
    kind: Kind = "refuse"
    """`refuse` answers `status` with `message`. `hang` answers nothing and `drop` hangs up
    without an answer. `reset` breaks the connection and `short` closes it in the middle of the
    body; `unmarked-short` does so without
    having said how long the body is. `foreign` answers well with a web page, `header` with what
    was asked and `headers` besides. `operation` lets the next operation started there fail with
    `message` when it runs."""
    times: int = 1
    after: int = 0
    """Requests that pass unharmed before the first is hit."""
    status: int = 503
    status_name: str = "UNAVAILABLE"
    message: str = "The service is currently unavailable."
    reason: str = ""
    """Google's reason of a 403, e.g. `rateLimitExceeded`."""
    headers: dict[str, str] = field(default_factory=dict)

    def hits(self, endpoint: str) -> bool:
        """Whether the request at this endpoint is to be hit; counts it."""
        if self.where not in {"*", endpoint} or self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


def bad_request(where: str, message: str, *, times: int = 1) -> Fault:
    """The service understood and refuses, as it does most things: 400."""
    return Fault(where, status=400, status_name="INVALID_ARGUMENT", message=message, times=times)


def forbidden(where: str, message: str, *, reason: str = "", times: int = 1) -> Fault:
    """403, with or without a reason."""
    return Fault(
        where,
        status=403,
        status_name="PERMISSION_DENIED",
        message=message,
        reason=reason,
        times=times,
    )


def too_many(where: str, *, times: int = 1, retry_after: str = "") -> Fault:
    """429, with or without a word on when to come back."""
    return Fault(
        where,
        status=429,
        status_name="RESOURCE_EXHAUSTED",
        message="Too Many Requests: Request was rejected because the request rate or concurrency"
        " limit was exceeded.",
        headers={"Retry-After": retry_after} if retry_after else {},
        times=times,
    )
