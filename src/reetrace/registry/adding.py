"""New sites from outlines and points, refused with one line where they cannot be right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import MultiPolygon, Position
from reetrace.core.site import Repair, Site, Zone
from reetrace.registry.catalogue import Registry, site_names
from reetrace.registry.countries import (
    Borders,
    coarse_borders,
    countries_within,
    split,
)
from reetrace.registry.documents import Details, site_document
from reetrace.registry.outlines import area_m2, place_fault, reach_fault
from reetrace.registry.shapes import circle, distance_m, far_apart, widened

NEAR_KM = 2.0
"""Sites closer than this are taken for the same one, unless the user says otherwise."""

LARGEST_KM2 = 10_000.0
"""No mine is larger; a larger outline is a district, or a mistake in its coordinates."""

_SLUG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_SLUG_LENGTH = range(2, 65)

# Half the side of a square of the largest area; further around a point is another mine.
_FURTHEST_KM = 50.0

# Areas further apart than this many degrees are not measured against each other.
_FAR_DEGREES = 5.0


@dataclass(frozen=True)
class Place:
    """Where a new site is."""

    area_of_interest: MultiPolygon
    mine: MultiPolygon | None
    """Outline of the mine itself, where the area of interest was drawn wider around it."""
    repairs: tuple[Repair, ...]
    source: str
    """In words, for zones whose source the user does not name."""
    precision_m: float
    approximate: bool


@dataclass(frozen=True)
class Consent:
    """What the user has looked at and takes upon themselves."""

    near: bool = False
    """Another site lies within 2 km."""
    place: bool = False
    """The place does not lie in the country stated, or in none."""


def place_of_point(place: Position, radius_km: float | None) -> Place:
    """A circle around a point.

    Raises:
        RegistryError: The point is no place, or no radius is stated.
    """
    fault = place_fault(iter([place]))
    if fault:
        raise RegistryError(fault)
    if radius_km is None or not radius_km > 0:
        raise RegistryError(
            f"point {place[0]:g} {place[1]:g}: a point has no area; say with --radius-km how far "
            "around it to look."
        )
    _check_reach(radius_km, "--radius-km")
    longitude = (place[0] + 180.0) % 360.0 - 180.0
    return Place(
        area_of_interest=circle((longitude, place[1]), radius_km),
        mine=None,
        repairs=(),
        source=f"Circle of {radius_km:g} km around {place[0]:g}, {place[1]:g}, given by the user",
        precision_m=radius_km * 1000.0,
        approximate=True,
    )


def _check_reach(reach_km: float, option: str) -> None:
    if not 0.0 <= reach_km <= _FURTHEST_KM:
        raise RegistryError(
            f"{option} {reach_km:g}: at most {_FURTHEST_KM:g} km is needed; a mine and its "
            "surroundings are no wider."
        )


def place_of_outline(
    outline: MultiPolygon, repairs: tuple[Repair, ...], file_name: str, buffer_km: float | None
) -> Place:
    """An outline as it was drawn, or the outline as the mine and a wider area around it."""
    if buffer_km is not None:
        _check_reach(buffer_km, "--buffer-km")
    return Place(
        area_of_interest=widened(outline, buffer_km) if buffer_km else outline,
        mine=outline if buffer_km else None,
        repairs=repairs,
        source=f"Outline given by the user, {file_name}",
        precision_m=100.0,
        approximate=False,
    )


def new_site(
    site_id: str,
    place: Place,
    details: Details,
    registry: Registry,
    *,
    borders: Borders | None = None,
    consent: Consent | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The GeoJSON document of a new site, and doubts about it in plain sentences.

    Raises:
        RegistryError: With the reason why it cannot be a site of this registry.
    """
    consent = consent or Consent()
    _check_names(site_id, details, registry.sites)
    fault = reach_fault(place.area_of_interest)
    if fault:
        raise RegistryError(f"{site_id}: {fault}")
    area = area_m2(place.area_of_interest)
    if area > LARGEST_KM2 * 1e6:
        raise RegistryError(
            f"{site_id}: the area of interest is {area / 1e6:,.0f} km², more than "
            f"{LARGEST_KM2:,.0f} km². Draw the mine and its surroundings only, in degrees."
        )
    _check_country(site_id, place.area_of_interest, details.countries, consent)
    study_area = _study_area(site_id, place.area_of_interest, details, registry)
    if not consent.near:
        _check_neighbours(site_id, place.area_of_interest, details, registry.sites)
    zones = _own_zones(site_id, place, details)
    doubts: tuple[str, ...] = ()
    within = tuple(countries_within(place.area_of_interest, borders or coarse_borders()))
    if study_area is None:
        countries = split(place.area_of_interest, borders or coarse_borders())
        zones, doubts = (*zones, *countries.zones), countries.doubts
        # In a fjord or on an islet that a coarse map leaves out, the country nearby is meant.
        within = within or tuple(zone.id for zone in countries.zones)
    stated = replace(
        details,
        countries=details.countries or within,
        # Who reads the file later must know as much as who added it.
        note=" ".join(filter(None, (details.note, *doubts))),
    )
    return site_document(site_id, zones, stated, place.repairs), doubts


