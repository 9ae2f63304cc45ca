"""What the engine does when the service is slow, small, or was killed in the middle."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reetrace.core.errors import SettingError
from reetrace.core.raster import OBSERVATIONS
from reetrace.core.site import Epoch
from reetrace.engines.local import LocalEngine
from tests import worlds
from tests.earthengine.graphs import calls
from tests.earthengine.remote import MSI, compose, labels_at, map_of, standing_on


def test_both_engines_give_the_same_pixels_shares_and_samples(open_remote, tmp_path, pit):
    """Two roads to the same numbers: every band, count, share and label value."""
    there = open_remote(standing_on(tmp_path / "scenes")).engine
    here = LocalEngine([tmp_path / "scenes"], work=tmp_path / "here")
    labels = [labels_at(pit, (0, 0), (12, 12)), labels_at(pit, (59, 49), (12, 60))]

    found = [compose(engine, pit, least=2) for engine in (there, here)]
    layers = [
        engine.read(each, (*each.bands, OBSERVATIONS))
        for engine, each in zip((there, here), found, strict=True)
    ]
    samples = [
        engine.sample(each, labels) for engine, each in zip((there, here), found, strict=True)
    ]

    assert np.array_equal(*layers)
    assert [[scene.clear_share for scene in each.scenes] for each in found] == [
        [(3000 - 81) / 3000, 1.0]
    ] * 2
    for one, other in zip(*samples, strict=True):
        assert np.array_equal(one.values, other.values)
        assert (one.rows.tolist(), one.cols.tolist()) == (other.rows.tolist(), other.cols.tolist())


def test_a_computation_that_times_out_goes_out_as_an_export_and_is_the_same(
    open_remote, tmp_path, pit
):
    """The asset is read from then on, the evidence says so, and nothing is exported twice."""
    import ee

    quick = open_remote(standing_on(tmp_path / "scenes"), work="quick").engine
    expected = quick.read(map_of(quick, pit))
    slow = open_remote(standing_on(tmp_path / "scenes", work_pixels=150_000), work="slow")

    found = slow.engine.read(map_of(slow.engine, pit))

    assert np.array_equal(found, expected)
    assert slow.server.counts()["image:export"] == 1
    (note,) = slow.engine.notes()
    (asset,) = slow.engine.usage.exports
    assert f"computed as an export ({asset.partition('/assets/')[2]} among" in note
    # What a map with tiles shows is read from it too, and not computed tile by tile.
    (loaded,) = calls(ee.serializer.encode(compose(slow.engine, pit).pixels.image), "Image.load")
    assert loaded["id"] == asset
    again = open_remote(slow.computing, work="slow again")
    assert np.array_equal(again.engine.read(map_of(again.engine, pit)), expected)
    assert "image:export" not in again.server.counts()
    resumed = open_remote(slow.computing, work="slow")
    assert np.array_equal(resumed.engine.read(map_of(resumed.engine, pit)), expected)
    assert resumed.engine.notes() == slow.engine.notes()


def test_counts_that_outlast_every_answer_go_out_as_an_export_too(open_remote, tmp_path, pit):
    """Even of exported maps: a table of one row holds the histograms, and is made once."""
    zone_sets = [
        worlds.zone_set(*(pit.part(f"z{n}", slice(n, 60 - n), slice(0, 50)) for n in range(k, 9)))
        for k in range(3)
    ]
    tables_of, remotes = [], []
    for work, most in (("quick", None), ("slow", 5_000)):
        remote = open_remote(standing_on(tmp_path / "scenes"), work=work)
        landcover = map_of(remote.engine, pit)
        remote.engine.read(landcover)
        remote.computing.work_pixels = most
        tables_of.append(remote.engine.crosstab([[landcover]], zone_sets, pit.site))
        remotes.append(remote)
    slow = remotes[1]

    for one, other in zip(*tables_of, strict=True):
        assert np.array_equal(one.counts, other.counts)
    assert slow.server.counts()["table:export"] == 1
    assert any("counting the maps" in note for note in slow.engine.notes())


def test_a_count_that_runs_out_of_memory_is_asked_again_in_smaller_pieces(
    open_remote, tmp_path, pit
):
    """The numbers are the same, and the evidence says what was done."""
    small = open_remote(standing_on(tmp_path / "scenes", memory_pixels=2500))

    (table,) = small.engine.crosstab([[map_of(small.engine, pit)]], [worlds.zone_set()], pit.site)

    assert table.counts.sum(axis=0).tolist() == [0, 3000 - 150, 150]
    assert any("tileScale" in note for note in small.engine.notes())


def test_what_came_home_is_not_asked_for_again(open_remote, tmp_path, pit):
    """A run that was killed goes on where it was: its rasters lie in the work folder."""
    first = open_remote(standing_on(tmp_path / "scenes"))
    first.engine.read(map_of(first.engine, pit))

    second = open_remote(standing_on(tmp_path / "scenes"))
    second.engine.read(map_of(second.engine, pit))

    assert first.server.counts()["image:computePixels"] == 2
    assert "image:computePixels" not in second.server.counts()


def test_rasters_announced_together_come_home_in_one_request(open_remote, tmp_path):
    """Single days of Sentinel-2, all asked for before the first is read."""
    world = worlds.forest(pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    worlds.write_sentinel(tmp_path / "scenes", world, ["2020-01-05", "2020-02-04", "2020-03-05"])
    remote = open_remote(standing_on(tmp_path / "scenes"))
    listed = remote.engine.scenes(world.site, worlds.year(2020), MSI)
    remote.server.forget()

    composites = [
        remote.engine.composite(
            world.site, Epoch.of_day(each.date), world.grid, sensors=MSI, min_observations=1
        )
        for each in listed
    ]
    for each in composites:
        remote.engine.read(each)

    assert remote.server.counts() == {"image:computePixels": 1, "value:compute": 1}
    assert [each.scenes[0].date for each in composites] == [
        "2020-01-05",
        "2020-02-04",
        "2020-03-05",
    ]


def test_a_floor_of_no_observation_is_refused(open_remote, tmp_path, pit):
    """As in the embedded engine."""
    with pytest.raises(SettingError, match="at least 1"):
        compose(open_remote(standing_on(tmp_path / "scenes")).engine, pit, least=0)


def test_every_request_bears_a_workload_tag_of_site_and_epoch(open_remote, tmp_path, pit):
    """So that the bill can be read by site and epoch."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = map_of(remote.engine, pit)
    remote.engine.read(landcover)
    remote.engine.crosstab([[landcover]], [worlds.zone_set()], pit.site)

    tags = [one.body.get("workloadTag") for one in remote.server.seen if one.body]

    assert set(tags) == {"made-up-2020", "made-up-counts"}


def test_no_request_is_larger_than_a_quarter_of_what_the_service_takes(open_remote, tmp_path, pit):
    """With the forest in it, of fifty trees or of one."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    remote.engine.read(map_of(remote.engine, pit))

    assert max(len(json.dumps(one.body)) for one in remote.server.seen) < 2_500_000
