"""What can go wrong with the service, in plain words: what was being done, why not, what next.

Foreign errors end here. The service tells its reasons only in the text of its answers, so the
texts are matched; one that is not known is passed on, without what nobody else may read.
"""

from __future__ import annotations

import json
import re

from reetrace.core.errors import ReetraceError, ServiceError
from reetrace.engines.earthengine.known_faults import (
    KNOWN,
    AlreadyThere,
    AssetMissing,
    Fault,
    Garbled,
    MemoryExceeded,
)
from reetrace.engines.earthengine.known_losses import GARBLED, NETWORK, TOKEN
from reetrace.engines.earthengine.patience import Lost

__all__ = [
    "AlreadyThere",
    "AssetMissing",
    "Garbled",
    "MemoryExceeded",
    "garbled",
    "is_discreet",
    "of_refusal",
    "quoted",
    "recognise",
    "translated",
]

LONGEST_QUOTE = 300


def recognise(message: str, status: int) -> Fault:
    """The known failure behind a refusal of the service."""
    return next(
        fault
        for fault in KNOWN
        if (not fault.status or status in fault.status)
        and (not fault.words or re.search(fault.words, message, re.IGNORECASE))
    )


def translated(error: Exception, *, doing: str, project: str) -> ReetraceError | None:
    """One of our errors for one of the client, its libraries or the network; None for others."""
    if isinstance(error, ReetraceError):
        return error
    if isinstance(error, Lost):
        fault = NETWORK[error.cause]
        return fault.kind(fault.sentence(doing, project=project))
    return _of_the_client(error, doing=doing, project=project)


def _of_the_client(error: Exception, *, doing: str, project: str) -> ServiceError | None:
    import ee
    from google.auth.exceptions import GoogleAuthError
    from googleapiclient.errors import Error, HttpError  # type: ignore[import-untyped]

    refusal = error if isinstance(error, HttpError) else error.__context__
    if isinstance(refusal, HttpError):
        reasons = _reasons(refusal.content)
        status = int(refusal.resp.status)
        return of_refusal(str(error), status, doing=doing, project=project, reasons=reasons)
    if isinstance(error, GoogleAuthError):
        return _of_sign_in(error, doing=doing, project=project)
    if isinstance(error, ee.EEException):
        return of_refusal(str(error), 0, doing=doing, project=project)
    if isinstance(error, Error | ValueError | EOFError | KeyError):
        # The client stumbles over an answer that makes no sense.
        return garbled(str(error), doing=doing, project=project)
    return None


def garbled(what: str, *, doing: str, project: str) -> Garbled:
    """An answer came that cannot be one to what was asked."""
    return Garbled(GARBLED.sentence(doing, project=project, quote=quoted(what)))


def of_refusal(
    message: str, status: int, *, doing: str, project: str, reasons: str = ""
) -> ServiceError:
    """The service answered with a status of 400 or above.

    Args:
        message: Its words.
        status: Of the answer; 0 where the client refused before asking.
        doing: What was being done.
        project: Google Cloud project.
        reasons: Code words that the answer gives besides, such as `rateLimitExceeded`.
    """
    fault = recognise(f"{message} {reasons}", status)
    return fault.kind(fault.sentence(doing, project=project, quote=quoted(message)))


def _reasons(content: bytes) -> str:
    """The code words of a refusal; Google has two places for them."""
    try:
        error = json.loads(content)["error"]
        found = [*error.get("errors", []), *error.get("details", [])]
        return " ".join(str(each.get("reason", "")) for each in found)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _of_sign_in(error: Exception, *, doing: str, project: str) -> ServiceError:
    # What stands behind the first argument is the same again, as the service sent it.
    words = str(error.args[0]) if error.args else str(error)
    fault = next(one for one in TOKEN if re.search(one.words, words, re.IGNORECASE))
    return fault.kind(fault.sentence(doing, project=project, quote=quoted(words)))


_SECRETS = (
    (re.compile(r"-----BEGIN.*?(-----END[^-]*-----|$)", re.DOTALL), "[key]"),
    (
        re.compile(
            r"\b(bearer|access_token|refresh_token|assertion|client_secret)\b\W+[\w./-]+",
            re.IGNORECASE,
        ),
        r"\1 [token]",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[account]"),
    (re.compile(r"\bya29\.[\w.-]+"), "[token]"),
    (re.compile(r"\b1//[\w-]+"), "[token]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
)


def quoted(words: str) -> str:
    """Foreign words on one line, cut to a length, without keys, tokens and addresses.

    >>> quoted("Permission denied for me@example.com (Bearer ya29.abc)")
    'Permission denied for [account] (Bearer [token])'
    """
    for pattern, instead in _SECRETS:
        words = pattern.sub(instead, words)
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


def is_discreet(words: str) -> bool:
    """Whether words can be shown as they are, e.g. in the chain of a traceback."""
    return not any(pattern.search(words) for pattern, _ in _SECRETS)
