"""An answer that is wrong, or not whole, ends the run; nothing of it reaches the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reetrace.core.errors import ServiceError
from reetrace.engines.earthengine import rasters
from tests import worlds
from tests.earthengine.remote import compose, labels_at, map_of, standing_on


def _shift(histograms: Any, pixels: Any) -> Any:
    (name,) = histograms
    counts = dict(histograms[name])
    one, other = sorted(counts)[:2]
    counts[one], counts[other] = counts[one] - pixels, counts[other] + pixels
    return {name: counts}


@pytest.mark.parametrize(("pixels", "refused"), [(5, False), (700, True)])
def test_counts_that_are_not_the_maps_own_are_an_error_beyond_the_outlines(
    open_remote, tmp_path, pit, pixels, refused
):
    """Pixels on an outline may fall on either side of it, and the evidence says so; no others."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = map_of(remote.engine, pit)
    remote.engine.read(landcover)
    remote.computing.values = lambda answer: _shift(answer, pixels)
    zones = worlds.zone_set(pit.part("west", slice(0, 60), slice(0, 20)))

    if refused:
        with pytest.raises(ServiceError, match=r"700 pixel.* in other cells"):
            remote.engine.crosstab([[landcover]], [zones], pit.site)
    else:
        (table,) = remote.engine.crosstab([[landcover]], [zones], pit.site)
        assert table.counts.sum() == 3000
        assert any("5 pixel(s) on outlines" in note for note in remote.engine.notes())


def test_a_map_the_forest_would_not_draw_is_an_error(open_remote, tmp_path, pit):
    """The forest runs at home too, on the composite that came home."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = map_of(remote.engine, pit)

    def other(picture):
        if "landcover" in picture.dtype.names:
            picture["landcover"][3, 4] = 2
        return picture

    remote.computing.pictures = other

    with pytest.raises(ServiceError, match=r"1 pixel\(s\), the first in row 3, column 4"):
        remote.engine.read(landcover)


@pytest.mark.parametrize("run_rows", [7, 512])
def test_the_edge_of_a_map_is_the_servers_to_draw_and_the_evidence_says_so(
    open_remote, tmp_path, pit, monkeypatch, run_rows
):
    """How a service fills an outline is nowhere documented; the map and its counts stay ours.

    However many rows are put right at a time.
    """
    monkeypatch.setattr(rasters, "_RUN_ROWS", run_rows)
    remote = open_remote(standing_on(tmp_path / "scenes"))
    ours = remote.engine.read(map_of(remote.engine, pit))[0]
    remote = open_remote(standing_on(tmp_path / "scenes"), work="another")

    def without_its_first_column(picture):
        if "landcover" in picture.dtype.names:
            picture["landcover"][:, 0] = 255
        return picture

    remote.computing.pictures = without_its_first_column
    landcover = map_of(remote.engine, pit)

    np.testing.assert_array_equal(remote.engine.read(landcover)[0], ours)
    (note,) = [each for each in remote.engine.notes() if "other side" in each]
    assert f"{ours.shape[0]} pixel(s) on the outline" in note
    zones = worlds.zone_set(pit.part("west", slice(0, 60), slice(0, 20)))
    (table,) = remote.engine.crosstab([[landcover]], [zones], pit.site)
    assert table.counts.sum() == ours.size


def test_values_beneath_labels_that_are_not_the_composites_are_an_error(open_remote, tmp_path, pit):
    """One band of one label, off by one."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    composite = compose(remote.engine, pit)
    remote.engine.read(composite)

    def off_by_one(answer):
        answer["features"][1]["properties"]["red"] += 1
        return answer

    remote.computing.tables = off_by_one

    with pytest.raises(ServiceError, match=r"beneath label p1 .*\(1 label\(s\) differ\)"):
        remote.engine.sample(composite, [labels_at(pit, (3, 3), (12, 12), (40, 40))])


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("tables", lambda answer: {"features": answer["features"][:1]}, "gave no blue for place 1"),
        ("values", lambda _: {"area": 3000}, "did not say how much"),
    ],
)
def test_an_answer_with_a_part_missing_is_an_error(open_remote, tmp_path, pit, kind, change, words):
    """Nothing that was not answered is taken for zero."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    if kind == "tables":
        composite = compose(remote.engine, pit)
        remote.computing.tables = change
        with pytest.raises(ServiceError, match=words):
            remote.engine.sample(composite, [labels_at(pit, (3, 3), (12, 12))])
    else:
        remote.computing.values = change
        with pytest.raises(ServiceError, match=words):
            compose(remote.engine, pit)


@pytest.mark.parametrize("histogram", [{"4711": 3.0}, {"1": 2.5}, {"-1": 1.0}])
def test_a_cell_that_cannot_be_is_an_error(open_remote, tmp_path, pit, histogram):
    """A zone that is none, or half a pixel."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = map_of(remote.engine, pit)
    remote.engine.read(landcover)
    remote.computing.values = lambda _: {"z0c0": histogram}

    with pytest.raises(ServiceError, match="cells of whole pixels"):
        remote.engine.crosstab([[landcover]], [worlds.zone_set()], pit.site)
