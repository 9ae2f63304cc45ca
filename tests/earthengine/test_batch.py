"""Exports: started once, followed to their end, used again."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from reetrace.core.grid import Grid
from reetrace.engines.earthengine.batch import Exports
from tests.earthengine.batch_backend import Keeping
from tests.earthengine.conftest import OpenLoopback

GRID = Grid(32647, 450_015.0, 2_866_995.0, 30.0, 40, 30, 900.0)
DIGEST = "0123456789abcdef" * 4
ASSET = "projects/reetrace-test/assets/reetrace/image-0123456789abcdef"
TITLE = "composing 2005 of kachin-nujiang"


def export(exports: Exports, digest: str = DIGEST) -> str:
    """One band of ones, exported."""
    import ee

    image = ee.Image(1).rename("red")
    return exports.image(
        image, GRID, ["red"], "uint16", digest=digest, title=TITLE, tag="kachin-nujiang-2005"
    )


def exports_of(opened, tmp_path, **options) -> Exports:
    """Exports that wait for nothing."""
    return Exports(opened.service, tmp_path, **{"pause": lambda _: None, **options})


def test_an_image_is_exported_and_can_be_read(open_loopback: OpenLoopback, tmp_path):
    """One request starts it, and the folder for it is made; the asset's name is what comes back."""
    opened = open_loopback(Keeping())

    asset = export(exports_of(opened, tmp_path))

    assert asset == ASSET
    assert opened.server.operations.ran == [ASSET]
    assert opened.server.counts()["image:export"] == 1
    assert "projects/reetrace-test/assets/reetrace" in opened.server.answers.folders


def test_an_export_is_of_the_grid_to_the_pixel(open_loopback: OpenLoopback, tmp_path):
    """CRS, transform and extent are the grid's own, and every limit is stated."""
    opened = open_loopback(Keeping())

    export(exports_of(opened, tmp_path))

    (body,) = opened.server.bodies("image:export")
    graph = json.dumps(body["expression"])
    assert "EPSG:32647" in graph
    assert "[30.0, 0.0, 450015.0, 0.0, -30.0, 2866995.0]" in graph
    assert "2865795" in graph  # the southern edge of the region
    assert "Image.toUint16" in graph
    assert body["maxPixels"] == {"value": str(42 * 32)}
    assert body["workloadTag"] == "kachin-nujiang-2005"
    assert body["assetExportOptions"] == {
        "earthEngineDestination": {"name": ASSET, "overwrite": False},
        "pyramidingPolicy": "SAMPLE",
        "tileSize": {"value": 256},
    }


def test_a_task_is_named_as_the_service_allows(open_loopback: OpenLoopback, tmp_path):
    """Descriptions take letters, digits and few signs, request ids fewer; both have a length."""
    opened = open_loopback(Keeping())

    export(exports_of(opened, tmp_path))

    (body,) = opened.server.bodies("image:export")
    assert re.fullmatch(r"[A-Za-z0-9.,:;_-]{1,100}", body["description"])
    assert re.fullmatch(r"[A-Za-z0-9-]{1,60}", body["requestId"])


def test_a_map_of_classes_keeps_its_classes_in_overviews(open_loopback: OpenLoopback, tmp_path):
    """The mean of two classes is a third one: the commonest is taken instead."""
    import ee

    opened = open_loopback(Keeping())

    exports_of(opened, tmp_path).image(
        ee.Image(1).rename("c"), GRID, ["c"], "uint8", digest=DIGEST, title=TITLE, tag="t"
    )

    (body,) = opened.server.bodies("image:export")
    assert body["assetExportOptions"]["pyramidingPolicy"] == "MODE"


def test_what_was_exported_is_used_again(open_loopback: OpenLoopback, tmp_path):
    """Another run, even with an empty work folder, asks whether the asset is there and no more."""
    opened = open_loopback(Keeping())
    export(exports_of(opened, tmp_path / "first"))
    opened.server.forget()

    asset = export(exports_of(opened, tmp_path / "second"))

    assert asset == ASSET
    assert opened.server.counts() == {"assets.get": 1}
    assert opened.service.usage.exports == {ASSET}


def test_another_digest_is_another_export(open_loopback: OpenLoopback, tmp_path):
    """What is made of other inputs has another name and another request id."""
    opened = open_loopback(Keeping())

    export(exports_of(opened, tmp_path))
    export(exports_of(opened, tmp_path), digest="f" * 64)

    first, second = opened.server.bodies("image:export")
    assert first["requestId"] != second["requestId"]
    assert len(set(opened.server.operations.ran)) == 2


