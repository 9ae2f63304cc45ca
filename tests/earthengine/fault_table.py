"""Every failure of the service and the line a user reads for it.

The tests hold the program to these lines, and `as_markdown` prints them for the documentation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reetrace.core.errors import (
    AccountError,
    QuotaExceeded,
    ReetraceError,
    ServiceError,
    TooLarge,
)
from tests.loopback.faults import Fault, bad_request, forbidden, too_many

ALWAYS = 99
"""More often than anybody asks again."""
DOING = "counting 2005 of mine-A"


@dataclass(frozen=True)
class Row:
    """One failure."""

    fault: str
    raised: type[ReetraceError]
    sentence: str
    """As a user reads it; `{file}` is the file that was given."""
    inject: Callable[[], Fault] = lambda: Fault("*", times=0)
    """What the loopback service is told to do."""
    during: Literal["value", "open", "key"] = "value"
    requests: int = 1
    """Times the service is asked: once where asking again cannot help."""


_WAIT = "Wait some minutes and run the same command again; finished work is kept."
_QUOTA = (
    "Counting 2005 of mine-A: project reetrace-test has used up what it may ask for now. Run one "
    "job at a time, or lower the number of requests at once; see its quota at "
    f"https://console.cloud.google.com/iam-admin/quotas?project=reetrace-test. {_WAIT}"
)

COMPUTING = (
    Row(
        "computation timed out",
        TooLarge,
        "Counting 2005 of mine-A: the computation takes longer than the five minutes an answer "
        "may take. Use a batch export, a smaller area or fewer years.",
        lambda: bad_request("value:compute", "Computation timed out."),
    ),
    Row(
        "user memory limit",
        TooLarge,
        "Counting 2005 of mine-A: the computation needs more memory than the service gives. Use a "
        "batch export, a smaller area or fewer years.",
        lambda: bad_request("value:compute", "User memory limit exceeded."),
    ),
    Row(
        "too many pixels",
        TooLarge,
        "Counting 2005 of mine-A: the area holds more pixels than one reduction may count. Use a "
        "batch export, or a smaller area of interest.",
        lambda: bad_request(
            "value:compute",
            "Image.reduceRegion: Too many pixels in the region. Found 12345678, but maxPixels "
            "allows only 10000000.",
        ),
    ),
    Row(
        "picture too large",
        TooLarge,
        "Counting 2005 of mine-A: the picture asked for is larger than one answer may be. Use a "
        "batch export, or a smaller area of interest.",
        lambda: bad_request(
            "value:compute",
            "Total request size (72000000 bytes) must be less than or equal to 50331648 bytes.",
        ),
    ),
    Row(
        "request too large",
        TooLarge,
        "Counting 2005 of mine-A: the request is larger than the service takes (10 MB). Use fewer "
        "labels or a simpler outline, or a model with fewer trees.",
        lambda: bad_request(
            "value:compute", "Request payload size exceeds the limit: 10485760 bytes."
        ),
    ),
    Row(
        "too many elements",
        TooLarge,
        "Counting 2005 of mine-A: the collection has more elements than one answer may hold "
        "(5,000). Use a batch export, or fewer years.",
        lambda: bad_request(
            "value:compute", "Collection query aborted after accumulating over 5000 elements."
        ),
    ),
    Row(
        "asset missing",
        ServiceError,
        "Counting 2005 of mine-A: something asked for is not there, or this account may not read "
        "it (\"Image.load: Image asset 'LANDSAT/X' not found (does not exist or caller does not "
        'have access)"). Check that the project may read it; a data set may have been withdrawn '
        "by Google.",
        lambda: bad_request(
            "value:compute",
            "Image.load: Image asset 'LANDSAT/X' not found (does not exist or caller does not "
            "have access).",
        ),
    ),
    Row(
        "empty collection",
        ServiceError,
        'Counting 2005 of mine-A: there was nothing to compute from ("Image.select: Band pattern '
        "'SR_B4' did not match any bands. Available bands: []\"). Widen the epoch or take another "
        "sensor: no scene was left after the clouds were removed.",
        lambda: bad_request(
            "value:compute",
            "Image.select: Band pattern 'SR_B4' did not match any bands. Available bands: []",
        ),
    ),
    Row(
        "too many concurrent aggregations",
        QuotaExceeded,
        "Counting 2005 of mine-A: the service is busy with other large reductions of project "
        f"reetrace-test. Run one job at a time. {_WAIT}",
        lambda: bad_request("value:compute", "Too many concurrent aggregations.", times=ALWAYS),
        requests=11,
    ),
    Row(
        "quota (429), lasting",
        QuotaExceeded,
        _QUOTA,
        lambda: too_many("value:compute", times=ALWAYS),
        requests=11,
    ),
    Row(
        "quota (429), told to come back in an hour",
        QuotaExceeded,
        _QUOTA,
        lambda: too_many("value:compute", times=ALWAYS, retry_after="3600"),
    ),
    Row(
        "rate limit (403 with its reason), lasting",
        QuotaExceeded,
        "Counting 2005 of mine-A: project reetrace-test sends more requests than it may, also "
        f"after repeated waiting. Run one job at a time, or lower the number of requests at once. "
        f"{_WAIT}",
        lambda: forbidden(
            "value:compute", "Slow down.", reason="userRateLimitExceeded", times=ALWAYS
        ),
        requests=11,
    ),
    Row(
        "asset storage full",
        QuotaExceeded,
        "Counting 2005 of mine-A: the asset storage of project reetrace-test is full. Delete "
        "assets that are no longer needed at https://code.earthengine.google.com.",
        lambda: bad_request("value:compute", "Asset storage quota exceeded."),
    ),
    Row(
        "asset already there",
        ServiceError,
        "Counting 2005 of mine-A: there is an asset of this name already. Delete it at "
        "https://code.earthengine.google.com, or use another project.",
        lambda: bad_request("value:compute", "Cannot overwrite asset 'projects/p/assets/a'."),
    ),
    Row(
        "unknown refusal",
        ServiceError,
        'Counting 2005 of mine-A: the service answered "Kernel.gaussian: the moon is full". This '
        "failure is not known here: please report it with the command that was run.",
        lambda: bad_request("value:compute", "Kernel.gaussian: the moon is full."),
    ),
    Row(
        "nothing at this place (404)",
        ServiceError,
        'Counting 2005 of mine-A: the service has nothing at this place ("Gone"). Run the same '
        "command again; if it stays, check --project.",
        lambda: Fault("value:compute", status=404, status_name="NOT_FOUND", message="Gone."),
    ),
    *(
        Row(
            f"service down ({status})",
            ServiceError,
            "Counting 2005 of mine-A: the service is out of order and stayed so after repeated "
            f"waiting. {_WAIT} Google tells of outages at https://status.earthengine.app.",
            lambda status=status: Fault("value:compute", status=status, times=ALWAYS),  # type: ignore[misc]
            requests=6,
        )
        for status in (500, 503)
    ),
    Row(
        "no answer",
        ServiceError,
        "Counting 2005 of mine-A: no answer came within the time allowed. Check the connection to "
        f"the Internet. {_WAIT}",
        lambda: Fault("value:compute", "hang", times=ALWAYS),
        requests=2,
    ),
    Row(
        "connection broken before an answer, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the connection broke again and again. Check the connection to "
        f"the Internet. {_WAIT}",
        lambda: Fault("value:compute", "drop", times=ALWAYS),
        requests=6,
    ),
    Row(
        "connection reset in the middle of the answer, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {_WAIT}",
        lambda: Fault("value:compute", "reset", times=ALWAYS),
        requests=6,
    ),
    Row(
        "answer cut short, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {_WAIT}",
        lambda: Fault("value:compute", "short", times=ALWAYS),
        requests=6,
    ),
    Row(
        "answer cut short without a word on its length, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {_WAIT}",
        lambda: Fault("value:compute", "unmarked-short", times=ALWAYS),
        requests=6,
    ),
    Row(
        "a web page in place of an answer",
        ServiceError,
        "Counting 2005 of mine-A: the answer is not Earth Engine's: something between here and "
        "Google answers in its place. Open a web page first, in case the network wants a sign-in; "
        "else ask who runs it.",
        lambda: Fault("value:compute", "foreign", times=ALWAYS),
    ),
)

_OPENING = "Signing in to Earth Engine: "

OPENING = (
    Row(
        "API not enabled",
        AccountError,
        _OPENING + "the Earth Engine interface is not switched on in project reetrace-test. "
        "Switch it on at https://console.cloud.google.com/apis/library/"
        "earthengine.googleapis.com?project=reetrace-test and try again after some minutes.",
        lambda: forbidden(
            "algorithms",
            "Google Earth Engine API has not been used in project 123456789 before or it is "
            "disabled. Enable it by visiting https://console.developers.google.com/apis/api/"
            "earthengine.googleapis.com/overview?project=123456789 then retry.",
        ),
        "open",
    ),
    Row(
        "project not registered",
        AccountError,
        _OPENING + "project reetrace-test is not registered for Earth Engine. Register it at "
        "https://code.earthengine.google.com/register?project=reetrace-test (say whether the use "
        "is commercial).",
        lambda: forbidden(
            "algorithms",
            "Project reetrace-test is not registered to use Earth Engine. Visit "
            "https://code.earthengine.google.com/register?project=reetrace-test to register your "
            "project.",
        ),
        "open",
    ),
    Row(
        "project not usable",
        AccountError,
        _OPENING + "this account may not use project reetrace-test, or there is no such project. "
        "Check the spelling of --project, or ask its owner for the role Service Usage Consumer.",
        lambda: forbidden(
            "algorithms",
            "Caller does not have required permission to use project reetrace-test. Grant the "
            "caller the roles/serviceusage.serviceUsageConsumer role.",
        ),
        "open",
    ),
    Row(
        "permission missing",
        AccountError,
        _OPENING + "this account lacks a permission in project reetrace-test. Ask its owner for "
        "the role Earth Engine Resource Writer (Viewer is enough without exports).",
        lambda: forbidden(
            "algorithms",
            "Permission 'earthengine.computations.create' denied on resource "
            "'projects/reetrace-test' (or it may not exist).",
        ),
        "open",
    ),
    Row(
        "403 without a known reason",
        AccountError,
        _OPENING + 'the service refuses this to project reetrace-test ("No"). Check that the '
        "project is registered for Earth Engine and the account has a role in it.",
        lambda: forbidden("algorithms", "No."),
        "open",
    ),
    Row(
        "description of the interface missing",
        ServiceError,
        _OPENING + "the service is out of order and stayed so after repeated waiting. "
        f"{_WAIT} Google tells of outages at https://status.earthengine.app.",
        lambda: Fault("discovery", times=ALWAYS),
        "open",
        requests=6,
    ),
)

KEY = (
    Row(
        "token expired or withdrawn",
        AccountError,
        _OPENING + "the sign-in was refused: it has expired or was withdrawn. Sign in again: "
        "earthengine authenticate (or gcloud auth application-default login); for a key file, "
        "make a new key.",
        lambda: Fault(
            "token",
            status=400,
            status_name="invalid_grant",
            message="Token has been expired or revoked.",
        ),
        "key",
    ),
    Row(
        "clock of the computer wrong",
        AccountError,
        _OPENING + "the sign-in was refused because the clock of this computer is wrong. Set the "
        "clock and try again.",
        lambda: Fault(
            "token",
            status=400,
            status_name="invalid_grant",
            message="Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
            "reasonable timeframe. Check your iat and exp values in the JWT claim.",
        ),
        "key",
    ),
    Row(
        "sign-in refused otherwise",
        AccountError,
        _OPENING + 'the sign-in was refused ("invalid_scope: Not today"). Sign in again: '
        "earthengine authenticate, or give a valid key with --key.",
        lambda: Fault("token", status=400, status_name="invalid_scope", message="Not today."),
        "key",
    ),
    Row(
        "sign-in service down",
        ServiceError,
        _OPENING + f"Google's sign-in service gave no token. {_WAIT}",
        lambda: Fault(
            "token",
            status=503,
            status_name="temporarily_unavailable",
            message="Try again.",
            times=ALWAYS,
        ),
        "key",
        requests=3,
    ),
    Row(
        "token not accepted (401)",
        AccountError,
        _OPENING + "the sign-in was not accepted. Sign in again: earthengine authenticate, or "
        "give a valid key with --key.",
        lambda: Fault(
            "algorithms",
            status=401,
            status_name="UNAUTHENTICATED",
            message="Request had invalid authentication credentials.",
            times=ALWAYS,
        ),
        "key",
        requests=3,
    ),
)

NO_SIGN_IN = Row(
    "nobody signed in",
    AccountError,
    "No sign-in for Earth Engine was found on this computer. Give a service account's key with "
    "--key, or run once: earthengine authenticate (or gcloud auth application-default login).",
)
NO_PROJECT = Row(
    "no project",
    AccountError,
    "No Google Cloud project is known. Give one with --project, or keep one with: earthengine "
    "set_project PROJECT.",
)
PROJECT_SPELT_WRONG = Row(
    "project id spelt wrong",
    AccountError,
    "'My Project' is no Google Cloud project id: it has 6 to 30 lower-case letters, digits and "
    "hyphens and begins with a letter. Give the id, not the name or number, with --project.",
)
REFUSED = Row(
    "connection refused",
    ServiceError,
    _OPENING + "the service could not be reached. Check the connection to the Internet, and "
    "whether a firewall is in the way.",
)
KEY_FILES: tuple[tuple[Row, bytes | None], ...] = (
    (
        Row("key file missing", AccountError, "{file}: there is no such key file. Check the path."),
        None,
    ),
    (
        Row(
            "key file not JSON",
            AccountError,
            "{file}: this key file is not JSON as Google writes it. Download it again.",
        ),
        b"-----BEGIN PRIVATE KEY-----\nsecret",
    ),
    (
        Row(
            "key file not text",
            AccountError,
            "{file}: this key file cannot be read (it is not text). Check the file and its "
            "permissions.",
        ),
        b"\xff\xfe\x00secret",
    ),
    (
        Row(
            "key file not a key",
            AccountError,
            "{file}: this is no key of a service account. Make one at "
            "https://console.cloud.google.com/iam-admin/serviceaccounts (Keys, Add key, JSON).",
        ),
        b'{"type": "authorized_user", "refresh_token": "1//secret"}',
    ),
    (
        Row(
            "key damaged",
            AccountError,
            "{file}: the key in it is damaged. Download the key again, or make a new one.",
        ),
        b'{"type": "service_account", "private_key": "secret", "client_email": "a@b.example"}',
    ),
)

ALL = (
    NO_SIGN_IN,
    NO_PROJECT,
    PROJECT_SPELT_WRONG,
    *(row for row, _ in KEY_FILES),
    *KEY,
    *OPENING,
    REFUSED,
    *COMPUTING,
)


def as_markdown() -> str:
    """The table for the documentation: what happened, which error, what is read."""
    lines = ["| what happens | error | what you read |", "| --- | --- | --- |"]
    lines.extend(
        f"| {row.fault} | `{row.raised.__name__}` | "
        f"{row.sentence.replace('{file}', 'key.json').replace('|', ' ')} |"
        for row in ALL
    )
    return "\n".join(lines) + "\n"
