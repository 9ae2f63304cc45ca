"""The doctor at the terminal: a mark a line, and the only question that reetrace ever asks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import ee
import pytest

from reetrace import cli
from reetrace.pipeline.order import _joined
from tests.loopback.made_up import MadeUp
from tests.loopback.server import Loopback
from tests.running import reetrace


@pytest.fixture(autouse=True)
def _nobody_signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without credentials, in which to work."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_whoever_needs_no_account_is_well_without_one(tmp_path):
    """A note is no fault, and JSON says which is which."""
    told = reetrace("doctor", folder=tmp_path)
    listed = reetrace("doctor", "--json", folder=tmp_path)

    assert (told.returncode, listed.returncode) == (0, 0), told.stdout
    assert "\nnote Earth Engine sign-in: No sign-in for Earth Engine was found" in told.stdout
    (finding,) = [each for each in json.loads(listed.stdout) if "Earth" in each["what"]]
    assert (finding["works"], finding["needed"]) == (False, False)


def test_whoever_chose_earth_engine_is_ill_without_an_account(tmp_path):
    """By option, by the environment or by the settings file."""
    option = reetrace("doctor", "--engine", "earthengine", folder=tmp_path)
    variable = reetrace("doctor", folder=tmp_path, REETRACE_ENGINE="earthengine")
    (tmp_path / "reetrace.toml").write_text('engine = "earthengine"')
    file = reetrace("doctor", folder=tmp_path)

    for done in (option, variable, file):
        assert done.returncode == 1
        assert "\nFAIL Earth Engine sign-in: " in done.stdout
        assert done.stdout.endswith("Sign in with a browser: reetrace doctor --sign-in\n")


def test_a_service_that_answers_makes_a_clean_bill(tmp_path):
    """Sign-in, service and quota; the drawn demonstration has no place among them."""
    with Loopback(MadeUp(value=1)) as server:
        done = reetrace(
            *("doctor", "--engine", "earthengine", "--project", "my-mines-123"),
            folder=tmp_path,
            REETRACE_EARTHENGINE_URL=server.url,
        )

    assert done.returncode == 0, done.stdout
    assert "ok   Earth Engine service: answers to project my-mines-123." in done.stdout
    assert "drawn imagery" not in done.stdout


def _at_a_terminal(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "argv", ["reetrace", "doctor", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def test_signing_in_asks_for_no_more_than_is_used_and_says_what_came_of_it(monkeypatch, capsys):
    """Google Drive and Cloud Storage are none of our business."""
    asked: list[dict[str, Any]] = []

    def authenticate(**options: Any) -> None:
        asked.append(options)
        print("Open this address in a browser")  # noqa: T201 - as the client does
        home = Path.home() / ".config" / "earthengine"
        home.mkdir(parents=True)
        (home / "credentials").write_text('{"refresh_token": "1//secret", "project": "my-mines"}')

    monkeypatch.setattr(ee, "Authenticate", authenticate)
    # Nothing is asked of Google with the token of a test.
    monkeypatch.setenv("REETRACE_EARTHENGINE_URL", "http://127.0.0.1:9")

    code = _at_a_terminal(monkeypatch, "--sign-in", "--json")

    told = capsys.readouterr()
    assert [each["force"] for each in asked] == [True]
    assert [scope.rpartition("/")[2] for scope in asked[0]["scopes"]] == [
        "earthengine", "cloud-platform",
    ]  # fmt: skip
    assert "Open this address" in told.err
    findings = {each["what"]: each for each in json.loads(told.out)}
    assert code == 1
    assert "could not be reached" in findings["Earth Engine service"]["finding"]
    assert "secret" not in told.out + told.err


def test_a_sign_in_that_comes_to_nothing_is_one_line_without_what_was_typed(monkeypatch, capsys):
    """Foreign errors may quote the code that the browser showed."""

    def authenticate(**_: object) -> None:
        raise ee.EEException("invalid code 4/secret")

    monkeypatch.setattr(ee, "Authenticate", authenticate)

    code = _at_a_terminal(monkeypatch, "--sign-in")

    told = capsys.readouterr()
    assert code == 1
    assert told.err.startswith("error: The sign-in came to nothing (EEException).")
    assert "secret" not in told.err + told.out


def test_what_an_engine_has_finished_does_not_stand_there_as_if_it_went_on():
    """Its own share is told within the step of the method, whose share is the whole's."""
    told: list[tuple[str, float]] = []
    whole, within = _joined(lambda step, share: told.append((step, share)))

    whole("Composing 2005", 0.05)
    within("fetch 2005", 0.5)
    within("fetch 2005", 1.0)

    assert told == [("Composing 2005", 0.05), ("fetch 2005 50%", 0.05), ("Composing 2005", 0.05)]
