"""Areas painted, clipped and filled."""

from __future__ import annotations

import ee

from tests.standin.small import image, layer, rectangle, service

FOUR = [[1, 2], [3, 4]]


def test_an_area_is_painted_where_the_pixels_centre_lies_in_it():
    """Later features over earlier ones; outside the image stays."""
    backend = service(a=FOUR)
    areas = ee.FeatureCollection(
        [
            ee.Feature(rectangle(2, 1.6), {"code": 5}),
            ee.Feature(rectangle(1, 0.6), {"code": 7}),
        ]
    )

    found = ee.Image(0).toByte().paint(areas, "code")

    assert layer(backend, found, 2, 3).tolist() == [[7, 5, 0], [5, 5, 0]]


def test_painting_unmasks():
    """`ee.Image().paint` shows what was painted and nothing else."""
    backend = service(a=FOUR)

    found = ee.Image().toByte().paint(ee.FeatureCollection([ee.Feature(rectangle(1, 1))]), 3)

    assert layer(backend, found, 1, 2).tolist() == [[3, 0]]
    assert layer(backend, found.mask(), 1, 2).tolist() == [[1, 0]]


def test_a_painted_value_keeps_within_the_bands_type():
    """300 painted on bytes is 255."""
    backend = service(a=FOUR)

    found = ee.Image(0).toByte().paint(ee.FeatureCollection([ee.Feature(rectangle(1, 1))]), 300)

    assert layer(backend, found, 1, 1)[0, 0] == 255


def test_holes_are_not_painted():
    """The second ring of a polygon is a hole."""
    backend = service(a=FOUR)
    west, north = 450_015.0, 2_860_005.0

    def ring(side: float, start: float) -> list[list[float]]:
        corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        return [[west + start + x * side, north - start - y * side] for x, y in corners]

    frame = ee.Geometry.MultiPolygon([[ring(90, 0), ring(30, 30)]], "EPSG:32647", geodesic=False)
    found = ee.Image(0).toByte().paint(ee.FeatureCollection([ee.Feature(frame)]), 1)

    assert layer(backend, found, 3, 3).tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]


def test_clipping_masks_what_lies_outside():
    """By the centre, and values inside stay."""
    backend = service(a=FOUR)

    assert layer(backend, image().clip(rectangle(2, 1)).mask(), 2, 2).tolist() == [[1, 0], [1, 0]]


def test_unmasking_ends_at_the_footprint():
    """Unless sameFootprint is false."""
    backend = service(a=[[5]])

    kept = image().unmask(9)
    wide = image().unmask(9, sameFootprint=False)

    assert layer(backend, kept.mask(), 1, 2).tolist() == [[1, 0]]
    assert layer(backend, wide, 1, 2).tolist() == [[5, 9]]
