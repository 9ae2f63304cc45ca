"""The median of the clear observations, as a graph.

The arithmetic is that of the embedded engine, integer by integer: stored reflectance, halves
rounded up, one band without a measurement takes the pixel out of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from reetrace.core.grid import Grid
from reetrace.core.raster import OBSERVATIONS
from reetrace.core.sensor import Sensor
from reetrace.core.site import Site
from reetrace.engines.earthengine.archive import (
    CLOUD_SCORE,
    CLOUD_SCORE_BAND,
    CLOUD_SCORE_LATTICE,
    CLOUD_SCORE_LEAST,
    CLOUD_SCORE_PIXEL_M,
    Archive,
)
from reetrace.engines.earthengine.listing import Listed
from reetrace.engines.earthengine.places import MOST_PIXELS, extent, inside, on_pixels
from reetrace.engines.earthengine.trees import band_names

if TYPE_CHECKING:
    import ee

_STORED_MOST = 65_535


def composite(
    scenes: Sequence[Listed], sensor: Sensor, archive: Archive, grid: Grid, min_observations: int
) -> ee.Image:
    """Bands by role as stored reflectance, 0 where not seen, then the number of observations.

    Bands are called `band_names` of the sensor's roles.
    """
    import ee

    views = ee.ImageCollection.fromImages(
        [_one_pass(frames, sensor, archive, grid) for frames in passes(scenes)]
    )
    names = list(band_names(sensor.roles))
    medians = views.reduce(ee.Reducer.median()).rename(names)
    observations = everywhere(views.select(names[0]).count()).toUint16().rename(OBSERVATIONS)
    stored = medians.add(0.5).floor().updateMask(observations.gte(max(min_observations, 1)))
    return everywhere(stored).toUint16().addBands(observations)


def passes(scenes: Sequence[Listed]) -> tuple[tuple[Listed, ...], ...]:
    """Scenes that one satellite took on one day, by day: where they overlap it is one view."""
    ordered = sorted(scenes, key=lambda each: (each.date, each.platform, each.id))
    return tuple(
        tuple(frames) for _, frames in groupby(ordered, key=lambda each: (each.date, each.platform))
    )


def clear_pixels(
    scenes: Sequence[Listed],
    sensor: Sensor,
    archive: Archive,
    grid: Grid,
    site: Site,
    tile_scale: float,
) -> ee.Dictionary:
    """Pixels of the area of interest (`area`), and of each scene those that are clear there.

    The latter go by the scene's position: `s0` are clear, and of archives whose clouds are judged
    by Cloud Score+ `c0` have a score.
    """
    import ee

    area = inside(site, grid)
    layers = [area.rename("area")]
    for position, scene in enumerate(scenes):
        seen = clear(scene, sensor, archive, grid).mask().select(0).gt(0)
        layers.append(seen.And(area).rename(f"s{position}"))
        if archive.cloud_score:
            has_score = everywhere(_scored(ee.Image(scene.id)).mask().gt(0))
            layers.append(has_score.And(area).rename(f"c{position}"))
    return ee.Image.cat(layers).reduceRegion(
        reducer=ee.Reducer.sum().unweighted(),
        geometry=extent(grid),
        **on_pixels(grid),
        maxPixels=MOST_PIXELS,
        tileScale=tile_scale,
    )


def _one_pass(frames: Sequence[Listed], sensor: Sensor, archive: Archive, grid: Grid) -> ee.Image:
    import ee

    images = [clear(each, sensor, archive, grid) for each in frames]
    # A mosaic shows its last image on top; the first by id is to win.
    return images[0] if len(images) == 1 else ee.ImageCollection.fromImages(images[::-1]).mosaic()


def clear(scene: Listed, sensor: Sensor, archive: Archive, grid: Grid) -> ee.Image:
    """Stored reflectance of a scene by role, masked where it was not seen clear."""
    import ee

    image = ee.Image(scene.id)
    names = dict(zip(sensor.bands, band_names(sensor.roles), strict=True))
    layers = []
    for pixel_m in sorted({band.pixel_m for band in sensor.bands}):
        alike = [band for band in sensor.bands if band.pixel_m == pixel_m]
        chosen = image.select(
            [archive.band(band.id) for band in alike], [names[band] for band in alike]
        )
        layers.append(_on_grid(_stored(chosen, archive), pixel_m, scene, grid))
    stored = ee.Image.cat(layers).select(list(names.values()))
    seen = everywhere(stored).neq(0).reduce(ee.Reducer.min())
    for quality in sensor.quality:
        seen = seen.And(_unflagged(image, archive, quality.id, sensor))
    if archive.cloud_score:
        seen = seen.And(everywhere(_unclouded(image, scene, grid)))
    return stored.updateMask(seen)


def resampling(scene: Listed, sensor: Sensor, archive: Archive, grid: Grid) -> str:
    """How a scene's pixels come onto the grid: `none`, or the methods in words, by band."""
    in_zone = scene.epsg == grid.epsg
    on_lattice = in_zone and (grid.west_m - archive.shift_m) % archive.lattice_m == 0
    methods = []
    for band in sensor.bands:
        step = round(grid.pixel_m / band.pixel_m)
        if on_lattice and step * band.pixel_m == grid.pixel_m:
            methods.append("none" if step == 1 else f"mean of {step} × {step} pixels")
        else:
            methods.append("nearest pixel")
    return "; ".join(sorted(dict.fromkeys(methods)))


