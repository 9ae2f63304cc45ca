"""What every engine has to fulfil."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reetrace import tables
from reetrace.core.engine import Engine
from reetrace.core.errors import GridMismatch, NoImagery, SettingError
from reetrace.core.raster import (
    OBSERVATIONS,
    Composite,
    Crosstab,
    LandcoverMap,
    decode_reflectance,
    encode_reflectance,
)
from reetrace.core.samples import Label, Labels
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site, ZoneSet
from reetrace.zoning import lonlat_of, zone_codes
from tests import worlds
from tests.contract.conftest import OpenOn

OLI = (tables.sensor("landsat8-oli"),)
MSI = (tables.sensor("sentinel2-msi"),)
LEGEND = tables.legend("mine")


def _compose(
    engine: Engine[Any],
    world: worlds.World,
    number: int = 2020,
    sensors: Sequence[Sensor] = OLI,
    least: int = 1,
) -> Composite[Any]:
    return engine.composite(
        world.site, worlds.year(number), world.grid, sensors=sensors, min_observations=least
    )


def _map(engine: Engine[Any], world: worlds.World, number: int = 2020) -> LandcoverMap[Any]:
    composite = _compose(engine, world, number)
    model = worlds.brightness_model(LEGEND, composite.bands)
    return engine.classify(composite, model, LEGEND, world.site)


def _count(
    engine: Engine[Any], maps: Sequence[LandcoverMap[Any]], zones: ZoneSet, site: Site
) -> Crosstab:
    (table,) = engine.crosstab([maps], [zones], site)
    return table


def test_stored_integers_of_a_single_scene_come_through_untouched(
    tmp_path: Path, open_on: OpenOn
) -> None:
    """Collection 2's own encoding is kept to the last bit; nothing is decoded and encoded."""
    world = worlds.forest().dig(slice(4, 7), slice(4, 7))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))

    composite = _compose(engine, world)

    assert composite.bands == OLI[0].roles
    expected = np.stack([encode_reflectance(world.reflectance(role)) for role in composite.bands])
    assert np.array_equal(engine.read(composite), expected)


def test_the_median_of_three_scenes_is_the_middle_one(tmp_path: Path, open_on: OpenOn) -> None:
    """One date at which everything is bare does not move two at which it is forest."""
    forest = worlds.forest()
    bare = forest.dig(slice(0, 20), slice(0, 20))
    for world, date in ((forest, "2020-01-01"), (bare, "2020-02-01"), (forest, "2020-03-01")):
        worlds.write_landsat(tmp_path, world, [date])
    engine = open_on(tmp_path)

    red = engine.read(_compose(engine, forest), ("red",))

    assert np.unique(red) == encode_reflectance(np.array([worlds.FOREST["red"]]))