def _check_names(site_id: str, details: Details, sites: Sequence[Site]) -> None:
    if len(site_id) not in _SLUG_LENGTH or not _SLUG.fullmatch(site_id):
        raise RegistryError(
            f"id {site_id!r}: 2 to 64 letters a–z, digits and single hyphens are needed, "
            "e.g. pangwa-north. The name may hold anything: --name."
        )
    taken = {name: site.id for site in sites for name in site_names(site)}
    if site_id.casefold() in taken:
        raise RegistryError(
            f"id {site_id!r} already names site {taken[site_id.casefold()]}. Choose another id, or "
            "edit that site’s file."
        )
    for alias in details.aliases:
        if alias.casefold() in taken:
            raise RegistryError(
                f"{site_id}: alias {alias!r} already names site {taken[alias.casefold()]}. "
                "Leave it out or choose another."
            )


def _check_country(
    site_id: str, area: MultiPolygon, stated: tuple[str, ...], consent: Consent
) -> None:
    borders = coarse_borders()
    known = {code for code, _, _ in borders.countries}
    unknown = next((code for code in stated if code not in known), None)
    if unknown is not None:
        raise RegistryError(
            f"{site_id}: country {unknown!r} is not known; an ISO 3166-1 alpha-3 code such as MMR "
            "is needed."
        )
    found = countries_within(area, borders, reach_m=borders.edition.precision_m)
    if consent.place or (set(stated) & set(found) if stated else found):
        return
    where = f"lies in {' and '.join(found)}" if found else "lies in no country"
    wanted = f", not in {' or '.join(stated)}" if stated else ""
    swapped = countries_within(_swapped(area), borders) if _can_swap(area) else []
    if set(swapped) & set(stated) if stated else swapped:
        hint = f"With latitude and longitude swapped it is in {' and '.join(swapped)}: swap them"
    else:
        hint = "Mend the coordinates or the country"
    raise RegistryError(f"{site_id}: the area {where}{wanted}. {hint}, or say --place-ok.")


def _can_swap(area: MultiPolygon) -> bool:
    return all(abs(place[0]) <= 90 for rings in area for ring in rings for place in ring)  # noqa: PLR2004 - the pole


def _swapped(area: MultiPolygon) -> MultiPolygon:
    return tuple(
        tuple(tuple((place[1], place[0]) for place in ring) for ring in rings) for rings in area
    )


def _study_area(
    site_id: str, area: MultiPolygon, details: Details, registry: Registry
) -> Site | None:
    if details.part_of is None:
        return None
    study_area = registry.site(details.part_of)
    if study_area.part_of is not None:
        raise RegistryError(
            f"{site_id}: {study_area.id} is itself part of {study_area.part_of}; name that site "
            "with --part-of."
        )
    if distance_m(area, study_area.area_of_interest.geometry) > 0.0:
        raise RegistryError(
            f"{site_id}: lies outside the area of interest of {study_area.id}, so it cannot be "
            "part of it. Leave --part-of out or mend the outline."
        )
    return study_area


def _check_neighbours(
    site_id: str, area: MultiPolygon, details: Details, sites: Sequence[Site]
) -> None:
    for site in sites:
        family = {site.id, site.part_of} - {None}
        if details.part_of is not None and details.part_of in family:
            continue
        other = site.area_of_interest.geometry
        if far_apart(area, other, _FAR_DEGREES):
            continue
        away_km = distance_m(area, other) / 1000.0
        if away_km < NEAR_KM:
            raise RegistryError(
                f"{site_id}: lies {away_km:.1f} km from site {site.id} ({site.title}); is it the "
                f"same? Say --part-of {site.part_of or site.id} if it is a zone of that study "
                "area, --near-ok if it is another site."
            )


def _own_zones(site_id: str, place: Place, details: Details) -> tuple[Zone, ...]:
    title = details.names[0].text if details.names else site_id
    whole = Zone(
        id=site_id,
        role="area-of-interest",
        name=title,
        geometry=place.area_of_interest,
        source=details.source or place.source,
        date=details.date,
        licence=details.licence,
        precision_m=details.precision_m or place.precision_m,
        approximate=place.approximate,
    )
    outline = place.mine if place.mine is not None else place.area_of_interest
    if place.mine is None and details.part_of is None:
        return (whole,)
    return whole, replace(whole, role="mine", geometry=outline)
