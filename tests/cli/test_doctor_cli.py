"""The doctor at the terminal: a mark a line, and the only question that reetrace ever asks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ee
import pytest

from reetrace import cli
from reetrace.pipeline.order import _joined
from tests.loopback.made_up import MadeUp
from tests.loopback.server import Loopback


@pytest.fixture
def clean_client() -> Iterator[None]:
    """The client keeps its state for the whole process; whatever a test did to it is undone."""
    ee.Reset()
    yield
    ee.Reset()


@pytest.fixture(autouse=True)
def _nobody_signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without credentials, in which to work."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def _examined(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    """Exit code and output of `reetrace doctor …`."""
    monkeypatch.setattr(sys, "argv", ["reetrace", "doctor", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0), capsys.readouterr().out


def test_whoever_needs_no_account_is_well_without_one(monkeypatch, capsys):
    """A note is no fault, and JSON says which is which."""
    code, told = _examined(monkeypatch, capsys)
    code_json, listed = _examined(monkeypatch, capsys, "--json")

    assert (code, code_json) == (0, 0), told
    assert "\nnote Earth Engine sign-in: No sign-in for Earth Engine was found" in told
    (finding,) = [each for each in json.loads(listed) if "Earth" in each["what"]]
    assert (finding["works"], finding["needed"]) == (False, False)


@pytest.mark.parametrize("said_by", ["option", "environment", "file"])
def test_whoever_chose_earth_engine_is_ill_without_an_account(said_by, monkeypatch, capsys):
    """However it was chosen."""
    words = ("--engine", "earthengine") if said_by == "option" else ()
    if said_by == "environment":
        monkeypatch.setenv("REETRACE_ENGINE", "earthengine")
    if said_by == "file":
        Path("reetrace.toml").write_text('engine = "earthengine"')

    code, told = _examined(monkeypatch, capsys, *words)

    assert code == 1
    assert "\nFAIL Earth Engine sign-in: " in told
    assert told.endswith("Sign in with a browser: reetrace doctor --sign-in\n")


@pytest.mark.usefixtures("clean_client")
def test_a_service_that_answers_makes_a_clean_bill(monkeypatch, capsys):
    """Sign-in, service and quota; the drawn demonstration has no place among them."""
    with Loopback(MadeUp(value=1)) as server:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", server.url)
        code, told = _examined(
            monkeypatch, capsys, "--engine", "earthengine", "--project", "my-mines-123"
        )

    assert code == 0, told
    assert "ok   Earth Engine service: answers to project my-mines-123." in told
    assert "drawn imagery" not in told


def _at_a_terminal(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "argv", ["reetrace", "doctor", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


@pytest.mark.usefixtures("clean_client")
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


def test_a_damaged_key_is_to_be_mended_and_not_gone_around(monkeypatch, capsys, tmp_path):
    """Whoever named a key wants that key to work."""
    key = tmp_path / "key.json"
    key.write_text("{", encoding="utf-8")

    code, told = _examined(
        monkeypatch, capsys, "--engine", "earthengine", "--project", "my-mines", "--key", str(key)
    )

    assert code == 1
    assert f"Mend or replace {key}" in told
    assert "--sign-in" not in told
