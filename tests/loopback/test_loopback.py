"""The loopback service behaves as the client expects of Google, where the engine relies on it."""

from __future__ import annotations

import pytest

from tests.earthengine.conftest import OpenLoopback, clean_client, open_loopback
from tests.loopback.faults import Fault
from tests.loopback.made_up import MadeUp

__all__ = ["clean_client", "open_loopback"]

PROJECT = "projects/reetrace-test"
FOLDER = f"{PROJECT}/assets/reetrace"


def _start(request_id: str = "digest-1", asset: str = "a", *, overwrite: bool = False) -> str:
    import ee

    destination = {"earthEngineDestination": {"name": f"{FOLDER}/{asset}"}}
    body = {"expression": ee.Image(1), "assetExportOptions": destination}
    if overwrite:
        body["overwrite"] = True
    return str(ee.data.exportImage(request_id, body)["name"])


def _state(name: str) -> str:
    import ee

    return str(ee.data.getOperation(name)["metadata"]["state"])


def test_an_export_moves_on_when_asked_after(open_loopback: OpenLoopback):
    """Waiting, running, done; its asset is there only then, and stays so."""
    backend = MadeUp()
    open_loopback(backend)

    name = _start()
    before = dict(backend.assets)
    states = [_state(name) for _ in range(4)]

    assert before == {}
    assert states == ["PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED"]
    assert list(backend.assets) == [f"{FOLDER}/a"]


def test_an_operation_bears_a_name_that_the_service_makes(open_loopback: OpenLoopback):
    """Whoever relies on the request's id finds nothing, as at Google."""
    open_loopback(MadeUp())

    assert "digest-1" not in _start("digest-1")


def test_the_same_request_starts_nothing_anew(open_loopback: OpenLoopback):
    """The second answer is the operation that runs; or, as the words allow, a refusal."""
    import ee

    opened = open_loopback(MadeUp())
    first, second = _start(), _start()
    opened.server.operations.duplicates = "conflict"

    with pytest.raises(ee.EEException, match="was started already"):
        _start()

    assert first == second
    assert len(ee.data.listOperations()) == 1


def test_an_asset_is_not_written_over_unasked(open_loopback: OpenLoopback):
    """A second export to the same place is refused at once."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.operations.backend.export(
        "image",
        {"assetExportOptions": {"earthEngineDestination": {"name": f"{FOLDER}/a"}}},
    )

    with pytest.raises(ee.EEException, match="Cannot overwrite asset"):
        _start("digest-2")
    assert _start("digest-3", overwrite=True)


def test_an_export_can_fail_and_be_cancelled(open_loopback: OpenLoopback):
    """Each with its words; what has ended cannot be cancelled."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.faults.append(Fault("image:export", "operation", message="Out of memory."))
    failing, running = _start("digest-1", "a"), _start("digest-2", "b")

    ee.data.cancelOperation(running)
    states = [_state(failing) for _ in range(3)]

    assert states[-1] == "FAILED"
    assert ee.data.getOperation(failing)["error"]["message"] == "Out of memory."
    assert _state(running) == "CANCELLED"
    with pytest.raises(ee.EEException, match="already finished"):
        ee.data.cancelOperation(running)


def test_folders_are_made_one_level_at_a_time(open_loopback: OpenLoopback):
    """As in the service, where a folder within none is refused."""
    import ee

    open_loopback(MadeUp())
    with pytest.raises(ee.EEException, match="does not exist"):
        ee.data.createFolder(f"{FOLDER}/deeper")

    ee.data.createFolder(FOLDER)
    ee.data.createFolder(f"{FOLDER}/deeper")

    assert ee.data.getAsset(f"{FOLDER}/deeper")["type"] == "FOLDER"


def test_a_map_has_tiles(open_loopback: OpenLoopback):
    """Its tiles lie at the same address, and are pictures."""
    import ee

    opened = open_loopback(MadeUp())

    fetcher = ee.Image(1).getMapId({"min": 0, "max": 1})["tile_fetcher"]

    assert fetcher.url_format.startswith(f"{opened.server.url}/v1/{PROJECT}/maps/")
    assert fetcher.fetch_tile(0, 0, 0)[:4] == b"\x89PNG"


def test_the_project_tells_what_it_is_told_to(open_loopback: OpenLoopback):
    """As for whoever asks how a project is registered."""
    import ee

    opened = open_loopback(MadeUp())
    opened.server.answers.config["maxConcurrentExports"] = 2

    assert ee.data.getProjectConfig() == {
        "name": f"{PROJECT}/config",
        "maxConcurrentExports": 2,
    }


def test_a_place_that_is_none_is_refused(open_loopback: OpenLoopback):
    """A call that nobody has modelled shows, and is counted as such."""
    import ee

    opened = open_loopback(MadeUp())

    with pytest.raises(ee.EEException, match="no such endpoint"):
        ee.data.computeImages({"expression": ee.ImageCollection([])})

    assert opened.server.counts() == {"unknown": 1}
