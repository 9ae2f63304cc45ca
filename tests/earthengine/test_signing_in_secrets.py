"""Whoever asked is told to nobody, whatever goes wrong and whatever the service says."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from reetrace.core.errors import ReetraceError
from tests.earthengine import fault_table
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.fault_table import KEY, Row
from tests.earthengine.made_up_key import EMAIL, secrets, write_key
from tests.loopback.faults import Fault
from tests.loopback.made_up import MadeUp


def _named(row: Row) -> str:
    return row.fault.replace(" ", "-")


CHATTY = (
    Fault("token", status=400, status_name="invalid_grant", message=f"{EMAIL} ya29.abc eyJh.b.c"),
    Fault("algorithms", status=403, message=f"Denied for {EMAIL}, bearer ya29.loopback-token-1"),
    Fault("algorithms", status=400, message=f"Odd: {EMAIL} access_token=ya29.loopback-token-1"),
    *(row.inject() for row in (*KEY, *fault_table.OPENING)),
)


@pytest.mark.usefixtures("quick_tokens")
@pytest.mark.parametrize("fault", CHATTY, ids=lambda fault: f"{fault.where}-{fault.status}")
def test_nothing_that_is_shown_holds_a_secret(
    open_loopback: OpenLoopback, tmp_path: Path, caplog, capfd, fault: Fault
):
    """Not the line, not the traceback, not the log, not the terminal, whatever the service says."""
    key = tmp_path / "key.json"

    def before(server):
        write_key(key, f"{server.url}/token")
        server.faults.append(fault)

    caplog.set_level(logging.DEBUG)
    with pytest.raises(ReetraceError) as caught:
        open_loopback(MadeUp(), before=before, key=key)

    assert _told(caught.value, caplog, capfd) == []


@pytest.mark.parametrize("row", fault_table.COMPUTING, ids=_named)
def test_a_computation_that_fails_gives_no_secret_away(
    open_loopback: OpenLoopback, tmp_path: Path, caplog, capfd, row: Row
):
    """The same under every failure of the table, with words of the service that tell too much."""
    import ee

    key = tmp_path / "key.json"
    opened = open_loopback(
        MadeUp(),
        before=lambda server: write_key(key, f"{server.url}/token"),
        key=key,
    )
    fault = row.inject()
    fault.message += f" Asked by {EMAIL} with Bearer ya29.loopback-token-1."
    opened.server.faults.append(fault)

    caplog.set_level(logging.DEBUG)
    with pytest.raises(ReetraceError) as caught:
        opened.service.value(ee.Number(1), tag="t", doing="counting")

    assert _told(caught.value, caplog, capfd) == []


def _told(error: BaseException, caplog, capfd) -> list[str]:
    """Secrets that can be read anywhere after an error."""
    terminal = capfd.readouterr()
    shown = (
        str(error),
        repr(error),
        "".join(traceback.format_exception(error)),
        caplog.text,
        terminal.out,
        terminal.err,
    )
    return [secret for secret in secrets() if secret in "\n".join(shown)]


def test_an_open_service_shows_nobody_who_opened_it(open_loopback: OpenLoopback, tmp_path: Path):
    """Its name in a debugger is that of the project."""
    key = tmp_path / "key.json"
    opened = open_loopback(
        MadeUp(), before=lambda server: write_key(key, f"{server.url}/token"), key=key
    )

    shown = f"{opened.service!r} {opened.service.signed_in!r} {opened.service.usage!r}"

    assert [secret for secret in secrets() if secret in shown] == []
