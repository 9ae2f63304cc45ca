"""Exports that end badly: one plain line with the cause and what to do, and a new attempt later."""

from __future__ import annotations

import pytest

from reetrace.core.errors import (
    AccountError,
    OutputError,
    QuotaExceeded,
    ServiceError,
    TooLarge,
)
from reetrace.engines.earthengine.journal import Entry, Journal
from reetrace.engines.earthengine.known_faults import MemoryExceeded
from tests.earthengine.batch_backend import Keeping
from tests.earthengine.conftest import OpenLoopback
from tests.earthengine.test_batch import ASSET, DIGEST, export, exports_of
from tests.loopback.faults import Fault

FAILURES = (
    ("User memory limit exceeded.", MemoryExceeded, "works in smaller squares"),
    ("Computation timed out.", TooLarge, "smaller area of interest or fewer years"),
    ("Export too large: specified 99 pixels (max: 9). Specify higher maxPixels value.",
     TooLarge, "smaller area of interest"),
    ("Asset storage quota exceeded for this project.", QuotaExceeded, "Remove the exports"),
    ("Image.load: Image asset 'a/b' not found (does not exist or caller does not have access).",
     ServiceError, "new attempt"),
    ("Something nobody has heard of.", ServiceError, "report it"),
)  # fmt: skip


@pytest.mark.parametrize(("message", "kind", "step"), FAILURES)
def test_a_failed_task_is_one_line_with_cause_and_next_step(
    open_loopback: OpenLoopback, tmp_path, message, kind, step
):
    """The service's own words are quoted, beneath what was being done."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("image:export", kind="operation", message=message))

    with pytest.raises(kind) as told:
        export(exports_of(opened, tmp_path))

    line = str(told.value)
    assert line.startswith(f'Composing 2005 of kachin-nujiang: the export failed ("{message}").')
    assert step in line
    assert "\n" not in line


def test_a_failed_task_is_tried_anew_by_the_next_run(open_loopback: OpenLoopback, tmp_path):
    """The failed attempt keeps its request id; the new one has its own."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("image:export", kind="operation", message="Bad luck."))
    with pytest.raises(ServiceError):
        export(exports_of(opened, tmp_path))

    asset = export(exports_of(opened, tmp_path))

    assert asset == ASSET
    first, second = opened.server.bodies("image:export")
    assert first["requestId"] != second["requestId"]
    assert [body["description"].split(":")[0][-2:] for body in (first, second)] == ["-1", "-2"]


def test_a_failure_is_found_in_the_list_where_the_journal_is_lost(
    open_loopback: OpenLoopback, tmp_path
):
    """From another work folder too the second attempt is the second one."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("image:export", kind="operation", message="Bad luck."))
    with pytest.raises(ServiceError):
        export(exports_of(opened, tmp_path / "first"))

    export(exports_of(opened, tmp_path / "second"))

    assert opened.server.operations.ran == [ASSET]
    assert "-2:" in opened.server.bodies("image:export")[1]["description"]


def test_after_a_lack_of_memory_the_squares_are_smaller(open_loopback: OpenLoopback, tmp_path):
    """256 pixels a side are usual; the second attempt has 128, the third 64."""
    backend = Keeping()
    backend.refusals = ["Execution failed; out of memory.", "User memory limit exceeded."]
    opened = open_loopback(backend)
    for _ in range(2):
        with pytest.raises(TooLarge):
            export(exports_of(opened, tmp_path))

    export(exports_of(opened, tmp_path))

    tiles = [
        body["assetExportOptions"]["tileSize"]["value"]
        for body in opened.server.bodies("image:export")
    ]
    assert tiles == [256, 128, 64]


def test_a_cancelled_task_may_be_tried_again(open_loopback: OpenLoopback, tmp_path):
    """Somebody ended it by hand: that is said, and the next run makes a new attempt."""
    opened = open_loopback(Keeping())
    operations = opened.server.operations

    def cancel(step: str) -> None:
        if step == "started":
            operations.cancel(next(iter(operations._operations)))

    with pytest.raises(ServiceError, match=r"the export was cancelled .* new attempt"):
        export(exports_of(opened, tmp_path, passing=cancel))

    assert export(exports_of(opened, tmp_path)) == ASSET


def test_a_refused_request_leaves_no_attempt_behind(open_loopback: OpenLoopback, tmp_path):
    """What the service refused to start was never started: the next run asks for the same."""
    opened = open_loopback(Keeping())
    refusal = "Permission 'earthengine.exports.create' denied on resource."
    opened.server.faults.append(
        Fault("image:export", status=403, status_name="PERMISSION_DENIED", message=refusal)
    )
    with pytest.raises(AccountError, match="Earth Engine Resource Writer"):
        export(exports_of(opened, tmp_path))

    export(exports_of(opened, tmp_path))

    first, second = opened.server.bodies("image:export")
    assert first["requestId"] == second["requestId"]


def test_a_service_that_is_away_for_a_while_is_waited_for(open_loopback: OpenLoopback, tmp_path):
    """Ten refusals in a row are more than one question's patience, and less than a task's."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("operations.get", times=10))

    assert export(exports_of(opened, tmp_path)) == ASSET
    assert opened.server.counts()["image:export"] == 1


