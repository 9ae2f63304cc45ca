"""Who asks is found in a fixed order, never asked for, and never told to anybody."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

from reetrace.core.errors import AccountError
from reetrace.engines.earthengine.signing_in import sign_in
from tests.earthengine import fault_table
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.fault_table import KEY, KEY_FILES, Row
from tests.earthengine.made_up_key import KEYS_PROJECT, write_key
from tests.loopback.faults import Fault
from tests.loopback.made_up import MadeUp

GOOGLES_TOKENS = "https://oauth2.googleapis.com/token"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nobody has signed in yet."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def _user(file: Path, **more: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "type": "authorized_user",
        "client_id": "1-x.apps.googleusercontent.com",
        "client_secret": "quiet",
        "refresh_token": "1//quiet",
        **more,
    }
    file.write_text(json.dumps(document), "utf-8")
    return file


def _stored(home: Path, **more: object) -> Path:
    return _user(home / ".config" / "earthengine" / "credentials", **more)


def _gcloud(home: Path, **more: object) -> Path:
    return _user(home / ".config" / "gcloud" / "application_default_credentials.json", **more)


def _named(row: Row) -> str:
    return row.fault.replace(" ", "-")


def test_a_key_comes_first(home: Path):
    """Whoever gives one wants it used, whatever else lies about."""
    _stored(home, project="stored-project")
    _gcloud(home, quota_project_id="gcloud-project")
    key = write_key(home / "key.json", GOOGLES_TOKENS)

    found = sign_in(project=None, key=key)

    assert (found.source, found.project) == ("key", KEYS_PROJECT)


def test_the_named_file_comes_second(home: Path, monkeypatch: pytest.MonkeyPatch):
    """GOOGLE_APPLICATION_CREDENTIALS is how servers are set up."""
    _stored(home, project="stored-project")
    _gcloud(home, quota_project_id="gcloud-project")
    key = write_key(home / "server.json", GOOGLES_TOKENS)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))

    found = sign_in(project=None, key=None)

    assert (found.source, found.project) == ("application default", KEYS_PROJECT)
    assert found.found_in == f"{key} (GOOGLE_APPLICATION_CREDENTIALS)"


def test_the_file_of_gcloud_comes_third(home: Path):
    """It is asked for no scopes: it has those of its sign-in."""
    _stored(home, project="stored-project")
    _gcloud(home, quota_project_id="gcloud-project")

    found = sign_in(project=None, key=None)

    assert (found.source, found.project) == ("application default", "gcloud-project")
    assert found.credentials.quota_project_id is None


def test_a_workload_identity_is_taken(home: Path):
    """What a build server of another company has in place of a key."""
    identity: dict[str, object] = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": str(home / "token")},
        "quota_project_id": "build-project",
    }
    _gcloud(home, **identity)

    found = sign_in(project=None, key=None)

    assert (found.source, found.project) == ("application default", "build-project")


def test_an_account_that_stands_in_for_another_is_taken(home: Path):
    """Made by gcloud auth application-default login --impersonate-service-account."""
    source = json.loads(_user(home / "source").read_text())
    where = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b.example"
    _gcloud(
        home,
        type="impersonated_service_account",
        service_account_impersonation_url=f"{where}:generateAccessToken",
        source_credentials=source,
        quota_project_id="team-project",
    )

    found = sign_in(project=None, key=None)

    assert (found.source, found.project) == ("application default", "team-project")


def test_the_token_of_the_client_comes_last(home: Path):
    """What `earthengine authenticate` left."""
    file = _stored(home, project="stored-project")

    found = sign_in(project=None, key=None)

    assert (found.source, found.project) == ("stored token", "stored-project")
    assert found.found_in == str(file)


def test_the_project_of_the_option_wins(home: Path):
    """Credentials may open many projects."""
    key = write_key(home / "key.json", GOOGLES_TOKENS)

    assert sign_in(project="other-project", key=key).project == "other-project"


def test_the_project_of_the_environment_fills_in(home: Path, monkeypatch: pytest.MonkeyPatch):
    """As for all of Google's tools."""
    _gcloud(home)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "shell-project")

    assert sign_in(project=None, key=None).project == "shell-project"


