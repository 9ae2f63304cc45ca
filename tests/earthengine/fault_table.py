"""Every failure of the service and the line a user reads for it.

The tests hold the program to these lines, and `as_markdown` prints them for the documentation.
"""

from __future__ import annotations

from reetrace.core.errors import (
    AccountError,
    ServiceError,
)
from tests.earthengine.fault_rows import ALWAYS, COMPUTING, DOING, WAIT, Row
from tests.loopback.faults import Fault, forbidden

__all__ = [
    "ALL",
    "ALWAYS",
    "COMPUTING",
    "DOING",
    "KEY",
    "KEY_FILES",
    "OPENING",
    "Row",
    "as_markdown",
]

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
        f"{WAIT} Google tells of outages at https://status.earthengine.app.",
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
        _OPENING + f"Google's sign-in service gave no token. {WAIT}",
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
    "No Google Cloud project is known. Give one with --project, or keep it as project in "
    "reetrace.toml or in REETRACE_PROJECT.",
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