def test_progress_is_what_the_service_says(open_loopback: OpenLoopback, tmp_path):
    """First it waits for its turn, then it tells its share; the pauses grow."""
    opened = open_loopback(Keeping())
    opened.server.operations.polls_per_state = 2
    told: list[tuple[str, float]] = []
    pauses: list[float] = []

    export(
        exports_of(
            opened,
            tmp_path,
            progress=lambda words, share: told.append((words, share)),
            pause=pauses.append,
        )
    )

    assert told[0] == (f"{TITLE}: waiting for its turn at Earth Engine", 0.0)
    assert told[-1] == (f"{TITLE}: exporting at Earth Engine", 0.5)
    assert pauses == sorted(pauses)
    assert len(set(pauses)) > 1
    assert max(pauses) <= 60


def test_what_an_export_used_is_counted_once(open_loopback: OpenLoopback, tmp_path):
    """The task tells its compute; reading its asset again in the same run adds nothing."""
    opened = open_loopback(Keeping())
    exports = exports_of(opened, tmp_path)

    export(exports)
    export(exports)

    assert opened.service.usage.batch_eecu_seconds == 12.5
    assert opened.service.usage.exports == {ASSET}


def test_threads_that_want_the_same_start_it_once(open_loopback: OpenLoopback, tmp_path):
    """Two sites of one study area may be worked on at once."""
    opened = open_loopback(Keeping())
    exports = exports_of(opened, tmp_path)

    with ThreadPoolExecutor(4) as pool:
        assets = list(pool.map(lambda _: export(exports), range(4)))

    assert set(assets) == {ASSET}
    assert opened.server.counts()["image:export"] == 1


def test_several_exports_can_be_followed_at_once(open_loopback: OpenLoopback, tmp_path):
    """The service works on more than one; each is started by a thread of its own."""
    opened = open_loopback(Keeping())
    exports = exports_of(opened, tmp_path)
    digests = [letter * 64 for letter in "abcd"]

    with ThreadPoolExecutor(4) as pool:
        assets = list(pool.map(lambda digest: export(exports, digest), digests))

    assert sorted(opened.server.operations.ran) == sorted(assets)
    assert len(set(assets)) == 4


def test_a_table_is_exported_too(open_loopback: OpenLoopback, tmp_path):
    """The same rules hold; its name says what it is."""
    import ee

    opened = open_loopback(Keeping())
    rows = ee.FeatureCollection([ee.Feature(ee.Geometry.Point([0, 0]), {"a": 1})])

    asset = exports_of(opened, tmp_path).table(rows, digest=DIGEST, title="counting", tag="t-1")

    assert asset == ASSET.replace("image", "table")
    (body,) = opened.server.bodies("table:export")
    assert body["workloadTag"] == "t-1"
    assert opened.server.operations.ran == [asset]


def test_an_answer_that_takes_too_long_comes_home_by_a_table(open_loopback: OpenLoopback, tmp_path):
    """A table has no nested values, so the answer is kept in it as text."""
    import ee

    backend = Keeping()
    backend.answer = {"z0c0": {"1": 17.0, "5": 3.0}}
    opened = open_loopback(backend)

    found = exports_of(opened, tmp_path).value(
        ee.Dictionary({"any": 1}), digest=DIGEST, title="counting", tag="t"
    )

    assert found == {"z0c0": {"1": 17.0, "5": 3.0}}
    (body,) = opened.server.bodies("table:export")
    assert "String.encodeJSON" in json.dumps(body["expression"])


@pytest.mark.parametrize("lost", ["folder", "reply"])
def test_a_folder_that_somebody_else_makes_meanwhile_is_no_error(
    open_loopback: OpenLoopback, tmp_path, lost
):
    """Two runs that make the folder at once are both content."""
    from tests.loopback.faults import Fault

    opened = open_loopback(Keeping())
    if lost == "folder":
        refusal = "Cannot overwrite asset 'projects/reetrace-test/assets/reetrace'."
        opened.server.faults.append(
            Fault("assets.create", status=400, status_name="INVALID_ARGUMENT", message=refusal)
        )
    else:
        opened.server.faults.append(Fault("assets.create", kind="reset"))

    assert export(exports_of(opened, tmp_path)) == ASSET
