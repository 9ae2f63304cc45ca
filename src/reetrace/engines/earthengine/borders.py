"""Country borders of the archive, as one more edition beside the registry's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import ServiceError, SettingError
from reetrace.core.site import Site, Zone, ZoneSet
from reetrace.engines.earthengine.places import extent
from reetrace.engines.earthengine.service import Service
from reetrace.engines.earthengine.usage import workload_tag

if TYPE_CHECKING:
    import ee
    from shapely.geometry.base import BaseGeometry

# Vertices are simplified by no more than this where a border is cut to the site.
_ERROR_M = 1.0


@dataclass(frozen=True)
class _Edition:
    table: str
    name: str
    """Property that holds the country's name or code."""
    title: str
    source: str
    licence: str
    precision_m: float


EDITIONS = {
    "lsib": _Edition(
        "USDOS/LSIB/2017",
        "COUNTRY_NA",
        "LSIB 2017",
        "Large Scale International Boundaries 2017, U.S. Department of State (USDOS/LSIB/2017)",
        "public domain; boundary lines follow the policy of the United States",
        # The publisher states hundreds of metres up to more than a kilometre.
        1000.0,
    ),
    "geoboundaries": _Edition(
        "WM/geoLab/geoBoundaries/600/ADM0",
        "shapeName",
        "geoBoundaries 6.0.0",
        "geoBoundaries 6.0.0, ADM0 (WM/geoLab/geoBoundaries/600/ADM0)",
        "CC BY 4.0",
        1000.0,
    ),
}
"""What `--boundaries` may name."""


def borders_of(service: Service, edition: str, site: Site) -> ZoneSet:
    """The countries within a site's extent by an edition of the archive.

    Args:
        service: Signed in.
        edition: A key of `EDITIONS`.
        site: A country that its registry record knows keeps its code; another goes by its name.

    Raises:
        SettingError: There is no such edition.
        ServiceError: The archive shows no country there.
    """
    if edition not in EDITIONS:
        raise SettingError(
            f"--boundaries {edition}: no such edition. Known: {', '.join(EDITIONS)}."
        )
    source = EDITIONS[edition]
    features = service.features(
        countries(source.table, source.name, site),
        tag=workload_tag(site.id, "borders"),
        doing=f"fetching the borders of {source.title} at {site.id}",
    )
    zones = _zones(features, edition, source, site)
    if not zones:
        raise ServiceError(
            f"{source.table} shows no country at {site.id}. Leave --boundaries {edition} out."
        )
    return ZoneSet(
        id=f"countries-{edition}",
        title=f"Countries by {source.title}",
        zones=zones,
        edition=edition,
        source=source.source,
        licence=source.licence,
        precision_m=source.precision_m,
    )


def countries(table: str, name: str, site: Site) -> ee.FeatureCollection:
    """The table's countries cut to the site's extent, each with its name alone."""
    import ee

    from reetrace.zoning import lay_grid

    around = extent(lay_grid(site))

    def cut(feature: ee.Feature) -> ee.Feature:
        within = feature.geometry().intersection(around, ee.ErrorMargin(_ERROR_M))
        longlat = within.transform("EPSG:4326", ee.ErrorMargin(_ERROR_M))
        return ee.Feature(longlat, {"name": feature.get(name)})

    return ee.FeatureCollection(table).filterBounds(around).map(cut)


def _zones(
    features: Sequence[Mapping[str, Any]], edition: str, source: _Edition, site: Site
) -> tuple[Zone, ...]:
    from shapely import union_all
    from shapely.geometry import shape

    from reetrace.zoning import from_shapely

    parts: dict[str, list[BaseGeometry]] = {}
    for feature in features:
        if feature.get("geometry") is not None:
            name = str(feature["properties"].get("name", ""))
            parts.setdefault(name, []).append(shape(feature["geometry"]))
    codes = _codes({name: union_all(shapes) for name, shapes in parts.items()}, site)
    return tuple(
        Zone(
            id=codes[name],
            role="country",
            name=name,
            geometry=from_shapely(union_all(parts[name])),
            source=source.source,
            date=source.title.split()[-1],
            licence=source.licence,
            precision_m=source.precision_m,
            edition=edition,
        )
        for name in sorted(parts, key=lambda each: codes[each])
        if not union_all(parts[name]).is_empty
    )


def _codes(shapes: Mapping[str, BaseGeometry], site: Site) -> dict[str, str]:
    """Name to the code of the registry's country that covers most of the same ground.

    A code goes to one name alone, the one that has most of the country: areas in dispute have
    names of their own in some editions, and lie within a country of the registry.
    """
    from shapely import union_all

    from reetrace.zoning import to_shapely

    known: dict[str, list[BaseGeometry]] = {}
    for zone in site.zones:
        if zone.role == "country":
            known.setdefault(zone.id, []).append(to_shapely(zone.geometry))
    claims: dict[str, tuple[float, str]] = {}
    for name, found in sorted(shapes.items()):
        common = {code: union_all(sides).intersection(found).area for code, sides in known.items()}
        best = max(common, key=lambda code: common[code], default="")
        if best and common[best] > max(found.area / 2, claims.get(best, (0.0, ""))[0]):
            claims[best] = common[best], name
    codes = {name: name.casefold().replace(" ", "-") or "unnamed" for name in shapes}
    return {**codes, **{name: code for code, (_, name) in claims.items()}}
