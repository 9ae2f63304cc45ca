"""Pixels of regions reduced, sampled and painted."""

from __future__ import annotations

import ee
import pytest

from tests.loopback.backend import BackendError
from tests.standin.faults import Unmodelled
from tests.standin.offline import features, value
from tests.standin.small import image, on_pixels, point, rectangle, service

FOUR = [[1, 2], [3, 4]]


def test_an_edge_pixel_weighs_by_its_covered_share():
    """One and a half pixels of 1 and 2: 1 + 2 / 2."""
    backend = service(a=FOUR)

    found = image().reduceRegion(ee.Reducer.sum(), rectangle(1, 1.5), **on_pixels())

    assert value(backend, found) == {"a": 2.0}


def test_unweighted_an_edge_pixel_counts_if_its_centre_is_inside():
    """Six tenths of a pixel count whole, four tenths not at all."""
    backend = service(a=FOUR)
    total = ee.Reducer.sum().unweighted()

    more = image().reduceRegion(total, rectangle(1, 1.6), **on_pixels())
    less = image().reduceRegion(total, rectangle(1, 1.4), **on_pixels())

    assert value(backend, more) == {"a": 3.0}
    assert value(backend, less) == {"a": 1.0}


def test_counts_and_extremes_go_by_the_centre():
    """They have no weights."""
    backend = service(a=FOUR)
    both = ee.Reducer.count().combine(ee.Reducer.max(), sharedInputs=True)

    found = image().reduceRegion(both, rectangle(1, 1.4), **on_pixels())

    assert value(backend, found) == {"a_count": 1, "a_max": 1}


def test_a_fractional_mask_weighs_too():
    """A pixel's weight is the smaller of its mask and its covered share."""
    backend = service(a=FOUR)
    faint = image().updateMask(0.25)

    found = faint.reduceRegion(ee.Reducer.sum(), rectangle(1, 1.5), **on_pixels())

    assert value(backend, found) == {"a": 0.25 * 1 + 0.25 * 2}


def test_weighted_and_unweighted_reducers_are_not_combined():
    """Which pixels the pair would look at is documented nowhere."""
    backend = service(a=FOUR)
    mixed = ee.Reducer.mean().combine(ee.Reducer.count(), sharedInputs=True)

    with pytest.raises(Unmodelled, match="unweighted"):
        value(backend, image().reduceRegion(mixed, rectangle(1, 1), **on_pixels()))


def test_a_histogram_counts_each_value_under_its_text():
    """Whole numbers are written without a point; masked pixels are not there."""
    backend = service(a=[[7, 7, 0], [5, 7, 5]])
    histogram = ee.Reducer.frequencyHistogram().unweighted()

    found = image().reduceRegion(histogram, rectangle(2, 3), **on_pixels())

    assert value(backend, found) == {"a": {"5": 2.0, "7": 3.0}}


def test_the_keys_of_a_histogram_of_doubles_have_a_point():
    """Who parses keys has to take `7.0` as well."""
    backend = service(a=[[7]])
    histogram = ee.Reducer.frequencyHistogram().unweighted()

    found = image().toDouble().reduceRegion(histogram, rectangle(1, 1), **on_pixels())

    assert value(backend, found) == {"a": {"7.0": 1.0}}


def test_groups_come_by_rising_value_with_the_others_sum():
    """The group's band is told by its position; its values are left out of the sum."""
    backend = service(a=[[10, 20, 30]], kind=[[2, 1, 2]])
    grouped = ee.Reducer.sum().unweighted().group(1, "kind")

    found = image().select(["a", "kind"]).reduceRegion(grouped, rectangle(1, 3), **on_pixels())

    assert value(backend, found) == {"groups": [{"kind": 1, "sum": 20.0}, {"kind": 2, "sum": 40.0}]}


def test_groups_within_groups_nest_the_later_outside():
    """`.group(1, 'cls').group(2, 'zone')` on [area, cls, zone]."""
    backend = service(area=[[5, 7]], cls=[[1, 2]], zone=[[3, 3]])
    nested = ee.Reducer.sum().unweighted().group(1, "cls").group(2, "zone")
    bands = image().select(["area", "cls", "zone"])

    found = value(backend, bands.reduceRegion(nested, rectangle(1, 2), **on_pixels()))

    assert found == {
        "groups": [{"zone": 3, "groups": [{"cls": 1, "sum": 5.0}, {"cls": 2, "sum": 7.0}]}]
    }


def test_a_group_of_an_input_that_is_not_there_is_refused():
    """The reverse order of nesting asks for a third input of two."""
    backend = service(a=FOUR)

    with pytest.raises(BackendError, match="index 2 is out of range"):
        value(
            backend,
            image().reduceRegion(ee.Reducer.sum().group(2, "zone"), rectangle(1, 1), **on_pixels()),
        )


def test_a_reducer_of_several_inputs_needs_as_many_bands():
    """A group of one band has nothing to sum."""
    backend = service(a=FOUR)

    with pytest.raises(BackendError, match=r"needs 2 inputs, but the image has 1 band"):
        value(
            backend,
            image().reduceRegion(ee.Reducer.sum().group(1), rectangle(1, 1), **on_pixels()),
        )


