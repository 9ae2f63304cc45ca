"""Failures on the way to the service and at its door: the network, the sign-in, odd answers."""

from __future__ import annotations

from reetrace.core.errors import AccountError, ServiceError
from reetrace.engines.earthengine.known_faults import WAIT, Fault, Garbled
from reetrace.engines.earthengine.patience import Cause

NETWORK: dict[Cause, Fault] = {
    "unknown host": Fault(
        "unknown host",
        ServiceError,
        "the address of the service could not be found.",
        "Check the connection to the Internet.",
    ),
    "refused": Fault(
        "connection refused",
        ServiceError,
        "the service could not be reached.",
        "Check the connection to the Internet, and whether a firewall is in the way.",
    ),
    "reset": Fault(
        "connection reset",
        ServiceError,
        "the connection broke again and again.",
        "Check the connection to the Internet. " + WAIT,
    ),
    "cut short": Fault(
        "truncated answer",
        ServiceError,
        "the answers came incomplete again and again.",
        "Check the connection to the Internet. " + WAIT,
    ),
    "no answer": Fault(
        "no answer",
        ServiceError,
        "no answer came within the time allowed.",
        "Check the connection to the Internet. " + WAIT,
    ),
    "certificate": Fault(
        "certificate",
        ServiceError,
        "the service's certificate could not be verified.",
        "Something between here and Google reads along, often a company's firewall: "
        "give its certificate with REQUESTS_CA_BUNDLE.",
    ),
    "proxy": Fault(
        "proxy",
        ServiceError,
        "the proxy does not let the request through.",
        "Check HTTPS_PROXY and NO_PROXY.",
    ),
    "foreign": Fault(
        "somebody else answers",
        ServiceError,
        "the answer is not Earth Engine's: something between here and Google answers in its place.",
        "Open a web page first, in case the network wants a sign-in; else ask who runs it.",
    ),
    "elsewhere": Fault(
        "elsewhere",
        ServiceError,
        "a request was to leave this computer although the service is a local one.",
        "Unset REETRACE_EARTHENGINE_URL to use Google's.",
    ),
}

GARBLED = Fault(
    "not what was asked for",
    Garbled,
    "the answer is not what was asked for ({quote}).",
    "Run the same command again; if it stays, please report it.",
)

TOKEN = (
    Fault(
        "clock wrong",
        AccountError,
        "the sign-in was refused because the clock of this computer is wrong.",
        "Set the clock and try again.",
        r"reasonable timeframe|short-lived token",
    ),
    Fault(
        "token expired",
        AccountError,
        "the sign-in was refused: it has expired or was withdrawn.",
        "Sign in again: earthengine authenticate (or gcloud auth application-default login); "
        "for a key file, make a new key.",
        r"expired|revoked|reauth|invalid_rapt|invalid JWT signature|account not found"
        r"|invalid_grant",
    ),
    Fault(
        "token service down",
        ServiceError,
        "Google's sign-in service gave no token.",
        WAIT,
        r"internal_failure|server_error|temporarily_unavailable|unavailable|timed out|transport",
    ),
    Fault(
        "token refused",
        AccountError,
        'the sign-in was refused ("{quote}").',
        "Sign in again: earthengine authenticate, or give a valid key with --key.",
    ),
)
