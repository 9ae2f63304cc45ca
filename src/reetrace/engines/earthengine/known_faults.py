"""The refusals of the service that are known: how each is recognised, and what a user reads."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.core.errors import AccountError, QuotaExceeded, ServiceError, TooLarge


class MemoryExceeded(TooLarge):
    """A computation held too much at once; a larger tileScale may cure it."""


class AssetMissing(ServiceError, LookupError):
    """An asset is not there, or may not be read."""


class AlreadyThere(ServiceError):
    """An asset or a task is there already."""


class Garbled(ServiceError):
    """An answer came that is not what was asked for, or not the whole of it."""


@dataclass(frozen=True)
class Fault:
    """One known failure."""

    name: str
    kind: type[ServiceError]
    cause: str
    """A sentence; `{project}` and `{quote}`, the service's own words, may stand in it."""
    step: str
    """What to do, one or more sentences."""
    words: str = ""
    """Pattern in the service's text."""
    status: tuple[int, ...] = ()
    """Status codes it can have; any where empty."""

    def sentence(self, doing: str, *, project: str, quote: str = "") -> str:
        """The one line a user reads."""
        cause = self.cause.format(project=project, quote=quote.rstrip(" ."))
        step = self.step.format(project=project)
        return f"{doing[:1].upper()}{doing[1:]}: {cause} {step}"


WAIT = "Wait some minutes and run the same command again; finished work is kept."
# Said once batch exports were tried where they can help.
_SMALLER = "Choose a smaller area of interest, or fewer years with --years."
_FEWER = "Use fewer labels, draw a simpler outline, or grow fewer trees with --trees."
_SLOWER = "Run one job at a time, or lower --concurrency"

