"""Functions that make images and arrange their bands."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.standin.coercion import as_geometry
from tests.standin.faults import Refused, Unmodelled
from tests.standin.geometry import Geometry
from tests.standin.grids import WGS84, Grid, Projection, is_geographic, lattice, move
from tests.standin.layers import Image, Layer, Pixels, constant_image, constant_layer
from tests.standin.pixel_types import DOUBLE, FLOAT
from tests.standin.registering import models


@models("Image.constant")
def constant(value: Any) -> Image:
    """A number or a list of numbers everywhere."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, int | float) for each in values):
        raise Unmodelled(f"Image.constant of {value!r}")
    return constant_image(values)


@models("Image.select")
def select(input_: Image, band_selectors: list[Any], new_names: list[str] | None) -> Image:
    """Some of the bands, renamed if names are given."""
    picked = input_.pick(band_selectors)
    names = new_names if new_names is not None else picked
    if len(names) != len(picked):
        raise Refused(
            f"Image.select: The number of names ({len(names)}) must match the number of bands "
            f"({len(picked)})."
        )
    if len(set(names)) != len(names):
        raise Refused(f"Image.select: Duplicate band name among {names}.")
    bands = {new: input_.bands[old] for new, old in zip(names, picked, strict=True)}
    return input_.replace(bands=bands)


@models("Image.rename")
def rename(input_: Image, names: list[str]) -> Image:
    """The same bands under other names."""
    if len(names) != len(input_.names) or len(set(names)) != len(names):
        raise Refused(
            f"Image.rename: Can't rename {len(input_.names)} bands to {names}: one unique name a "
            "band is needed."
        )
    return input_.replace(bands=dict(zip(names, input_.layers, strict=True)))


@models("Image.addBands")
def add_bands(
    dst_img: Image,
    src_img: Image,
    names: list[str] | None,
    overwrite: bool,  # noqa: FBT001 - called by name
) -> Image:
    """Bands of a second image after those of the first; a name that is taken gets a number."""
    bands = dict(dst_img.bands)
    for name in src_img.pick(names) if names is not None else src_img.names:
        new = name
        number = 1
        while new in bands and not overwrite:
            new, number = f"{name}_{number}", number + 1
        bands[new] = src_img.bands[name]
    return dst_img.replace(bands=bands)


@models("Image.bandNames")
def band_names(image: Image) -> list[str]:
    """In order."""
    return image.names


@models("Image.projection")
def projection(image: Image) -> Projection:
    """The default projection, which all bands must share."""
    return image.projection


@models("Image.metadata")
def metadata(image: Image, property_: str, name: str | None) -> Image:
    """A property's number everywhere, as double."""
    value = image.properties.get(property_)
    if not isinstance(value, int | float):
        raise Refused(f"Image.metadata: Property '{property_}' is not a number: {value!r}.")
    return Image({name or property_: constant_layer(value, DOUBLE)})


