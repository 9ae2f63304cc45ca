"""What the engine does when the service is slow, small, wrong, or was killed in the middle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.errors import NoImagery, ServiceError, SettingError
from reetrace.core.raster import OBSERVATIONS
from reetrace.core.samples import Label, Labels
from reetrace.core.site import Epoch
from reetrace.engines.earthengine import EarthEngine, rasters
from reetrace.engines.earthengine.archive import CLOUD_SCORE
from reetrace.engines.earthengine.service import Service
from reetrace.engines.local import LocalEngine
from reetrace.zoning import lonlat_of
from tests import worlds
from tests.earthengine.remote import Lying, OpenRemote, Remote, standing_on
from tests.loopback.server import Loopback

OLI = (tables.sensor("landsat8-oli"),)
MSI = (tables.sensor("sentinel2-msi"),)
LEGEND = tables.legend("mine")


@pytest.fixture
def open_remote(tmp_path: Path, clean_client: None) -> Iterator[OpenRemote]:  # noqa: ARG001 - asked for what it undoes
    """Opens the engine over whoever computes."""
    servers: list[Loopback] = []

    def open_one(computing: Lying, *, work: str = "work", only=None) -> Remote:
        server = Loopback(computing).__enter__()
        servers.append(server)
        service = Service.open(
            project="reetrace-test", key=None, url=server.url, pause=lambda _: None
        )
        server.forget()
        engine = EarthEngine(service, work=tmp_path / work, only=only, pause=lambda _: None)
        return Remote(engine, server, computing)

    yield open_one
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def pit(tmp_path: Path):
    """Forest with a pit, on two days, one of them clouded in a corner."""
    world = worlds.forest(60, 50).dig(slice(10, 20), slice(10, 25))
    world = world.cloud("2020-01-11", slice(0, 9), slice(0, 9))
    worlds.write_landsat(tmp_path / "scenes", world, ["2020-01-11", "2020-12-06"])
    return world


def _compose(
    engine: Any, world: Any, number: int = 2020, sensors: Any = OLI, least: int = 1
) -> Any:
    return engine.composite(
        world.site, worlds.year(number), world.grid, sensors=sensors, min_observations=least
    )


def _map(engine: Any, world: Any) -> Any:
    composite = _compose(engine, world)
    model = worlds.brightness_model(LEGEND, composite.bands)
    return engine.classify(composite, model, LEGEND, world.site)


def _labels(world: Any, *places: Any) -> Any:
    rows, cols = np.array(places).T
    points = tuple(
        Label(f"p{number}", lon, lat, "mine", "me", "scene", "2020-12-06")
        for number, (lon, lat) in enumerate(zip(*lonlat_of(rows, cols, world.grid), strict=True))
    )
    return Labels("made-up", "2020", "training", "purposive", (), points, "made up", "0")


def test_both_engines_give_the_same_pixels_shares_and_samples(open_remote, tmp_path, pit):
    """Two roads to the same numbers: every band, count, share and label value."""
    there = open_remote(standing_on(tmp_path / "scenes")).engine
    here = LocalEngine([tmp_path / "scenes"], work=tmp_path / "here")
    labels = [_labels(pit, (0, 0), (12, 12)), _labels(pit, (59, 49), (12, 60))]

    found = [_compose(engine, pit, least=2) for engine in (there, here)]
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
    quick = open_remote(standing_on(tmp_path / "scenes"), work="quick").engine
    expected = quick.read(_map(quick, pit))
    slow = open_remote(standing_on(tmp_path / "scenes", work_pixels=150_000), work="slow")

    found = slow.engine.read(_map(slow.engine, pit))

    assert np.array_equal(found, expected)
    assert slow.server.counts()["image:export"] == 1
    (note,) = slow.engine.notes()
    (asset,) = slow.engine.usage.exports
    assert f"computed as an export ({asset.partition('/assets/')[2]} among" in note
    again = open_remote(slow.computing, work="slow again")
    assert np.array_equal(again.engine.read(_map(again.engine, pit)), expected)
    assert "image:export" not in again.server.counts()
    resumed = open_remote(slow.computing, work="slow")
    assert np.array_equal(resumed.engine.read(_map(resumed.engine, pit)), expected)
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
        landcover = _map(remote.engine, pit)
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

    (table,) = small.engine.crosstab([[_map(small.engine, pit)]], [worlds.zone_set()], pit.site)

    assert table.counts.sum(axis=0).tolist() == [0, 3000 - 150, 150]
    assert any("tileScale" in note for note in small.engine.notes())


def test_what_came_home_is_not_asked_for_again(open_remote, tmp_path, pit):
    """A run that was killed goes on where it was: its rasters lie in the work folder."""
    first = open_remote(standing_on(tmp_path / "scenes"))
    first.engine.read(_map(first.engine, pit))

    second = open_remote(standing_on(tmp_path / "scenes"))
    second.engine.read(_map(second.engine, pit))

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


def test_only_the_scenes_named_are_used(open_remote, tmp_path, pit):
    """Held to the scenes of an earlier run; where none is there it says so."""
    free = open_remote(standing_on(tmp_path / "scenes")).engine
    first = free.scenes(pit.site, worlds.year(2020), OLI)[0]

    held = open_remote(standing_on(tmp_path / "scenes"), only=frozenset({first.id})).engine
    lost = open_remote(standing_on(tmp_path / "scenes"), only=frozenset({"elsewhere"})).engine

    assert [each.id for each in _compose(held, pit).scenes] == [first.id]
    with pytest.raises(NoImagery, match="Of the 1 scenes named, none is of that time"):
        _compose(lost, pit)


def test_before_its_archive_begins_a_sensor_is_said_to_be_missing(open_remote, tmp_path, pit):
    """Sentinel-2's surface reflectance begins in 2017, and Earth Engine has none before."""
    engine = open_remote(standing_on(tmp_path / "scenes")).engine

    with pytest.raises(NoImagery, match=r"surface reflectance of Sentinel-2 MSI begins later"):
        engine.scenes(pit.site, worlds.year(2016), MSI)