KNOWN: tuple[Fault, ...] = (
    Fault(
        "API not enabled",
        AccountError,
        "the Earth Engine interface is not switched on in project {project}.",
        "Switch it on at https://console.cloud.google.com/apis/library/earthengine.googleapis.com"
        "?project={project} and try again after some minutes.",
        r"has not been used in project|it is disabled|SERVICE_DISABLED",
        (403,),
    ),
    Fault(
        "project not registered",
        AccountError,
        "project {project} is not registered for Earth Engine.",
        "Register it at https://code.earthengine.google.com/register?project={project} "
        "(say whether the use is commercial).",
        r"not registered|not signed up",
        (403,),
    ),
    Fault(
        "project not usable",
        AccountError,
        "this account may not use project {project}, or there is no such project.",
        "Check the spelling of --project, or ask its owner for the role Service Usage Consumer.",
        r"required permission to use project|project.{0,80}(not found|deleted|invalid)"
        r"|USER_PROJECT_DENIED",
        (400, 403, 404),
    ),
    Fault(
        "permission missing",
        AccountError,
        "this account lacks a permission in project {project}.",
        "Ask its owner for the role Earth Engine Resource Writer "
        "(Viewer is enough without exports).",
        r"permission .{0,80}denied|does not have .{0,80}permission|access denied"
        r"|insufficient authentication scopes|caller does not have permission",
        (403,),
    ),
    Fault(
        "rate limit",
        QuotaExceeded,
        "project {project} sends more requests than it may, also after repeated waiting.",
        f"{_SLOWER}. {WAIT}",
        r"rateLimitExceeded|rate limit",
        (403,),
    ),
    Fault(
        "not signed in",
        AccountError,
        "the sign-in was not accepted.",
        "Sign in again: earthengine authenticate, or give a valid key with --key.",
        r"",
        (401,),
    ),
    Fault(
        "refused",
        AccountError,
        'the service refuses this to project {project} ("{quote}").',
        "Check that the project is registered for Earth Engine and the account has a role in it.",
        r"",
        (403,),
    ),
    Fault(
        "too many concurrent aggregations",
        QuotaExceeded,
        "the service is busy with other large reductions of project {project}.",
        "Run one job at a time, several sites with --at-once 1. " + WAIT,
        r"too many concurrent aggregations",
    ),
    Fault(
        "quota of assets",
        QuotaExceeded,
        "the asset storage of project {project} is full.",
        "Remove the exports of earlier runs (earthengine rm -r projects/{project}/assets/reetrace) "
        "or other assets at https://code.earthengine.google.com.",
        r"asset .{0,40}quota|storage quota|quota.{0,40}assets",
    ),
    Fault(
        "quota",
        QuotaExceeded,
        "project {project} has used up what it may ask for now.",
        _SLOWER + "; see its quota at "
        "https://console.cloud.google.com/iam-admin/quotas?project={project}. " + WAIT,
        r"quota exceeded|too many requests|RESOURCE_EXHAUSTED",
        (429, 400),
    ),
    Fault(
        "quota",
        QuotaExceeded,
        "project {project} has used up what it may ask for now.",
        _SLOWER + "; see its quota at "
        "https://console.cloud.google.com/iam-admin/quotas?project={project}. " + WAIT,
        r"",
        (429,),
    ),
    Fault(
        "computation timed out",
        TooLarge,
        "the computation takes longer than the five minutes an answer may take.",
        _SMALLER,
        r"computation timed out|deadline exceeded|timed out",
        (400, 504),
    ),
    Fault(
        "user memory",
        MemoryExceeded,
        "the computation needs more memory than the service gives.",
        _SMALLER,
        r"user memory limit exceeded|tileScale|out of memory",
        (400,),
    ),
    Fault(
        "too many pixels",
        TooLarge,
        "the area holds more pixels than one reduction may count.",
        "Choose a smaller area of interest.",
        r"too many pixels|maxPixels",
        (400,),
    ),
    Fault(
        "answer too large",
        TooLarge,
        "the picture asked for is larger than one answer may be.",
        "Choose a smaller area of interest.",
        r"total request size|pixel grid dimensions|more than .{0,20}bands|output of image comp",
        (400,),
    ),
    Fault(
        "request too large",
        TooLarge,
        "the request is larger than the service takes (10 MB).",
        _FEWER,
        r"payload size|request entity too large|request is too large|expression too",
        (400, 413),
    ),
    Fault(
        "request too large",
        TooLarge,
        "the request is larger than the service takes (10 MB).",
        _FEWER,
        r"",
        (413,),
    ),
    Fault(
        "too many elements",
        TooLarge,
        "the collection has more elements than one answer may hold (5,000).",
        "Choose a smaller area of interest, or a shorter season in the site's record.",
        r"after accumulating over",
        (400,),
    ),
    Fault(
        "asset already there",
        AlreadyThere,
        'there is an asset of this name already ("{quote}").',
        "Delete it at https://code.earthengine.google.com, or name another project with --project.",
        r"cannot overwrite|already exists|was started already",
        (400, 409),
    ),
    Fault(
        "asset missing",
        AssetMissing,
        'something asked for is not there, or this account may not read it ("{quote}").',
        "Run the same command again; if it stays, Google may have withdrawn it: choose another "
        "year, leave --boundaries out, and report it.",
        r"not found|does not exist|doesn't exist|doesn.t allow",
        (400, 404),
    ),
    Fault(
        "empty collection",
        ServiceError,
        'there was nothing to compute from ("{quote}").',
        "Choose another year, or a longer season in the site's record: no scene was left.",
        r"did not match any bands|has no bands|no bands|empty collection|collection is empty"
        r"|Parameter 'object' is required|Parameter 'input' is required|band pattern",
        (400,),
    ),
    Fault(
        "gone",
        AssetMissing,
        'the service has nothing at this place ("{quote}").',
        "Run the same command again; if it stays, check --project.",
        r"",
        (404,),
    ),
    Fault(
        "service down",
        ServiceError,
        "the service is out of order and stayed so after repeated waiting.",
        WAIT + " Google tells of outages at https://status.earthengine.app.",
        r"",
        (500, 502, 503, 504),
    ),
    Fault(
        "unknown",
        ServiceError,
        'the service answered "{quote}".',
        "This failure is not known here: please report it with the command that was run.",
    ),
)