def test_a_service_that_stays_away_ends_the_following_and_not_the_task(
    open_loopback: OpenLoopback, tmp_path
):
    """The message says that the task goes on; the next run follows it."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(Fault("operations.get", times=1_000))
    with pytest.raises(ServiceError) as told:
        export(exports_of(opened, tmp_path))
    opened.server.faults.clear()

    export(exports_of(opened, tmp_path))

    assert "The export goes on at Earth Engine as task" in str(told.value)
    assert opened.server.counts()["image:export"] == 1


def test_a_sign_in_that_ends_meanwhile_ends_the_following_at_once(
    open_loopback: OpenLoopback, tmp_path
):
    """No patience mends an account."""
    opened = open_loopback(Keeping())
    opened.server.faults.append(
        Fault("operations.get", status=401, status_name="UNAUTHENTICATED", message="No.", times=9)
    )

    with pytest.raises(AccountError, match="goes on at Earth Engine"):
        export(exports_of(opened, tmp_path))

    assert opened.server.counts()["operations.get"] == 1


def test_an_asset_that_never_shows_is_said_so(open_loopback: OpenLoopback, tmp_path):
    """Tasks that end well and leave nothing behind are not started over and over."""
    backend = Keeping()
    opened = open_loopback(backend)
    backend.export = lambda *_: None  # type: ignore[method-assign]

    with pytest.raises(ServiceError, match="is not there"):
        export(exports_of(opened, tmp_path))

    assert opened.server.counts()["image:export"] == 1


def test_an_asset_that_somebody_else_made_meanwhile_is_as_good(
    open_loopback: OpenLoopback, tmp_path
):
    """Another user of the project exports the same; our own task then finds the asset there."""
    backend = Keeping()
    opened = open_loopback(backend)

    def overtaken(step: str) -> None:
        if step == "started":
            backend.assets[ASSET] = {"type": "IMAGE", "name": ASSET, "id": ASSET}
            backend.refusals.append(f"Cannot overwrite asset '{ASSET}'.")

    assert export(exports_of(opened, tmp_path, passing=overtaken)) == ASSET
    assert export(exports_of(opened, tmp_path)) == ASSET
    assert opened.server.counts()["image:export"] == 1


ENTRY = Entry(DIGEST, ASSET, 2, "reetrace-abc", "asked", tile_pixels=128)


def test_a_journal_gives_back_what_was_written(tmp_path):
    """Field by field; nothing else lies beside it."""
    journal = Journal(tmp_path)

    journal.write(ENTRY)

    assert journal.read(ASSET) == ENTRY
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
        "reetrace-image-0123456789abcdef.json"
    ]


@pytest.mark.parametrize(
    "rubbish", ["", "{", "[]", '{"asset": "x"}', '{"attempt": 1}', "null", "\x00"]
)
def test_a_journal_that_cannot_be_read_counts_as_none(
    open_loopback: OpenLoopback, tmp_path, rubbish
):
    """The service's list is asked before anything is started, so nothing is started twice."""
    opened = open_loopback(Keeping())
    journal = Journal(tmp_path / "exports")
    journal.write(ENTRY)
    next((tmp_path / "exports").rglob("*.json")).write_text(rubbish)

    assert journal.read(ASSET) is None
    assert export(exports_of(opened, tmp_path)) == ASSET


def test_a_work_folder_that_cannot_be_written_to_ends_the_run_before_the_request(
    open_loopback: OpenLoopback, tmp_path
):
    """What cannot be remembered is not started."""
    opened = open_loopback(Keeping())
    (tmp_path / "exports").write_text("a file where a folder is needed")

    with pytest.raises(OutputError, match="choose another work folder"):
        export(exports_of(opened, tmp_path))

    assert "image:export" not in opened.server.counts()
