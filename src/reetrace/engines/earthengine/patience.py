"""When a request is worth sending again, and after how long."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal

from reetrace.engines.earthengine.kinds import IN_JSON

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
"""Why there is no answer, or none to be believed."""

RETRIES = 5
RETRIES_IN_A_CROWD = 10
"""Five minutes in all: as long as the longest computation that may stand in the way."""
_RETRIES_OF: dict[Cause, int] = {
    # Whoever is offline should hear of it soon; a silence has cost a whole deadline already.
    "unknown host": 2,
    "refused": 2,
    "no answer": 1,
    "reset": RETRIES,
    "cut short": RETRIES,
}
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
LONGEST_REQUEST_TO_WAIT_S = 120.0
"""Whoever is asked to stay away for longer is told so at once."""

_FIRST_REFUSAL = 400
_FORBIDDEN = 403
_TOO_MANY = 429
_BUSY = {408, 500, 502, 503, 504}
_RATE_LIMITS = ("rateLimitExceeded", "userRateLimitExceeded")
_CROWDS = "Too many concurrent aggregations"


class Lost(Exception):
    """No answer came, or not the whole of it."""

    def __init__(self, cause: Cause, attempts: int) -> None:
        super().__init__(f"{cause} after {attempts} attempts")
        self.cause: Cause = cause
        self.attempts = attempts


def wait_of(
    kind: str,
    response: requests.Response | None,
    cause: Cause | None,
    attempts: int,
    ordinal: int,
) -> float | None:
    """Seconds until it is worth asking again; None where it is not.

    Args:
        kind: Of the request.
        response: What came, if anything.
        cause: Why it is not believed, or why nothing came.
        attempts: Made so far.
        ordinal: Number of the request in the run: it spreads the pauses evenly, so that threads
            refused together do not come back together.
    """
    if attempts > _patience(kind, response, cause):
        return None
    spread = (ordinal * 0.618034) % 1.0
    wait_s = min(FIRST_PAUSE_S * 2 ** (attempts - 1), LONGEST_PAUSE_S) * (0.75 + spread / 2)
    asked_s = _asked_to_wait_s(response)
    return None if asked_s > LONGEST_REQUEST_TO_WAIT_S else max(wait_s, asked_s)


def _patience(kind: str, response: requests.Response | None, cause: Cause | None) -> int:
    """Times the request may be sent again."""
    if cause is not None:
        return _RETRIES_OF.get(cause, 0)
    # The sign-in library repeats its own requests for tokens.
    if response is None or kind == "token":
        return 0
    if is_crowded(response):
        return RETRIES_IN_A_CROWD
    return RETRIES if response.status_code in _BUSY else 0


def is_crowded(response: requests.Response | None) -> bool:
    """Whether the service refuses because too much is asked at once."""
    if response is None or response.status_code < _FIRST_REFUSAL:
        return False
    if response.status_code == _FORBIDDEN:
        return any(reason in response.text for reason in _RATE_LIMITS)
    return response.status_code == _TOO_MANY or _CROWDS in response.text


def is_repeatable(kind: str, body: str | bytes | None) -> bool:
    """False for an export without an id of its own: a second one would run besides the first."""
    if not kind.endswith(":export"):
        return True
    return bool(json.loads(body or "{}").get("requestId"))


def status_of(response: requests.Response | None) -> str:
    """Status code as a word."""
    # A response of 400 and above is false to Python.
    return "" if response is None else str(response.status_code)


def doubt_of(kind: str, response: requests.Response) -> Cause | None:
    """Why a good answer is not believed: the client would go on with half a text."""
    if kind not in IN_JSON or response.status_code >= _FIRST_REFUSAL:
        return None
    try:
        json.loads(response.content)
    except ValueError:
        # A page of whoever stands between, such as a hotel that wants a room number first.
        return "cut short" if response.content[:1] in {b"{", b"["} else "foreign"
    return None


def bytes_on_the_wire(response: requests.Response) -> int:
    """Size of the body as it was sent, packed or not."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else len(response.content)


def _asked_to_wait_s(response: requests.Response | None) -> float:
    """Seconds of the Retry-After header; 0 where there is none in seconds."""
    text = "" if response is None else response.headers.get("Retry-After", "").strip()
    return float(text) if re.fullmatch(r"\d+", text) else 0.0


def cause_of(error: requests.exceptions.RequestException) -> Cause:
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