def everywhere(image: ee.Image) -> ee.Image:
    """The image with 0 where it is masked, beyond the edge of its scenes too."""
    return image.unmask(0, sameFootprint=False)


def _unclouded(image: ee.Image, scene: Listed, grid: Grid) -> ee.Image:
    """1 where Cloud Score+ finds every one of the pixels it has there clear enough."""
    import ee

    enough = _scored(image).gte(CLOUD_SCORE_LEAST)
    if not _nests(CLOUD_SCORE_PIXEL_M, scene, grid):
        return enough
    # A scene without a score is linked to a masked band, and whether that has pixels of a size
    # is nowhere documented. Scores lie on the pixels of the scene's own 10 m bands.
    lattice = image.select(CLOUD_SCORE_LATTICE).projection()
    step = round(grid.pixel_m / CLOUD_SCORE_PIXEL_M)
    share = enough.setDefaultProjection(lattice).reduceResolution(
        ee.Reducer.mean(), bestEffort=False, maxPixels=_most_finer(step)
    )
    # The mean of ones alone is one, but for what the weights of the pixels may be rounded by.
    return share.reproject(**on_pixels(grid)).gt(0.999)


def _scored(image: ee.Image) -> ee.Image:
    """The score of each pixel, masked where there is none: all of it for some scenes."""
    import ee

    linked = image.linkCollection(ee.ImageCollection(CLOUD_SCORE), [CLOUD_SCORE_BAND])
    return linked.select(CLOUD_SCORE_BAND)


def _nests(pixel_m: float, scene: Listed, grid: Grid) -> bool:
    """Whether a grid pixel is made of several whole pixels of a scene's band, edge on edge."""
    step = round(grid.pixel_m / pixel_m)
    whole = step > 1 and step * pixel_m == grid.pixel_m
    on_edges = grid.west_m % pixel_m == 0 and grid.north_m % pixel_m == 0
    return scene.epsg == grid.epsg and whole and on_edges


def _most_finer(step: int) -> int:
    """Finer pixels that may make up one of the grid's; never less than the service's own 64.

    Whether those that only touch its edge count among them is nowhere documented.
    """
    return max(64, 4 * step * step)


def _stored(image: ee.Image, archive: Archive) -> ee.Image:
    """The scene's integers as stored reflectance; Landsat's own are that already.

    Sentinel-2's n stand for 0.0001 n, so round((0.0001 n + 0.2) / 0.0000275), which is
    round((40 n + 80000) / 11).
    """
    if not archive.cloud_score:
        return image
    scaled = image.toDouble().multiply(80).add(160_011).divide(22).floor().min(_STORED_MOST)
    # What has no measurement there is 0, and stays so.
    return scaled.updateMask(image.neq(0)).toUint16()


def _on_grid(stored: ee.Image, pixel_m: float, scene: Listed, grid: Grid) -> ee.Image:
    """Of finer pixels the mean, halves rounded up; of others the nearest, which is the default."""
    import ee

    if not _nests(pixel_m, scene, grid):
        return stored
    step = round(grid.pixel_m / pixel_m)
    mean = stored.reduceResolution(ee.Reducer.mean(), bestEffort=False, maxPixels=_most_finer(step))
    placed = mean.reproject(**on_pixels(grid))
    return placed.add(0.5).floor().toUint16()


def _unflagged(image: ee.Image, archive: Archive, quality_id: str, sensor: Sensor) -> ee.Image:
    """1 where none of a quality band's conditions holds, for the bands that are used."""
    quality = next(each for each in sensor.quality if each.id == quality_id)
    flags = archive.rejected(quality, sensor.roles).reject
    band = image.select(quality_id)
    bits = _sum(1 << flag.bit for flag in flags if flag.bit is not None)
    clean = band.bitwiseAnd(bits).eq(0) if bits else band.gte(0)
    for value in sorted(value for flag in flags for value in flag.values):
        clean = clean.And(band.neq(value))
    return everywhere(clean)


def _sum(bits: Iterable[int]) -> int:
    total = 0
    for bit in bits:
        total |= bit
    return total