def test_nobody_signed_in_is_said_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch):
    """A job at night must not wait for a browser."""
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("a prompt"))

    with pytest.raises(AccountError) as caught:
        sign_in(project="some-project", key=None)

    assert str(caught.value) == fault_table.NO_SIGN_IN.sentence


def test_a_sign_in_without_a_project_is_refused(home: Path):
    """Google wants one for every request."""
    _stored(home)

    with pytest.raises(AccountError) as caught:
        sign_in(project=None, key=None)

    assert str(caught.value) == fault_table.NO_PROJECT.sentence


def test_a_project_spelt_wrong_is_refused_before_anything_is_sent(home: Path):
    """The client would make it another project's address in silence."""
    _stored(home)

    with pytest.raises(AccountError) as caught:
        sign_in(project="My Project", key=None)

    assert str(caught.value) == fault_table.PROJECT_SPELT_WRONG.sentence


@pytest.mark.parametrize(
    "project", ["abcdef", "a-project-with-30-letters-1234", "example.com:team-1"]
)
def test_a_project_id_as_google_makes_them_is_taken(home: Path, project: str):
    """Six to thirty letters, and those of organisations."""
    _stored(home)

    assert sign_in(project=project, key=None).project == project


@pytest.mark.parametrize(("row", "content"), KEY_FILES, ids=lambda one: getattr(one, "fault", ""))
def test_a_key_file_that_is_none_is_named(tmp_path: Path, row: Row, content: bytes | None):
    """The file, what is wrong with it, where to get a better one; nothing of what it holds."""
    file = tmp_path / "key.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(row.raised) as caught:
        sign_in(project="some-project", key=file)

    assert str(caught.value) == row.sentence.replace("{file}", str(file))
    assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("content", ["{}", "[]", "nothing"])
def test_a_stored_sign_in_that_is_none_is_named(home: Path, content: str):
    """A file that another program has spoilt."""
    file = _stored(home)
    file.write_text(content)

    with pytest.raises(AccountError, match=rf"^{file}: .*\.$"):
        sign_in(project="some-project", key=None)


def test_application_default_credentials_of_an_unknown_kind_are_named(home: Path):
    """The line says how to make others."""
    file = _gcloud(home, type="something_new")

    with pytest.raises(AccountError, match=rf"^{file}: these credentials cannot be used\."):
        sign_in(project="some-project", key=None)


def test_a_key_opens_the_service(open_loopback: OpenLoopback, tmp_path: Path):
    """One token is asked for, and every request bears it."""
    import ee

    key = tmp_path / "key.json"

    def before(server):
        server.needs_token = True
        write_key(key, f"{server.url}/token")

    opened = open_loopback(MadeUp(), before=before, key=key, project=None)

    assert opened.service.project == KEYS_PROJECT
    assert opened.service.value(ee.Number(1), tag="t", doing="counting") == 42
    sent = opened.server.seen[-1].headers
    assert sent["authorization"] == "Bearer ya29.loopback-token-1"
    assert sent["x-goog-user-project"] == KEYS_PROJECT
    assert opened.service.usage.requests["token"] == 1


def test_a_token_that_ran_out_is_renewed_without_a_word(
    open_loopback: OpenLoopback, tmp_path: Path
):
    """A run of two hours outlives its first token."""
    import ee

    key = tmp_path / "key.json"
    opened = open_loopback(
        MadeUp(), before=lambda server: write_key(key, f"{server.url}/token"), key=key
    )
    opened.server.faults.append(Fault("value:compute", status=401, status_name="UNAUTHENTICATED"))

    assert opened.service.value(ee.Number(1), tag="t", doing="counting") == 42
    assert opened.server.counts() == {"token": 1, "value:compute": 2}


@pytest.mark.usefixtures("quick_tokens")
@pytest.mark.parametrize("row", KEY, ids=_named)
def test_a_sign_in_that_is_refused_says_why(open_loopback: OpenLoopback, tmp_path: Path, row: Row):
    """The cause and the next step; Google's own words only where they are not known here."""
    key = tmp_path / "key.json"
    servers = []

    def before(server):
        servers.append(server)
        write_key(key, f"{server.url}/token")
        server.faults.append(row.inject())

    with pytest.raises(row.raised) as caught:
        open_loopback(MadeUp(), before=before, key=key)

    assert str(caught.value) == row.sentence
