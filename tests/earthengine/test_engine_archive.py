"""What the archive has of a site, and what is said where it has nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from reetrace.core.errors import NoImagery, SettingError
from reetrace.engines.earthengine.archive import CLOUD_SCORE
from reetrace.pipeline.screening import screen_zones
from tests import worlds
from tests.earthengine.remote import LEGEND, MSI, OLI, compose, standing_on


def test_only_the_scenes_named_are_used(open_remote, tmp_path, pit):
    """Held to the scenes of an earlier run; where none is there it says so."""
    free = open_remote(standing_on(tmp_path / "scenes")).engine
    first = free.scenes(pit.site, worlds.year(2020), OLI)[0]

    held = open_remote(standing_on(tmp_path / "scenes"), only=frozenset({first.id})).engine
    lost = open_remote(standing_on(tmp_path / "scenes"), only=frozenset({"elsewhere"})).engine

    assert [each.id for each in compose(held, pit).scenes] == [first.id]
    with pytest.raises(NoImagery, match=r"Of the 1 scenes named, none .* leave --scenes-from out"):
        compose(lost, pit)


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        ([2005, 2015], "; surface reflectance of Sentinel-2 is published from 2017 on"),
        ([2005, 2020], ""),
    ],
)
def test_a_screening_that_finds_no_image_says_why_it_was_not_run(
    open_remote, tmp_path, pit, years, reason
):
    """Before 2017 there is nothing to find, which is another reason than clouds or gaps."""
    epochs = [SimpleNamespace(year=year) for year in years]
    planned = SimpleNamespace(study=pit.site, grid=pit.grid, legend=LEGEND, epochs=epochs)
    zones = SimpleNamespace(zone_sets=[worlds.zone_set()])
    engine = open_remote(standing_on(tmp_path / "scenes")).engine

    found = screen_zones(engine, cast("Any", planned), cast("Any", zones), [], seed=0)

    nothing = "no Sentinel-2 image covers the site in the years judged"
    assert (found.checks, found.scenes) == ((), ())
    assert found.not_run == nothing + reason


def test_before_its_archive_begins_a_sensor_is_said_to_be_missing(open_remote, tmp_path, pit):
    """Sentinel-2's surface reflectance begins in 2017, and Earth Engine has none before."""
    engine = open_remote(standing_on(tmp_path / "scenes")).engine

    with pytest.raises(NoImagery, match=r"surface reflectance of Sentinel-2 MSI begins later"):
        engine.scenes(pit.site, worlds.year(2016), MSI)


def test_a_sentinel_image_without_a_cloud_score_shows_nothing_clear_and_says_why(
    open_remote, tmp_path
):
    """Scores come later than images, and a few never: the others are used as ever."""
    world = worlds.forest(60, 50, pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    worlds.write_sentinel(tmp_path / "scenes", world, ["2020-01-05", "2020-02-04"])
    computing = standing_on(tmp_path / "scenes")
    scores = sorted(name for name in computing.world.images if name.startswith(CLOUD_SCORE))
    del computing.world.images[scores[0]]

    first, second = compose(open_remote(computing).engine, world, sensors=MSI).scenes

    assert (first.clear_share, second.clear_share) == (0.0, 1.0)
    (reason,) = first.warnings
    assert "Cloud Score+ has no score for this image" in reason
    assert second.warnings == ()


def test_a_sentinel_image_all_under_clouds_has_a_score_and_needs_no_reason(open_remote, tmp_path):
    """Nothing of it is clear either, but that is the clouds' doing."""
    world = worlds.forest(60, 50, pixel_m=20.0, west_m=450_000.0, north_m=2_860_000.0)
    world = world.cloud("2020-01-05", slice(0, 60), slice(0, 50))
    worlds.write_sentinel(tmp_path / "scenes", world, ["2020-01-05"])

    (scene,) = compose(
        open_remote(standing_on(tmp_path / "scenes")).engine, world, sensors=MSI
    ).scenes

    assert (scene.clear_share, scene.warnings) == (0.0, ())


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