def test_the_median_of_two_scenes_is_their_mean_rounded_half_up(
    tmp_path: Path, open_on: OpenOn
) -> None:
    """Integer arithmetic: (8182 + 14545 + 1) // 2 and so on, never a banker's rounding."""
    forest = worlds.forest()
    bare = forest.dig(slice(0, 20), slice(0, 20))
    worlds.write_landsat(tmp_path, forest, ["2020-01-01"])
    worlds.write_landsat(tmp_path, bare, ["2020-02-01"])
    engine = open_on(tmp_path)

    stored = engine.read(_compose(engine, forest), ("blue", "red"))[:, 0, 0]

    pairs = [(worlds.FOREST[role], worlds.MINE[role]) for role in ("blue", "red")]
    low, high = encode_reflectance(np.array(pairs).T).astype(int)
    assert stored.tolist() == ((low + high + 1) // 2).tolist()


def test_a_cloud_leaves_what_the_other_dates_saw(tmp_path: Path, open_on: OpenOn) -> None:
    """A clouded pixel is counted once less and keeps the colour of the clear date."""
    world = worlds.forest().cloud("2020-01-01", slice(0, 5), slice(0, 5))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-01-01", "2020-02-01"]))

    composite = _compose(engine, world)

    observations = engine.read(composite, (OBSERVATIONS,))[0]
    assert (observations[:5, :5] == 1).all()
    assert int((observations == 2).sum()) == 400 - 25
    assert np.unique(engine.read(composite, ("red",))).size == 1
    assert [scene.clear_share for scene in composite.scenes] == [375 / 400, 1.0]


def test_a_pixel_seen_too_rarely_is_not_seen_in_any_band(tmp_path: Path, open_on: OpenOn) -> None:
    """Below the floor every band is 0; how often it was seen is kept."""
    world = worlds.forest().cloud("2020-01-01", slice(0, 5), slice(0, 5))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-01-01", "2020-02-01"]))

    composite = _compose(engine, world, least=2)

    assert (engine.read(composite)[:, :5, :5] == 0).all()
    assert (engine.read(composite)[:, 5:, :] > 0).all()
    assert (engine.read(composite, (OBSERVATIONS,))[0, :5, :5] == 1).all()


def test_what_was_not_seen_stays_a_third_state(tmp_path: Path, open_on: OpenOn) -> None:
    """Unseen pixels are neither mine nor non-mine on the map and have a column of their own."""
    world = worlds.forest().dig(slice(0, 10), slice(0, 10))
    world = world.cloud("2020-01-01", slice(0, 5), slice(0, 5))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-01-01"]))

    table = _count(engine, [_map(engine, world)], worlds.zone_set(), world.site)

    assert table.codes == (0, 1, 2)
    assert table.counts.sum(axis=0).tolist() == [25, 300, 75]


def test_a_pit_dug_between_epochs_is_counted_as_new_mine(tmp_path: Path, open_on: OpenOn) -> None:
    """Nine pixels go from non-mine to mine, by zone; every pixel of the area has its cell."""
    before = worlds.forest()
    after = before.dig(slice(4, 7), slice(4, 7))
    worlds.write_landsat(tmp_path, before, ["2015-11-09"])
    worlds.write_landsat(tmp_path, after, ["2020-12-06"])
    engine = open_on(tmp_path)
    zones = worlds.zone_set(
        after.part("west", slice(0, 20), slice(0, 5)), after.part("all", slice(0, 20), slice(0, 20))
    )

    maps = [_map(engine, after, 2015), _map(engine, after, 2020)]
    table = _count(engine, maps, zones, after.site)

    assert (table.zones, table.epochs) == (("west", "all", "none", "several"), ("2015", "2020"))
    assert table.counts.sum() == 400
    assert table.counts[:, 1, 2].tolist() == [0, 6, 0, 3]
    assert table.counts[3].sum() == 100


def test_the_table_counts_what_the_maps_show(tmp_path: Path, open_on: OpenOn) -> None:
    """Counted by hand on the pixels that come home: three epochs, unseen ground, two zones."""
    world = worlds.forest(30, 25)
    for number, edge in ((2010, 4), (2015, 9), (2020, 15)):
        date = f"{number}-12-06"
        grown = world.dig(slice(3, 3 + edge), slice(2, 2 + edge))
        clouded = grown.cloud(date, slice(edge, edge + 6), slice(0, 12))
        sensor = "landsat5-tm" if number == 2010 else "landsat8-oli"
        worlds.write_landsat(tmp_path, clouded, [date], sensor_id=sensor)
    engine = open_on(tmp_path)
    zones = worlds.zone_set(
        world.part("one", slice(0, 12), slice(0, 25)), world.part("two", slice(8, 30), slice(0, 9))
    )
    maps = []
    for number in (2010, 2015, 2020):
        composite = _compose(engine, world, number, tables.landsat_for_year(number))
        model = worlds.brightness_model(LEGEND, composite.bands)
        maps.append(engine.classify(composite, model, LEGEND, world.site))

    table = _count(engine, maps, zones, world.site)

    by_hand = np.zeros((4, 3, 3, 3), dtype=int)
    codes = zone_codes(zones, world.grid)
    seen = [engine.read(each)[0] for each in maps]
    for row, col in np.ndindex(world.grid.shape):
        zone = {1: 0, 2: 1, 0: 2, -1: 3}[int(codes[row, col])]
        by_hand[(zone, *(int(each[row, col]) for each in seen))] += 1
    assert np.array_equal(table.counts, by_hand)
    assert table.counts.sum() == 30 * 25
    assert (table.counts.sum(axis=(1, 2, 3)) > 0).all()


def test_only_the_area_of_interest_is_classified(tmp_path: Path, open_on: OpenOn) -> None:
    """Pixels of the grid outside the area are 255 and are counted nowhere."""
    world = worlds.forest()
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))
    west, south, east, north = world.bounds_m
    narrow = worlds.site_of(worlds.rectangle(world.epsg, (west, south, east - 300, north)))
    composite = engine.composite(
        world.site, worlds.year(2020), world.grid, sensors=OLI, min_observations=1
    )
    model = worlds.brightness_model(LEGEND, composite.bands)

    landcover = engine.classify(composite, model, LEGEND, narrow)

    assert (engine.read(landcover)[0, :, 10:] == 255).all()
    assert _count(engine, [landcover], worlds.zone_set(), narrow).counts.sum() == 200


