"""Functions that make one image of many, or of an image's bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.standin.coercion import as_geometry
from tests.standin.elements import Collection, Element, changed, indexed
from tests.standin.faults import Refused, Unmodelled
from tests.standin.geometry import Geometry
from tests.standin.grids import WGS84, Grid
from tests.standin.layers import Image, Layer, Pixels
from tests.standin.pixel_types import BOOLEAN, union
from tests.standin.reducers import Reducer
from tests.standin.registering import models
from tests.standin.session import session
from tests.standin.statistics import STATISTICS, Statistic


@models("Image.load")
def load_image(id_: str) -> Image:
    """An image of the archive, or one that an export has written."""
    image: Image = session().archive.image(id_)
    return image


@models("ImageCollection.load")
def load_collection(id_: str) -> Collection:
    """A collection of the archive."""
    collection: Collection = session().archive.collection(id_)
    return collection


@models("ImageCollection.fromImages")
def from_images(images: list[Image]) -> Collection:
    """Images of a list, whose indices are their places in it."""
    items: list[Element] = list(images)
    if session().readings.listed_index == "kept":
        return Collection(tuple(items))
    return Collection(indexed(items))


def _extent(collection: Collection) -> Geometry | None:
    """Where a composite ends."""
    footprints = [image.footprint for image in collection.images()]
    if session().readings.composite_extent == "everywhere" or None in footprints:
        return None
    return as_geometry(collection) if footprints else None


def stack(layers: list[Layer], statistic: Statistic) -> Layer:
    """A statistic down the layers, wherever one of them is seen; at one degree by default."""

    def compute(grid: Grid) -> Pixels:
        read = [layer.read(grid) for layer in layers]
        values = np.stack([each for each, _ in read])
        values, seen = statistic.down_stack(values, np.stack([mask for _, mask in read]) > 0)
        return values, seen.astype(np.float32)

    kind = statistic.kind(union(*(layer.kind for layer in layers)), len(layers))
    return Layer(kind, WGS84, compute)


def _described(image: Image) -> str:
    return f"{len(image.bands)} bands ([{', '.join(image.names)}])"


def _by_band(collection: Collection) -> dict[str, list[Layer]]:
    """Layers of each band, which all images must have."""
    images = collection.images()
    for image in images[1:]:
        if image.names != images[0].names:
            raise Refused(
                "Expected a homogeneous image collection, but an image with incompatible bands "
                f"was encountered: First image type: {_described(images[0])}. Current image type: "
                f"{_described(image)}. Some bands might require explicit casts."
            )
    names = images[0].names if images else []
    return {name: [image.bands[name] for image in images] for name in names}


@models(*(f"reduce.{name}" for name in ("median", "mean", "min", "max", "count", "sum")))
def reduce_by_name(collection: Collection, *, algorithm_name: str) -> Image:
    """A statistic of each band under the band's own name; no bands of an empty collection."""
    statistic = STATISTICS[algorithm_name.removeprefix("reduce.")]
    bands = {name: stack(each, statistic) for name, each in _by_band(collection).items()}
    return Image(bands, {}, _extent(collection))


@models("reduce.and", "reduce.or")
def reduce_by_logic(collection: Collection, *, algorithm_name: str) -> Image:
    """Whether all, or any, are not 0."""
    function: Any = np.all if algorithm_name == "reduce.and" else np.any
    neutral = algorithm_name == "reduce.and"

    def make(layers: list[Layer]) -> Layer:
        def compute(grid: Grid) -> Pixels:
            read = [layer.read(grid) for layer in layers]
            seen = np.stack([mask for _, mask in read]) > 0
            held = np.where(seen, np.stack([values for values, _ in read]) != 0, neutral)
            return function(held, axis=0), np.asarray(seen.any(axis=0))

        return Layer(BOOLEAN, WGS84, compute)

    return Image({name: make(layers) for name, layers in _by_band(collection).items()})


@models("ImageCollection.reduce")
def reduce(collection: Collection, reducer: Reducer) -> Image:
    """Each output of a reducer of each band, named `band_output`."""
    if not reducer.statistics:
        raise Unmodelled("ImageCollection.reduce with this reducer")
    return Image(
        {
            f"{name}_{output}": stack(layers, statistic)
            for name, layers in _by_band(collection).items()
            for output, statistic in zip(reducer.outputs, reducer.statistics, strict=True)
        },
        {},
        _extent(collection),
    )


