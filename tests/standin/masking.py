"""Functions of masks, and values put in place of others."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.standin.faults import Refused
from tests.standin.grids import Grid
from tests.standin.layers import Image, Layer, Pixels, constant_image
from tests.standin.pixel_types import DOUBLE, PixelType, constant_type, union
from tests.standin.registering import models


def per_band(image: Image, other: Image, what: str) -> list[tuple[Layer, Layer]]:
    """Each band of the first with its own of the second, or with the second's only one."""
    if len(other.bands) == 1:
        return [(layer, other.layers[0]) for layer in image.layers]
    if len(other.bands) != len(image.bands):
        raise Refused(
            f"{what}: one band or {len(image.bands)} bands are needed, got {len(other.bands)}."
        )
    return list(zip(image.layers, other.layers, strict=True))


@models("Image.updateMask")
def update_mask(image: Image, mask: Image) -> Image:
    """A new mask where the old one is not 0; masked pixels of the new mask count as 0."""

    def make(layer: Layer, new: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            values, old = layer.read(grid)
            wanted, wanted_mask = new.read(grid)
            share = np.clip(wanted.astype(np.float64), 0, 1) * (wanted_mask > 0)
            return values, np.where(old > 0, share, 0)

        return Layer(layer.kind, layer.projection, compute)

    pairs = per_band(image, mask, "Image.updateMask")
    return image.with_layers([make(layer, new) for layer, new in pairs])


@models("Image.selfMask")
def self_mask(image: Image) -> Image:
    """Masked by its own values."""
    return update_mask(image, image)


@models("Image.mask")
def mask(image: Image, mask: Image | None) -> Image:
    """The masks as values; or the image with other masks, where it was masked too."""

    def get(layer: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            share = layer.read(grid)[1]
            return share.astype(np.float64), np.ones_like(share)

        return Layer(DOUBLE, layer.projection, compute)

    def put(layer: Layer, new: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            wanted, wanted_mask = new.read(grid)
            return layer.read(grid)[0], np.clip(wanted, 0, 1) * (wanted_mask > 0)

        return Layer(layer.kind, layer.projection, compute)

    if mask is None:
        return image.with_layers([get(layer) for layer in image.layers])
    pairs = per_band(image, mask, "Image.mask")
    return image.with_layers([put(layer, new) for layer, new in pairs])


@models("Image.unmask")
def unmask(
    input_: Image,
    value: Image | None,
    same_footprint: bool,  # noqa: FBT001 - called by name
) -> Image:
    """Another image's values and masks where the mask is 0.

    With `sameFootprint` the output ends where the input's footprint does.
    """
    other = value if value is not None else constant_image([0])
    footprint = input_.footprint if same_footprint else None

    def make(layer: Layer, instead: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            values, mask = layer.read(grid)
            new, new_mask = instead.read(grid)
            if footprint is not None:
                new_mask = np.where(footprint.inside(grid), new_mask, 0)
            return np.where(mask > 0, values, new), np.where(mask > 0, mask, new_mask)

        return Layer(union(layer.kind, instead.kind), layer.projection, compute)

    pairs = per_band(input_, other, "Image.unmask")
    layers = [make(layer, instead) for layer, instead in pairs]
    return input_.with_layers(layers).replace(footprint=footprint)


@models("Image.where")
def where(input_: Image, test: Image, value: Image) -> Image:
    """Another value where a test is not 0; the input where either is masked."""

    def make(layer: Layer, asked: Layer, instead: Layer) -> Layer:
        def compute(grid: Grid) -> Pixels:
            values, mask = layer.read(grid)
            held, held_mask = asked.read(grid)
            new, new_mask = instead.read(grid)
            there = (held != 0) & (held_mask > 0) & (new_mask > 0) & (mask > 0)
            return np.where(there, new, values), mask

        return Layer(union(layer.kind, instead.kind), layer.projection, compute)

    tests = [asked for _, asked in per_band(input_, test, "Image.where")]
    values = [instead for _, instead in per_band(input_, value, "Image.where")]
    return input_.with_layers(
        [make(*each) for each in zip(input_.layers, tests, values, strict=True)]
    )


@models("Image.remap")
def remap(
    image: Image,
    from_: list[Any],
    to: list[Any],
    default_value: Any,
    band_name: str | None,
) -> Image:
    """One value for another, as a band `remapped`; masked where neither listed nor defaulted."""
    if len(from_) != len(to):
        raise Refused("Image.remap: The 'from' and 'to' lists must be of the same size.")
    layer = image.bands[image.pick([band_name])[0]] if band_name else image.layers[0]
    default = default_value.only("Image.remap") if isinstance(default_value, Image) else None
    if default_value is not None and default is None:
        default = constant_image([default_value]).layers[0]
    kinds = [constant_type(value) for value in to] + ([default.kind] if default else [])
    kind = union(*kinds) if kinds else PixelType("int", 0, 0)

    def compute(grid: Grid) -> Pixels:
        values, mask = layer.read(grid)
        new, listed = np.zeros(values.shape, dtype=kind.working), np.zeros(values.shape, bool)
        # The first of two entries for one value is the one that counts.
        for old, wanted in reversed(list(zip(from_, to, strict=True))):
            new, listed = np.where(values == old, wanted, new), listed | (values == old)
        if default is None:
            return new, np.where(listed, mask, 0)
        other, other_mask = default.read(grid)
        return np.where(listed, new, other), np.where(listed, mask, np.minimum(mask, other_mask))

    return Image({"remapped": Layer(kind, layer.projection, compute)}, {}, image.footprint)
