"""Failures of a computation and the line a user reads for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reetrace.core.errors import (
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


WAIT = "Wait some minutes and run the same command again; finished work is kept."
_QUOTA = (
    "Counting 2005 of mine-A: project reetrace-test has used up what it may ask for now. Run one "
    "job at a time, or lower --concurrency; see its quota at "
    f"https://console.cloud.google.com/iam-admin/quotas?project=reetrace-test. {WAIT}"
)

COMPUTING = (
    Row(
        "computation timed out",
        TooLarge,
        "Counting 2005 of mine-A: the computation takes longer than the five minutes an answer "
        "may take. Choose a smaller area of interest, or fewer years with --years.",
        lambda: bad_request("value:compute", "Computation timed out."),
    ),
    Row(
        "user memory limit",
        TooLarge,
        "Counting 2005 of mine-A: the computation needs more memory than the service gives. "
        "Choose a smaller area of interest, or fewer years with --years.",
        lambda: bad_request("value:compute", "User memory limit exceeded."),
    ),
    Row(
        "too many pixels",
        TooLarge,
        "Counting 2005 of mine-A: the area holds more pixels than one reduction may count. Choose "
        "a smaller area of interest.",
        lambda: bad_request(
            "value:compute",
            "Image.reduceRegion: Too many pixels in the region. Found 12345678, but maxPixels "
            "allows only 10000000.",
        ),
    ),
    Row(
        "picture too large",
        TooLarge,
        "Counting 2005 of mine-A: the picture asked for is larger than one answer may be. Choose "
        "a smaller area of interest.",
        lambda: bad_request(
            "value:compute",
            "Total request size (72000000 bytes) must be less than or equal to 50331648 bytes.",
        ),
    ),
    Row(
        "request too large",
        TooLarge,
        "Counting 2005 of mine-A: the request is larger than the service takes (10 MB). Use fewer "
        "labels, draw a simpler outline, or grow fewer trees with --trees.",
        lambda: bad_request(
            "value:compute", "Request payload size exceeds the limit: 10485760 bytes."
        ),
    ),
    Row(
        "too many elements",
        TooLarge,
        "Counting 2005 of mine-A: the collection has more elements than one answer may hold "
        "(5,000). Choose a smaller area of interest, or a shorter season in the site's record.",
        lambda: bad_request(
            "value:compute", "Collection query aborted after accumulating over 5000 elements."
        ),
    ),
    Row(
        "asset missing",
        ServiceError,
        "Counting 2005 of mine-A: something asked for is not there, or this account may not read "
        "it (\"Image.load: Image asset 'LANDSAT/X' not found (does not exist or caller does not "
        'have access)"). Run the same command again; if it stays, Google may have withdrawn it: '
        "choose another year, leave --boundaries out, and report it.",
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
        "'SR_B4' did not match any bands. Available bands: []\"). Choose another year, or a "
        "longer season in the site's record: no scene was left.",
        lambda: bad_request(
            "value:compute",
            "Image.select: Band pattern 'SR_B4' did not match any bands. Available bands: []",
        ),
    ),
    Row(
        "too many concurrent aggregations",
        QuotaExceeded,
        "Counting 2005 of mine-A: the service is busy with other large reductions of project "
        f"reetrace-test. Run one job at a time, several sites with --at-once 1. {WAIT}",
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
        f"after repeated waiting. Run one job at a time, or lower --concurrency. {WAIT}",
        lambda: forbidden(
            "value:compute", "Slow down.", reason="userRateLimitExceeded", times=ALWAYS
        ),
        requests=11,
    ),
    Row(
        "asset storage full",
        QuotaExceeded,
        "Counting 2005 of mine-A: the asset storage of project reetrace-test is full. Remove "
        "the exports of earlier runs (earthengine rm -r projects/reetrace-test/assets/reetrace) or "
        "other assets at https://code.earthengine.google.com.",
        lambda: bad_request("value:compute", "Asset storage quota exceeded."),
    ),
    Row(
        "asset already there",
        ServiceError,
        'Counting 2005 of mine-A: there is an asset of this name already ("Cannot overwrite asset '
        "'projects/p/assets/a'\"). Delete it at https://code.earthengine.google.com, or name "
        "another project with --project.",
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
            f"waiting. {WAIT} Google tells of outages at https://status.earthengine.app.",
            lambda status=status: Fault("value:compute", status=status, times=ALWAYS),  # type: ignore[misc]
            requests=6,
        )
        for status in (500, 503)
    ),
    Row(
        "no answer",
        ServiceError,
        "Counting 2005 of mine-A: no answer came within the time allowed. Check the connection to "
        f"the Internet. {WAIT}",
        lambda: Fault("value:compute", "hang", times=ALWAYS),
        requests=2,
    ),
    Row(
        "connection broken before an answer, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the connection broke again and again. Check the connection to "
        f"the Internet. {WAIT}",
        lambda: Fault("value:compute", "drop", times=ALWAYS),
        requests=6,
    ),
    Row(
        "connection reset in the middle of the answer, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {WAIT}",
        lambda: Fault("value:compute", "reset", times=ALWAYS),
        requests=6,
    ),
    Row(
        "answer cut short, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {WAIT}",
        lambda: Fault("value:compute", "short", times=ALWAYS),
        requests=6,
    ),
    Row(
        "answer cut short without a word on its length, lasting",
        ServiceError,
        "Counting 2005 of mine-A: the answers came incomplete again and again. Check the "
        f"connection to the Internet. {WAIT}",
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