def test_a_floor_of_no_observation_is_refused(open_remote, tmp_path, pit):
    """As in the embedded engine."""
    with pytest.raises(SettingError, match="at least 1"):
        _compose(open_remote(standing_on(tmp_path / "scenes")).engine, pit, least=0)


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
    landcover = _map(remote.engine, pit)
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
    landcover = _map(remote.engine, pit)

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
    ours = remote.engine.read(_map(remote.engine, pit))[0]
    remote = open_remote(standing_on(tmp_path / "scenes"), work="another")

    def without_its_first_column(picture):
        if "landcover" in picture.dtype.names:
            picture["landcover"][:, 0] = 255
        return picture

    remote.computing.pictures = without_its_first_column
    landcover = _map(remote.engine, pit)

    np.testing.assert_array_equal(remote.engine.read(landcover)[0], ours)
    (note,) = [each for each in remote.engine.notes() if "other side" in each]
    assert f"{ours.shape[0]} pixel(s) on the outline" in note
    zones = worlds.zone_set(pit.part("west", slice(0, 60), slice(0, 20)))
    (table,) = remote.engine.crosstab([[landcover]], [zones], pit.site)
    assert table.counts.sum() == ours.size


def test_values_beneath_labels_that_are_not_the_composites_are_an_error(open_remote, tmp_path, pit):
    """One band of one label, off by one."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    composite = _compose(remote.engine, pit)
    remote.engine.read(composite)

    def off_by_one(answer):
        answer["features"][1]["properties"]["red"] += 1
        return answer

    remote.computing.tables = off_by_one

    with pytest.raises(ServiceError, match=r"beneath label p1 .*\(1 label\(s\) differ\)"):
        remote.engine.sample(composite, [_labels(pit, (3, 3), (12, 12), (40, 40))])


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
        composite = _compose(remote.engine, pit)
        remote.computing.tables = change
        with pytest.raises(ServiceError, match=words):
            remote.engine.sample(composite, [_labels(pit, (3, 3), (12, 12))])
    else:
        remote.computing.values = change
        with pytest.raises(ServiceError, match=words):
            _compose(remote.engine, pit)


@pytest.mark.parametrize("histogram", [{"4711": 3.0}, {"1": 2.5}, {"-1": 1.0}])
def test_a_cell_that_cannot_be_is_an_error(open_remote, tmp_path, pit, histogram):
    """A zone that is none, or half a pixel."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = _map(remote.engine, pit)
    remote.engine.read(landcover)
    remote.computing.values = lambda _: {"z0c0": histogram}

    with pytest.raises(ServiceError, match="cells of whole pixels"):
        remote.engine.crosstab([[landcover]], [worlds.zone_set()], pit.site)