def test_labels_get_the_values_of_the_pixel_they_lie_in(tmp_path: Path, open_on: OpenOn) -> None:
    """A label in the pit reads the pit, one beyond the grid reads nothing."""
    world = worlds.forest().dig(slice(4, 7), slice(4, 7))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))
    longitudes, latitudes = lonlat_of(np.array([0, 5, 5]), np.array([0, 5, 25]), world.grid)
    points = tuple(
        Label(f"p{number}", lon, lat, "mine", "me", "scene", "2020-12-06")
        for number, (lon, lat) in enumerate(zip(longitudes, latitudes, strict=True))
    )
    labels = Labels("made-up", "2020", "training", "purposive", (), points, "made up", "0")

    (samples,) = engine.sample(_compose(engine, world), [labels])

    red = decode_reflectance(samples.values[:, samples.bands.index("red")])
    assert red[:2] == pytest.approx([worlds.FOREST["red"], worlds.MINE["red"]], abs=2e-5)
    assert samples.values[2].tolist() == [0] * 6
    assert (samples.rows.tolist(), samples.cols.tolist()) == ([0, 5, -1], [0, 5, -1])


def test_maps_of_different_grids_are_not_compared(tmp_path: Path, open_on: OpenOn) -> None:
    """Two maps compare only when their grids are equal."""
    world = worlds.forest()
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))
    one = _map(engine, world)
    other = dataclasses.replace(
        one, grid=dataclasses.replace(one.grid, west_m=one.grid.west_m + 30)
    )

    with pytest.raises(GridMismatch, match="different grids"):
        _count(engine, [one, other], worlds.zone_set(), world.site)


def test_the_first_sensor_with_a_scene_is_used_alone(tmp_path: Path, open_on: OpenOn) -> None:
    """Two sensors are never mixed; where the preferred one is missing the next one serves."""
    world = worlds.forest()
    worlds.write_landsat(tmp_path, world, ["2015-01-01"], sensor_id="landsat7-etm")
    worlds.write_landsat(tmp_path, world, ["2015-02-01"])
    worlds.write_landsat(tmp_path, world, ["2020-02-01"], sensor_id="landsat7-etm")
    engine = open_on(tmp_path)
    sensors = tables.landsat_for_year(2015)

    used = [_compose(engine, world, year, sensors).sensor for year in (2015, 2020)]

    assert used == ["landsat8-oli", "landsat7-etm"]


def test_an_epoch_without_a_scene_says_what_to_do(tmp_path: Path, open_on: OpenOn) -> None:
    """The message names the site and the span asked for, and says what to do."""
    world = worlds.forest()
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))

    with pytest.raises(NoImagery, match=r"made-up 2019: .*Choose another year"):
        _compose(engine, world, 2019)


def test_two_frames_of_one_pass_are_one_view(tmp_path: Path, open_on: OpenOn) -> None:
    """Where neighbouring frames overlap, the ground was seen once and not twice."""
    world = worlds.forest().cloud("2020-12-06", slice(0, 5), slice(0, 20))
    folder = worlds.write_landsat(tmp_path / "north", world, ["2020-12-06"])
    other = worlds.write_landsat(tmp_path / "south", worlds.forest(), ["2020-12-06"])
    path = next(other.rglob("*.json"))
    item = path.read_text(encoding="utf-8")
    path.write_text(item.replace('"id": "landsat8', '"id": "south-landsat8'), encoding="utf-8")
    engine = open_on(folder.parent)

    composite = _compose(engine, world)

    assert len(composite.scenes) == 2
    assert np.unique(engine.read(composite, (OBSERVATIONS,))).tolist() == [1]


