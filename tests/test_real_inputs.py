"""Real satellite files through the commands of docs/own-imagery.md."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from reetrace.evidence import load
from tests.real_data import real
from tests.running import reetrace, succeed


def outline_of(raster: Path, path: Path) -> Path:
    """The extent of a raster as GeoJSON, as a user would draw it around a clip."""
    import rasterio
    from rasterio.warp import transform_geom

    with rasterio.open(raster) as image:
        west, south, east, north = image.bounds
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = transform_geom(
            image.crs, "EPSG:4326", {"type": "Polygon", "coordinates": [ring]}
        )
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_a_real_open_pit_mine_in_the_southern_hemisphere(tmp_path):
    """La Pampa, Peru: register, add, import polygons, report; the map follows the bright floor."""
    folder = real("landsat8_lapampa_mine")
    scene = folder / "LC08_003069_20180906_sr_clip.tif"
    succeed(
        "scenes", "add", scene, "--sensor", "landsat8-oli", "--date", "2018-09-06",
        "--bands", "blue,green,red,nir,swir1,swir2", "--scale", "0.0001", folder=tmp_path,
    )  # fmt: skip
    succeed(
        "sites", "add", "la-pampa", outline_of(scene, tmp_path / "outline.geojson"),
        "--name", "La Pampa", "--country", "PER", "--commodity", "gold", "--epochs", "2018",
        "--season", "6,7,8,9,10", folder=tmp_path,
    )  # fmt: skip
    succeed(
        "labels", "import", "la-pampa", folder / "amw_mining_polygons_2018_2024.gpkg",
        "--epoch", "2018", "--as", "mine", "--where", "file_year=2018", "--per-class", "150",
        "--outside", "non-mine", "--outside-count", "200",
        "--interpreter", "Amazon Mining Watch", "--image-source", "Sentinel-2, model output",
        folder=tmp_path,
    )  # fmt: skip

    succeed("report", "--site", "la-pampa", "--years", "2018", folder=tmp_path)

    bag = tmp_path / "reports" / "la-pampa_2018"
    evidence = load(bag)
    mapped = {
        each.landcover: each
        for each in evidence.areas
        if (each.zone_set, each.zone) == ("study-area", "all")
    }
    assert not evidence.simulated
    assert evidence.grid.epsg == 32619
    assert evidence.grid.north_m < 0
    assert evidence.epochs[0].scenes[0].resampling == "none"
    assert sum(each.pixels for each in mapped.values()) == 110 * 104
    assert evidence.grid.pixel_area_m2 == pytest.approx(900.46, abs=0.01)
    # The polygons are patch unions that over-cover: 5.63 km² of the clip; bare floor is about half.
    assert 3.5 < (mapped["mine"].mapped.value or 0) < 5.63
    assert mapped["mine"].adjusted.value is None
    assert "chosen" in mapped["mine"].adjusted.reason or "no probability" in (
        mapped["mine"].adjusted.reason
    )
    assert agreement_with_bare_ground(bag) > 0.85
    assert (bag / "data" / "report.pdf").stat().st_size > 100_000


def agreement_with_bare_ground(bag: Path) -> float:
    """Share of pixels on which the class map and a plain brightness rule agree."""
    import rasterio

    with rasterio.open(bag / "data" / "rasters" / "2018_composite.tif") as image:
        red = image.read(3) * 0.0000275 - 0.2
    with rasterio.open(bag / "data" / "rasters" / "2018_landcover.tif") as image:
        codes = image.read(1)
    seen = codes != 0
    return float(np.mean((red[seen] > 0.12) == (codes[seen] == 2)))


def test_two_dates_of_real_forest_with_a_legend_of_their_own(tmp_path):
    """Volcán Barva, Costa Rica: four bands, no shortwave infrared, forest and non-forest."""
    folder = real("landsat5_costarica_1986_2001")
    for date in ("1986-02-06", "2001-01-14"):
        name = f"LT05_015053_{date.replace('-', '')}_sr_reflectance.tif"
        succeed(
            "scenes", "add", folder / name, "--sensor", "landsat5-tm", "--date", date,
            "--bands", "blue,green,red,nir", "--scale", "1", "--offset", "0", folder=tmp_path,
        )  # fmt: skip
    outline = outline_of(folder / name, tmp_path / "outline.geojson")
    succeed(
        "sites", "add", "volcan-barva", outline, "--country", "CRI", "--legend", "forest",
        "--epochs", "1986,2001", "--season", "1,2", folder=tmp_path,
    )  # fmt: skip
    succeed(
        "labels", "import", "volcan-barva", folder / "training_polygons_1986_2001.gpkg",
        "--epoch", "1986=class_1986", "--epoch", "2001=class_2001",
        "--map", "Forest=forest", "--map", "NonForest=non-forest", "--per-class", "150",
        "--interpreter", "A. Zvoleff", "--image-source", "Landsat 5 TM", folder=tmp_path,
    )  # fmt: skip

    succeed("run", "--site", "volcan-barva", "--years", "1986-2001", folder=tmp_path)

    evidence = load(tmp_path / "reports" / "volcan-barva_1986-2001")
    (matrix,) = (each for each in evidence.changes if each.zone_set == "study-area")
    (growth,) = (each for each in evidence.growth if each.zone_set == "study-area")
    # 38 labels are held out, from few polygons; all 120 are judged in turn.
    judged = [each for each in evidence.accuracies if each.basis == "cross-validation"]
    assert evidence.legend.target == "non-forest"
    assert evidence.models[0].features == ("blue", "green", "red", "nir", "ndvi")
    assert {scene.resampling for each in evidence.epochs for scene in each.scenes} == {"none"}
    assert sum(cell.pixels for cell in matrix.cells) == 213 * 167
    assert growth.verdict == "cannot-tell"
    assert [each.labels for each in judged] == [120, 120]
    assert all((each.overall.value or 0) > 0.9 for each in judged)


def test_a_tenfold_band_is_refused_as_distributed(tmp_path):
    """The 1986 file as distributed: bands 1-3 are ten times too large, the near infrared is not."""
    folder = real("landsat5_costarica_1986_2001")

    done = reetrace(
        "scenes", "add", folder / "LT05_015053_19860206_sr_as_distributed.tif",
        "--sensor", "landsat5-tm", "--date", "1986-02-06", "--bands", "blue,green,red,nir",
        "--scale", "0.0001", folder=tmp_path,
    )  # fmt: skip

    assert done.returncode == 1
    assert "ten times too large" in done.stderr
    assert not (tmp_path / "scenes").exists()


def test_real_sentinel_2_is_refused_until_its_offset_is_declared_and_then_shows_nothing(tmp_path):
    """Porto Trombetas has no rare earths: whatever its ground does at 740 nm is no anomaly."""
    folder = real("sentinel2_porto_trombetas")
    scene = folder / "S2_L2A_porto_trombetas_with_0p1_offset.tif"
    register = (
        "scenes", "add", scene, "--sensor", "sentinel2-msi", "--date", "2022-08-01",
        "--bands", "-,B02,B03,B04,B05,B06,B07,B08,B8A,-,B11,B12", "--scale", "0.0001",
    )  # fmt: skip
    refused = reetrace(*register, "--offset", "0", folder=tmp_path)
    succeed(*register, "--offset", "-0.1", folder=tmp_path)
    succeed(
        "sites", "add", "porto-trombetas", outline_of(scene, tmp_path / "outline.geojson"),
        "--country", "BRA", "--commodity", "bauxite", "--epochs", "2022", "--season", "6,7,8,9",
        folder=tmp_path,
    )  # fmt: skip
    succeed(
        "labels", "import", "porto-trombetas", folder / "training_polygons.gpkg",
        "--epoch", "2022=class", "--map", "forest=non-mine", "--map", "water=non-mine",
        "--map", "village=mine", "--map", "dryout=mine", "--pixel-m", "20",
        "--interpreter", "RStoolbox", "--image-source", "Sentinel-2", folder=tmp_path,
    )  # fmt: skip

    succeed("report", "--site", "porto-trombetas", "--years", "2022", folder=tmp_path)

    evidence = load(tmp_path / "reports" / "porto-trombetas_2022")
    assert refused.returncode == 1
    assert "offset" in refused.stderr
    assert evidence.grid.pixel_m == 20
    assert [each.verdict for each in evidence.spectral] != []
    assert {each.verdict for each in evidence.spectral} <= {"INCONCLUSIVE", "NO_ANOMALY"}