@models("Image.reduce")
def reduce_bands(image: Image, reducer: Reducer) -> Image:
    """A reducer of the bands of each pixel, named by its outputs."""
    if not reducer.statistics or not image.bands:
        raise Unmodelled("Image.reduce with this reducer, or of no bands")
    bands = {}
    for output, statistic in zip(reducer.outputs, reducer.statistics, strict=True):
        layer = stack(image.layers, statistic)
        bands[output] = Layer(layer.kind, image.first_projection, layer.read)
    return Image(bands, {}, image.footprint)


@models("ImageCollection.mosaic")
def mosaic(collection: Collection) -> Image:
    """The last image that is seen, band by band."""
    images = collection.images()
    names = list(dict.fromkeys(name for image in images for name in image.names))
    last = STATISTICS["last"]
    return Image(
        {
            name: stack([image.bands[name] for image in images if name in image.bands], last)
            for name in names
        },
        {},
        _extent(collection),
    )


@models("ImageCollection.toBands")
def to_bands(collection: Collection) -> Image:
    """The bands of all images, each name preceded by its image's index."""
    bands = {
        f"{image.properties.get('system:index', k)}_{name}": layer
        for k, image in enumerate(collection.images())
        for name, layer in image.bands.items()
    }
    return Image(bands)


@models("Image.linkCollection")
def link_collection(
    input_: Image,
    image_collection: Collection,
    linked_bands: Any,
    linked_properties: Any,
    match_property_name: str,
) -> Image:
    """Bands and properties of the image of a collection that has the same index."""
    wanted = input_.properties.get(match_property_name)
    found = [
        image
        for image in image_collection.images()
        if wanted is not None and image.properties.get(match_property_name) == wanted
    ]
    if not found:
        return _linked_to_nothing(input_, image_collection, linked_bands)
    names = [linked_bands] if isinstance(linked_bands, str) else linked_bands or []
    bands = {name: found[0].bands[name] for name in found[0].pick(names)}
    taken = [linked_properties] if isinstance(linked_properties, str) else linked_properties or []
    linked = {name: found[0].properties.get(name) for name in taken}
    return changed(input_.replace(bands={**input_.bands, **bands}), linked)


def _linked_to_nothing(image: Image, collection: Collection, linked_bands: Any) -> Image:
    """Masked bands without pixels of their own, where no image of the collection matches."""
    if not linked_bands:
        return image
    images = collection.images()
    if not images:
        raise Unmodelled("Image.linkCollection to an empty collection")
    names = images[0].pick([linked_bands] if isinstance(linked_bands, str) else linked_bands)
    masked = {name: _unseen(images[0].bands[name]) for name in names}
    return image.replace(bands={**image.bands, **masked})


def _unseen(layer: Layer) -> Layer:
    def compute(grid: Grid) -> Pixels:
        shape = (grid.rows, grid.cols)
        return np.zeros(shape, dtype=layer.kind.working), np.zeros(shape, dtype=np.float32)

    return Layer(layer.kind, WGS84, compute)


Make = Callable[[Layer], Layer]


@models("Image.reduceResolution")
def reduce_resolution(image: Image, reducer: Reducer, max_pixels: int) -> Image:
    """A reducer of the pixels of the default projection that make up each coarser pixel.

    Modelled for the mean on lattices that nest: the coarser pixel is a whole number of the finer,
    and their edges meet.
    """
    if reducer.outputs != ("mean",) or not reducer.statistics:
        raise Unmodelled("Image.reduceResolution with another reducer than the mean")

    def make(layer: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            times = _nesting(layer, grid)
            if times**2 > max_pixels:
                raise Refused(
                    f"Image.reduceResolution: Too many input pixels per output pixel: {times**2}, "
                    f"maxPixels allows {max_pixels}."
                )
            values, mask = layer.read(grid.finer(times))
            blocks = (grid.rows, times, grid.cols, times)
            weights = mask.reshape(blocks).sum(axis=(1, 3), dtype=np.float64)
            total = (values * mask.astype(np.float64)).reshape(blocks).sum(axis=(1, 3))
            mean = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
            return mean, weights / times**2

        kind = STATISTICS["mean"].kind(layer.kind, 1)
        return Layer(kind, layer.projection, compute)

    return image.with_layers([make(layer) for layer in image.layers])


def _nesting(layer: Layer, grid: Grid) -> int:
    fine, coarse = layer.projection, grid.projection
    if fine.crs != coarse.crs:
        raise Unmodelled("Image.reduceResolution across coordinate systems")
    times = coarse.pixel / fine.pixel
    shifts = [(coarse.transform[k] - fine.transform[k]) / fine.pixel for k in (2, 5)]
    if times < 1:
        return 1
    if any(abs(each - round(each)) > 1e-6 for each in (times, *shifts)):
        raise Unmodelled("Image.reduceResolution onto pixels that do not nest")
    return round(times)
