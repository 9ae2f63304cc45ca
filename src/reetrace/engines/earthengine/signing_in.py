"""Who asks, and for which project; found on this computer, never asked for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reetrace.core.errors import AccountError

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

Source = Literal["key", "application default", "stored token", "anonymous"]

SCOPES = (
    "https://www.googleapis.com/auth/earthengine",
    "https://www.googleapis.com/auth/cloud-platform",
)
"""What a key is used for; the client would ask for Drive and Cloud Storage as well."""

STANDIN_PROJECT = "reetrace-standin"
_PROJECT = re.compile(r"(?:[\w.-]+\.\w+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]")
_HOW = (
    "Give a service account's key with --key, or run once: earthengine authenticate "
    "(or gcloud auth application-default login)."
)


@dataclass(frozen=True)
class SignIn:
    """Credentials that were found, and where."""

    credentials: Credentials = field(repr=False)
    source: Source
    project: str
    found_in: str
    """File or variable, for whoever wonders which account is used; never what it holds."""


def sign_in(
    *,
    project: str | None,
    key: Path | None,
    environ: Mapping[str, str] | None = None,
) -> SignIn:
    """The first of: the key, application default credentials, the token of the client.

    Args:
        project: Wins over what the credentials name.
        key: File of a service account.
        environ: The process's own where it is not given.

    Raises:
        AccountError: There are none, they cannot be read, or no project is known.
    """
    environ = os.environ if environ is None else environ
    if key is not None:
        return _by_key(key, project)
    default = _application_default(environ)
    if default is not None:
        return _by_application_default(*default, project, environ)
    return _by_stored_token(project, environ)


def ask_for_sign_in() -> None:
    """Let the user sign in with a browser; the client keeps the token for all later runs.

    The only place that asks anything of anybody.

    Raises:
        AccountError: It came to nothing.
    """
    import ee

    try:
        ee.Authenticate(scopes=list(SCOPES), force=True)
    except Exception as error:  # noqa: BLE001  # the client names no common class
        # Nothing of the foreign error is kept: it may quote the code that the browser showed.
        raise AccountError(
            f"The sign-in came to nothing ({type(error).__name__}). Try again, or sign in with: "
            "earthengine authenticate --auth_mode=notebook."
        ) from None


def anonymous(project: str | None) -> SignIn:
    """Nobody, for a service on this computer."""
    from google.auth.credentials import AnonymousCredentials

    chosen = checked_project(project or STANDIN_PROJECT)
    return SignIn(AnonymousCredentials(), "anonymous", chosen, "nowhere")  # type: ignore[no-untyped-call]


def checked_project(project: str) -> str:
    """The project id, if it can be one.

    Raises:
        AccountError: It cannot.
    """
    if _PROJECT.fullmatch(project):
        return project
    raise AccountError(
        f"{project!r} is no Google Cloud project id: it has 6 to 30 lower-case letters, digits and "
        "hyphens and begins with a letter. Give the id, not the name or number, with --project."
    )


def _by_key(key: Path, project: str | None) -> SignIn:
    from google.oauth2 import service_account

    document = _read(key, "key file")
    if document.get("type") != "service_account" or "private_key" not in document:
        raise AccountError(
            f"{key}: this is no key of a service account. Make one at "
            "https://console.cloud.google.com/iam-admin/serviceaccounts (Keys, Add key, JSON)."
        )
    try:
        credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            document, scopes=SCOPES
        )
    except Exception:  # noqa: BLE001  # the libraries below name no common class
        # Nothing of the foreign error is kept: it may quote the key.
        raise AccountError(
            f"{key}: the key in it is damaged. Download the key again, or make a new one."
        ) from None
    return SignIn(credentials, "key", _project(project, document.get("project_id")), str(key))


def _application_default(environ: Mapping[str, str]) -> tuple[Path, str] | None:
    """The file of application default credentials and how it was found."""
    named = environ.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip()
    if named:
        return Path(named), f"{named} (GOOGLE_APPLICATION_CREDENTIALS)"
    if "CLOUDSDK_CONFIG" in environ:
        folder = Path(environ["CLOUDSDK_CONFIG"])
    elif os.name == "nt":
        folder = Path(environ.get("APPDATA", "C:\\")) / "gcloud"
    else:
        folder = Path(environ.get("HOME", "~")).expanduser() / ".config" / "gcloud"
    well_known = folder / "application_default_credentials.json"
    return (well_known, str(well_known)) if well_known.is_file() else None


def _by_application_default(
    file: Path, found_in: str, project: str | None, environ: Mapping[str, str]
) -> SignIn:
    document = _read(file, "credentials file")
    named = document.get("project_id")
    if document.get("type") == "service_account":
        return SignIn(
            _by_key(file, project or named).credentials,
            "application default",
            _project(project, named),
            found_in,
        )
    try:
        credentials = _of_other_kinds(document)
    except Exception:  # noqa: BLE001  # as above
        raise AccountError(
            f"{file}: these credentials cannot be used. Run gcloud auth application-default login "
            "again, or unset GOOGLE_APPLICATION_CREDENTIALS."
        ) from None
    chosen = _project(
        project, document.get("quota_project_id"), environ.get("GOOGLE_CLOUD_PROJECT"), named
    )
    return SignIn(_without_quota_project(credentials), "application default", chosen, found_in)


def _of_other_kinds(document: dict[str, Any]) -> Any:  # noqa: ANN401  # any kind of credentials
    """Credentials that are no key; nothing is asked of anybody yet."""
    from google.auth import aws, identity_pool, impersonated_credentials
    from google.oauth2 import credentials as user

    match document.get("type"):
        case "authorized_user":
            # Asked for no scopes: those it was given at the sign-in are all it can have.
            return user.Credentials.from_authorized_user_info(document)  # type: ignore[no-untyped-call]
        case "external_account" if "aws" in document["subject_token_type"]:
            return aws.Credentials.from_info(document, scopes=SCOPES)  # type: ignore[no-untyped-call]
        case "external_account":
            return identity_pool.Credentials.from_info(document, scopes=SCOPES)  # type: ignore[no-untyped-call]
        case "impersonated_service_account":
            return impersonated_credentials.Credentials.from_impersonated_service_account_info(  # type: ignore[no-untyped-call]
                document, scopes=SCOPES
            )
    raise ValueError(document.get("type"))


def _by_stored_token(project: str | None, environ: Mapping[str, str]) -> SignIn:
    import ee
    from google.oauth2 import credentials as user

    file = Path(ee.oauth.get_credentials_path())
    if not file.is_file():
        raise AccountError(f"No sign-in for Earth Engine was found on this computer. {_HOW}")
    document = _read(file, "stored sign-in")
    if not document.get("refresh_token"):
        raise AccountError(f"{file}: there is no sign-in in it. {_HOW}")
    credentials = user.Credentials(  # type: ignore[no-untyped-call]
        None,
        token_uri=ee.oauth.TOKEN_URI,
        refresh_token=document["refresh_token"],
        client_id=document.get("client_id", ee.oauth.CLIENT_ID),
        client_secret=document.get("client_secret", ee.oauth.CLIENT_SECRET),
        scopes=document.get("scopes", ee.oauth.SCOPES),
    )
    chosen = _project(project, document.get("project"), environ.get("GOOGLE_CLOUD_PROJECT"))
    return SignIn(credentials, "stored token", chosen, str(file))


def _without_quota_project(credentials: Any) -> Any:  # noqa: ANN401  # any kind of credentials
    """The same credentials; the client would copy them for each of its uses otherwise."""
    if getattr(credentials, "quota_project_id", None):
        return credentials.with_quota_project(None)
    return credentials


def _project(*candidates: object) -> str:
    for candidate in candidates:
        if isinstance(candidate, str) and candidate:
            return checked_project(candidate)
    raise AccountError(
        "No Google Cloud project is known. Give one with --project, or keep it as project in "
        "reetrace.toml or in REETRACE_PROJECT."
    )


def _read(file: Path, what: str) -> dict[str, Any]:
    """A JSON object; no error quotes what is in it."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise AccountError(f"{file}: there is no such {what}. Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise AccountError(
            f"{file}: this {what} cannot be read ({why}). Check the file and its permissions."
        ) from None
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise AccountError(
            f"{file}: this {what} is not JSON as Google writes it. Download it again."
        )
    return document
