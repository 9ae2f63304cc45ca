"""Which zones are counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reetrace.core.errors import RegistryError
from reetrace.core.site import Site, Zone, ZoneSet
from reetrace.registry.reading import read_toml


@dataclass(frozen=True)
class Edition:
    """A set of boundaries as one publisher drew it at one time."""

    id: str
    title: str
    source: str
    licence: str
    precision_m: float


def read_editions(path: Path) -> dict[str, Edition]:
    """The boundary editions of a file, by id.

    Raises:
        RegistryError: It is no TOML, or a field is missing or of the wrong kind.
    """
    import msgspec

    known: dict[str, Edition] = {}
    for name, table in read_toml(path).items():
        try:
            fields = {**table, "id": name} if isinstance(table, Mapping) else table
            known[name] = msgspec.convert(fields, Edition)
        except msgspec.ValidationError as fault:
            raise RegistryError(
                f"{path}: {name}: {fault}. Title, source, licence and precision_m are needed."
            ) from fault
    return known


def zone_sets(
    study_area: Site, parts: Sequence[Site], editions: Mapping[str, Edition]
) -> tuple[ZoneSet, ...]:
    """The study area, its mines, then its countries, the most precise edition first."""
    whole = study_area.area_of_interest
    sets = [
        ZoneSet(
            id="study-area",
            title="Study area",
            zones=(whole,),
            source=whole.source,
            licence=whole.licence,
            precision_m=whole.precision_m,
        )
    ]
    mines = sorted(
        (zone for site in (study_area, *parts) for zone in site.zones if zone.role == "mine"),
        key=lambda zone: zone.id,
    )
    if mines:
        sets.append(_mines(mines))
    countries: dict[str, list[Zone]] = {}
    for zone in study_area.zones:
        if zone.role == "country":
            countries.setdefault(zone.edition, []).append(zone)
    by_precision = sorted(
        countries.items(), key=lambda each: (max(zone.precision_m for zone in each[1]), each[0])
    )
    sets.extend(_countries(name, zones, editions.get(name)) for name, zones in by_precision)
    return tuple(sets)


def _mines(zones: Sequence[Zone]) -> ZoneSet:
    return ZoneSet(
        id="mines",
        title="Mines",
        zones=tuple(zones),
        source=_joined(zone.source for zone in zones),
        licence=_joined(zone.licence for zone in zones),
        precision_m=max(zone.precision_m for zone in zones),
    )


def _countries(name: str, zones: Sequence[Zone], edition: Edition | None) -> ZoneSet:
    return ZoneSet(
        id=f"countries-{name}",
        title=f"Countries by {edition.title if edition else name}",
        zones=tuple(sorted(zones, key=lambda zone: zone.id)),
        edition=name,
        source=_joined(zone.source for zone in zones),
        licence=_joined(zone.licence for zone in zones),
        precision_m=max(zone.precision_m for zone in zones),
    )


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
