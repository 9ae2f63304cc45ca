"""Border lines run where countries meet, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from shapely import box

from reetrace.core.geometry import bounds
from reetrace.reading import lookup
from reetrace.report.figures import imagery
from reetrace.zoning import from_shapely
from tests import made_up


def test_a_site_well_inside_one_country_has_no_border_line():
    """The edge of a country zone that was cut to the surroundings of the site is no border."""
    evidence = made_up.one_country()
    (country_set,) = lookup.country_sets(evidence)
    west, south, east, north = bounds(evidence.study_area.area_of_interest.geometry)
    around = from_shapely(box(west - 0.02, south - 0.02, east + 0.02, north + 0.02))
    whole = replace(country_set.zones[0], geometry=around)

    assert imagery.border_of(evidence, replace(country_set, zones=(whole,))) == []


def test_a_site_on_a_border_has_its_line():
    """Two countries that meet within the area of interest share a line there."""
    evidence = made_up.one_country()
    (country_set,) = lookup.country_sets(evidence)

    lines = imagery.border_of(evidence, country_set)

    assert lines
    assert all(len(line) > 1 for line in lines)