@models("Image.reproject")
def reproject(
    image: Image, crs: Projection, crs_transform: list[float] | None, scale: float | None
) -> Image:
    """Computed on one lattice, whatever is asked for; nearest neighbour from there."""
    target = lattice(image.first_projection, crs, scale, crs_transform)

    def make(layer: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            return resample(layer, target, grid)

        return Layer(layer.kind, target, compute)

    return image.with_layers([make(layer) for layer in image.layers])


def resample(layer: Layer, target: Projection, grid: Grid) -> Pixels:
    """A layer read on a lattice, then its nearest pixels on a grid."""
    if grid.projection == target:
        return layer.read(grid)
    across, down = grid.places(target.crs)
    a, _, c, _, e, f = target.transform
    cols, rows = np.floor((across - c) / a).astype(int), np.floor((down - f) / e).astype(int)
    top, left = int(rows.min()), int(cols.min())
    part = Grid(target, 1, 1).part(top, left, int(rows.max()) - top + 1, int(cols.max()) - left + 1)
    values, mask = layer.read(part)
    return values[rows - top, cols - left], mask[rows - top, cols - left]


@models("Image.setDefaultProjection")
def set_default_projection(
    image: Image, crs: Projection, crs_transform: list[float] | None, scale: float | None
) -> Image:
    """What a composite lacks; computing is not moved to it."""
    target = lattice(image.first_projection, crs, scale, crs_transform)
    layers = [Layer(layer.kind, target, layer.read) for layer in image.layers]
    return image.with_layers(layers)


@models("Image.pixelArea")
def pixel_area() -> Image:
    """Square metres of each pixel of whatever grid is asked for."""

    def compute(grid: Grid) -> Pixels:
        return areas_m2(grid), np.ones((grid.rows, grid.cols), dtype=np.float32)

    return Image({"area": Layer(FLOAT, WGS84, compute)})


def areas_m2(grid: Grid) -> Any:
    """Area on the ellipsoid of each pixel."""
    a, b, _, d, e, _ = grid.projection.transform
    size = abs(a * e - b * d)
    longitudes, latitudes = grid.places("EPSG:4326")
    if is_geographic(grid.projection.crs):
        # Radii of curvature of WGS 84, along the meridian and across it.
        sine = 1 - 0.00669437999014 * np.sin(np.radians(latitudes)) ** 2
        across = 6_378_137.0 / np.sqrt(sine) * np.cos(np.radians(latitudes))
        along = 6_378_137.0 * (1 - 0.00669437999014) / sine**1.5
        return size * np.radians(1.0) ** 2 * across * along
    from pyproj import Proj

    return size / Proj(grid.projection.crs).get_factors(longitudes, latitudes).areal_scale


@models("Image.pixelLonLat")
def pixel_lon_lat() -> Image:
    """Longitude and latitude of pixel centres."""

    def layer(index: int) -> Layer:
        def compute(grid: Grid) -> Pixels:
            shape = (grid.rows, grid.cols)
            return grid.places("EPSG:4326")[index], np.ones(shape, dtype=np.float32)

        return Layer(DOUBLE, WGS84, compute)

    return Image({"longitude": layer(0), "latitude": layer(1)})


@models("Image.pixelCoordinates")
def pixel_coordinates(projection: Projection) -> Image:
    """Pixel coordinates x and y of a projection at pixel centres."""

    def layer(index: int) -> Layer:
        def compute(grid: Grid) -> Pixels:
            across, down = grid.centres()
            east, north = move(across, down, grid.projection.crs, projection.crs)
            a, b, c, d, e, f = projection.transform
            east, north = east - c, north - f
            whole = a * e - b * d
            place = (e * east - b * north, a * north - d * east)[index] / whole
            return place, np.ones(place.shape, dtype=np.float32)

        return Layer(DOUBLE, projection, compute)

    return Image({"x": layer(0), "y": layer(1)})


@models("Image.clip")
def clip(input_: Image, geometry: Any) -> Image:
    """Masked where the pixel's centre lies outside."""
    return clipped(input_, as_geometry(geometry))


def clipped(image: Image, geometry: Geometry) -> Image:
    """An image masked outside a geometry; properties stay."""

    def make(layer: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            values, mask = layer.read(grid)
            return values, np.where(geometry.inside(grid), mask, 0)

        return Layer(layer.kind, layer.projection, compute)

    layers = [make(layer) for layer in image.layers]
    return image.with_layers(layers).replace(footprint=geometry)


@models("Image.clipToBoundsAndScale")
def clip_to_bounds_and_scale(
    input_: Image, geometry: Geometry | None, scale: float | None
) -> Image:
    """On pixels of a size, within the rectangle around a geometry."""
    from shapely.geometry import box

    if geometry is None or scale is None:
        raise Unmodelled("Image.clipToBoundsAndScale without a geometry and a scale")
    target = input_.first_projection.at_scale(scale)
    around = Geometry(box(*geometry.bounds(target.crs)), target.crs, geodesic=False)
    return clipped(reproject(input_, target, None, None), around)


@models("Image.clipToCollection")
def clip_to_collection(input_: Image, collection: Any) -> Image:
    """Masked outside all of a collection's geometries."""
    return clipped(input_, as_geometry(collection))
