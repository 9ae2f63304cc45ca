"""Countries of the archive's editions, and which of the registry's they are."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from shapely.geometry import box, mapping

from reetrace.engines.earthengine.borders import borders_of
from reetrace.engines.earthengine.service import Service
from reetrace.zoning import from_shapely
from tests import worlds
from tests.earthengine.conftest import OpenLoopback
from tests.loopback.made_up import MadeUp


class _Archive:
    """Answers with the countries that it was given."""

    def __init__(self, **countries: tuple[float, float, float, float]) -> None:
        self._countries = countries

    def features(self, _: object, *, tag: str, doing: str) -> list[dict[str, Any]]:
        """As `Service.features`."""
        del tag, doing
        return [
            {"geometry": mapping(box(*sides)), "properties": {"name": name}}
            for name, sides in self._countries.items()
        ]


def test_an_area_in_dispute_keeps_its_name_beside_the_country_it_lies_in(
    open_loopback: OpenLoopback,
):
    """Two zones of one code would be counted as one country, or as two of the same."""
    open_loopback(MadeUp())
    site = worlds.forest().site
    country = worlds.zone_of("CHN", "country", from_shapely(box(98.0, 25.0, 99.0, 26.0)))
    site = dataclasses.replace(site, zones=(*site.zones, country))
    archive = _Archive(China=(98.0, 25.0, 98.9, 26.0), Dispute=(98.9, 25.0, 99.0, 26.0))

    found = borders_of(cast("Service", archive), "lsib", site)

    assert [(zone.id, zone.name) for zone in found.zones] == [
        ("CHN", "China"),
        ("dispute", "Dispute"),
    ]