def test_every_request_bears_a_workload_tag_of_site_and_epoch(open_remote, tmp_path, pit):
    """So that the bill can be read by site and epoch."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    landcover = _map(remote.engine, pit)
    remote.engine.read(landcover)
    remote.engine.crosstab([[landcover]], [worlds.zone_set()], pit.site)

    tags = [one.body.get("workloadTag") for one in remote.server.seen if one.body]

    assert set(tags) == {"made-up-2020", "made-up-counts"}


def test_no_request_is_larger_than_a_quarter_of_what_the_service_takes(open_remote, tmp_path, pit):
    """With the forest in it, of fifty trees or of one."""
    remote = open_remote(standing_on(tmp_path / "scenes"))
    remote.engine.read(_map(remote.engine, pit))

    assert max(len(json.dumps(one.body)) for one in remote.server.seen) < 2_500_000


def test_countries_come_from_the_archive_under_the_registrys_own_codes(open_remote, tmp_path):
    """As one more edition: named by the country that covers the same ground in the registry."""
    from reetrace import load_registry

    study = load_registry(None).site("kachin-nujiang")
    remote = open_remote(standing_on(tmp_path))

    for edition in ("lsib", "geoboundaries"):
        zone_set = remote.engine.borders(edition, study)
        assert [zone.id for zone in zone_set.zones] == ["CHN", "MMR"]
        assert zone_set.edition == edition
        assert zone_set.precision_m > 0
    with pytest.raises(SettingError, match=r"no such edition\. Known: lsib, geoboundaries"):
        remote.engine.borders("gaul", study)


def test_a_sentinel_image_without_a_cloud_score_shows_nothing_clear_and_says_why(
    open_remote, tmp_path
):
    """Scores come later than images, and a few never: the others are used as ever."""
    world = worlds.forest(60, 50, pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    worlds.write_sentinel(tmp_path / "scenes", world, ["2020-01-05", "2020-02-04"])
    computing = standing_on(tmp_path / "scenes")
    scores = sorted(name for name in computing.world.images if name.startswith(CLOUD_SCORE))
    del computing.world.images[scores[0]]

    first, second = _compose(open_remote(computing).engine, world, sensors=MSI).scenes

    assert (first.clear_share, second.clear_share) == (0.0, 1.0)
    (reason,) = first.warnings
    assert "Cloud Score+ has no score for this image" in reason
    assert second.warnings == ()


def test_a_sentinel_image_all_under_clouds_has_a_score_and_needs_no_reason(open_remote, tmp_path):
    """Nothing of it is clear either, but that is the clouds' doing."""
    world = worlds.forest(60, 50, pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    world = world.cloud("2020-01-05", slice(0, 60), slice(0, 50))
    worlds.write_sentinel(tmp_path / "scenes", world, ["2020-01-05"])

    (scene,) = _compose(
        open_remote(standing_on(tmp_path / "scenes")).engine, world, sensors=MSI
    ).scenes

    assert (scene.clear_share, scene.warnings) == (0.0, ())