def test_the_season_keeps_out_scenes_of_other_months(tmp_path: Path, open_on: OpenOn) -> None:
    """A summer scene has no part in a dry-season composite."""
    world = worlds.forest()
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-07-01", "2020-12-06"]))
    epoch = Epoch("2020", dt.date(2020, 1, 1), dt.date(2020, 12, 31), (11, 12))

    composite = engine.composite(world.site, epoch, world.grid, sensors=OLI, min_observations=1)

    assert [scene.date for scene in composite.scenes] == ["2020-12-06"]


def test_a_model_of_other_bands_is_refused(tmp_path: Path, open_on: OpenOn) -> None:
    """A forest trained on red edge cannot run on a Landsat composite."""
    world = worlds.forest()
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))
    model = worlds.brightness_model(LEGEND, ("red", "red-edge-1"))

    with pytest.raises(SettingError, match="red-edge-1"):
        engine.classify(_compose(engine, world), model, LEGEND, world.site)


def test_sentinel_bands_of_10_m_are_averaged_onto_20_m(tmp_path: Path, open_on: OpenOn) -> None:
    """The offset of its baseline is applied and the scene says how it was resampled."""
    world = worlds.forest(pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    world = world.dig(slice(4, 7), slice(4, 7))
    engine = open_on(worlds.write_sentinel(tmp_path, world, ["2020-12-06"]))

    composite = _compose(engine, world, sensors=MSI)

    reflectance = decode_reflectance(engine.read(composite, ("red", "red-edge-2")))
    assert reflectance[0] == pytest.approx(world.reflectance("red"), abs=2e-5)
    assert reflectance[1] == pytest.approx(world.reflectance("red-edge-2"), abs=2e-5)
    assert composite.scenes[0].resampling == "mean of 2 × 2 pixels; none"


@pytest.mark.parametrize(
    ("epsg", "west_m", "north_m"),
    [
        (32619, 390_345.0, -1_423_095.0),
        (32601, 181_515.0, 1_952_505.0),
        (32736, 500_025.0, 10_000_000.0 - 1_423_065.0),
        (32631, 175_005.0, 315.0),
    ],
    ids=["southern hemisphere", "across 180°", "a south zone", "on the equator"],
)
def test_hectares_are_right_anywhere_on_earth(
    tmp_path: Path, open_on: OpenOn, epsg: int, west_m: float, north_m: float
) -> None:
    """Nine pixels of 30 m are nine pixels, with no resampling, wherever the mine lies."""
    world = worlds.forest(epsg=epsg, west_m=west_m, north_m=north_m).dig(slice(4, 7), slice(4, 7))
    engine = open_on(worlds.write_landsat(tmp_path, world, ["2020-12-06"]))
    composite = _compose(engine, world)

    table = _count(engine, [_map(engine, world)], worlds.zone_set(), world.site)

    assert composite.scenes[0].resampling == "none"
    assert table.counts.sum(axis=0).tolist() == [0, 391, 9]


def test_every_comparison_is_counted_by_every_zone_set(tmp_path: Path, open_on: OpenOn) -> None:
    """Asked for at once, each table is the one that is counted alone, in the order promised."""
    before = worlds.forest()
    after = before.dig(slice(4, 7), slice(4, 7))
    worlds.write_landsat(tmp_path, before, ["2015-11-09"])
    worlds.write_landsat(tmp_path, after, ["2020-12-06"])
    engine = open_on(tmp_path)
    one = worlds.zone_set(after.part("west", slice(0, 20), slice(0, 5)))
    two = worlds.zone_set(after.part("north", slice(0, 5), slice(0, 20)))
    maps = [_map(engine, after, 2015), _map(engine, after, 2020)]

    tables_at_once = engine.crosstab([[maps[0]], maps], [one, two], after.site)

    alone = [
        _count(engine, each, zones, after.site)
        for zones in (one, two)
        for each in ([maps[0]], maps)
    ]
    assert [each.epochs for each in tables_at_once] == [("2015",), ("2015", "2020")] * 2
    for together, single in zip(tables_at_once, alone, strict=True):
        assert together.zones == single.zones
        assert np.array_equal(together.counts, single.counts)