def test_repeated_reducers_answer_with_lists():
    """Sums of two bands by a third."""
    backend = service(a=[[1, 2]], b=[[10, 20]], kind=[[1, 1]])
    sums = ee.Reducer.sum().unweighted().repeat(2).group(2, "kind")
    bands = image().select(["a", "b", "kind"])

    found = value(backend, bands.reduceRegion(sums, rectangle(1, 2), **on_pixels()))

    assert found == {"groups": [{"kind": 1, "sum": [3.0, 30.0]}]}


def test_too_many_pixels_are_counted_in_the_refusal():
    """MaxPixels is ten million unless it is given."""
    backend = service(a=FOUR)

    with pytest.raises(
        BackendError, match=r"Too many pixels in the region\. Found 4, but maxPixels allows only 3"
    ):
        value(
            backend,
            image().reduceRegion(ee.Reducer.sum(), rectangle(2, 2), maxPixels=3, **on_pixels()),
        )


def test_points_take_the_value_of_the_pixel_that_holds_them():
    """One feature a point; of several bands the names are the bands'."""
    backend = service(a=FOUR, b=[[5, 6], [7, 8]])
    places = ee.FeatureCollection(
        [ee.Feature(point(0.5, 1.5), {"id": "x"}), ee.Feature(point(1.01, 0.99), {"id": "y"})]
    )

    found = features(backend, image().reduceRegions(places, ee.Reducer.first(), **on_pixels()))

    assert [each["properties"] for each in found] == [
        {"id": "x", "a": 2, "b": 6},
        {"id": "y", "a": 3, "b": 7},
    ]


def test_of_a_single_band_the_output_bears_the_reducers_name():
    """`first`, not the band."""
    backend = service(a=FOUR)
    places = ee.FeatureCollection([ee.Feature(point(0.5, 0.5))])

    found = features(backend, image().reduceRegions(places, ee.Reducer.first(), **on_pixels()))

    assert found[0]["properties"] == {"first": 1}


def test_a_point_on_a_masked_pixel_has_no_value():
    """The feature stays, its property is missing."""
    backend = service(a=[[0, 2]], b=[[1, 1]])
    places = ee.FeatureCollection([ee.Feature(point(0.5, 0.5), {"id": "x"})])

    found = features(backend, image().reduceRegions(places, ee.Reducer.first(), **on_pixels()))

    assert found[0]["properties"] == {"id": "x", "b": 1}


def test_sampling_drops_points_on_masked_pixels_silently():
    """Masked in any band is enough: of three points one is left."""
    backend = service(a=[[0, 2, 3]], b=[[1, 0, 1]])
    places = ee.FeatureCollection(
        [ee.Feature(point(0.5, col + 0.5), {"place": col}) for col in range(3)]
    )

    found = features(backend, image().sampleRegions(places, projection=image().projection()))

    assert [each["properties"] for each in found] == [{"place": 2, "a": 3, "b": 1}]


def test_sampling_by_scale_goes_by_a_lattice_of_its_own():
    """With a CRS and a scale the sample's pixel is half a pixel off the scene's."""
    backend = service(a=[[1, 2]])
    places = ee.FeatureCollection([ee.Feature(point(0.1, 0.9))])

    own = features(backend, image().sampleRegions(places, projection=image().projection()))
    other = features(backend, image().sampleRegions(places, projection="EPSG:32647", scale=30))

    assert own[0]["properties"] == {"a": 1}
    assert other[0]["properties"] == {"a": 2}


def test_edges_come_into_another_system_only_with_a_margin_of_error():
    """The service will not do it exactly; points need no margin."""
    backend = service(a=FOUR)
    area = rectangle(1, 1)

    with pytest.raises(BackendError, match="specify a non-zero error margin"):
        value(backend, area.transform("EPSG:4326"))
    told = value(backend, area.transform("EPSG:4326", ee.ErrorMargin(1)))
    assert told["coordinates"][0][0] == pytest.approx([98.5, 25.86], abs=0.01)
    assert value(backend, point(0, 0).transform("EPSG:4326"))["type"] == "Point"


def test_two_areas_share_what_lies_in_both():
    """In the system of the first unless another is named."""
    backend = service(a=FOUR)

    found = rectangle(2, 2).intersection(rectangle(2, 2, row=1, col=1), 1)

    assert value(backend, found.area()) == pytest.approx(900, rel=1e-3)


def test_edges_in_degrees_follow_the_ellipsoid():
    """A wide rectangle's northern side bows towards the pole, unless it is planar."""
    corners = [[60.0, 40.0], [80.0, 40.0], [80.0, 50.0], [60.0, 50.0], [60.0, 40.0]]
    backend = service(a=FOUR)

    bowed = value(backend, ee.Geometry.Polygon([corners]).bounds())["coordinates"][0]
    planar = ee.Geometry.Polygon([corners], None, geodesic=False)
    straight = value(backend, planar.bounds())["coordinates"][0]

    assert max(place[1] for place in bowed) > 50.4
    assert max(place[1] for place in straight) == 50.0
