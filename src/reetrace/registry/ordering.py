"""What a user says on the command line about new sites, turned into sites that are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

from reetrace.core.errors import RegistryError
from reetrace.core.geometry import Position
from reetrace.core.site import Name, Site, Status
from reetrace.registry.adding import (
    Consent,
    Place,
    new_site,
    place_of_outline,
    place_of_point,
)
from reetrace.registry.catalogue import Registry, load_registry
from reetrace.registry.countries import Borders, read_borders
from reetrace.registry.describing import told
from reetrace.registry.documents import Details
from reetrace.registry.given import GivenFeature, GivenFile, read_given
from reetrace.registry.keeping import keep_sites
from reetrace.registry.outlines import area_m2
from reetrace.registry.shapes import one_outline
from reetrace.registry.site_file import read_site, site_of
from reetrace.registry.zone_sets import Edition
from reetrace.settings import USUAL_FOLDERS
from reetrace.tables import legend

DEFAULT_FOLDER = Path(USUAL_FOLDERS["registry"])
"""Where new sites are kept unless the user names a folder; in the working folder."""

# A BCP 47 tag as far as names need it: language, then script or region.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

_MONTHS = range(1, 13)
_YEARS = range(1972, 2101)


@dataclass(frozen=True)
class SiteOrder:
    """Everything said about new sites, as it was said."""

    file: Path | None = None
    layer: str | None = None
    point: Position | None = None
    radius_km: float | None = None
    buffer_km: float | None = None
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    commodity: str = "rare earths"
    deposit_type: str = "unknown"
    mining_method: str = "unknown"
    status: str = "unknown"
    epochs: str = "2005,2010,2015,2020"
    season: str = ""
    legend: str = "mine"
    part_of: str | None = None
    note: str = ""
    source: str = ""
    date: str = "unknown"
    licence: str = "not stated"
    precision_m: float | None = None
    borders: Path | None = None
    borders_precision_m: float = 100.0
    near_ok: bool = False
    place_ok: bool = False


@dataclass(frozen=True)
class Kept:
    """Sites that were added."""

    sites: tuple[Site, ...]
    files: tuple[Path, ...]
    doubts: tuple[str, ...]
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "added": [site.id for site in self.sites],
            "files": [path.as_posix() for path in self.files],
            "repairs": [asdict(each) for site in self.sites for each in site.repairs],
            "doubts": list(self.doubts),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        for site, path in zip(self.sites, self.files, strict=True):
            area_km2 = area_m2(site.area_of_interest.geometry) / 1e6
            countries = ", ".join(site.countries) or "in no country"
            yield f"Added {site.id} ({area_km2:,.2f} km², {countries}): {path}"
            yield from (f"  repaired: {told(repair)}" for repair in site.repairs)
        yield from (f"  doubt: {doubt}" for doubt in self.doubts)
        home = self.folder.absolute()
        if home == DEFAULT_FOLDER.absolute():
            yield f"Commands in this folder find it; elsewhere add --registry {home}"
        else:
            yield f"Use it with --registry {self.folder}, or set REETRACE_REGISTRY={self.folder}"


def add(site_id: str, order: SiteOrder, folder: Path | None) -> Kept:
    """Add one site to the user's registry folder.

    Raises:
        RegistryError: With the reason why it is refused; nothing is written then.
    """
    registry, details, given = _registry(folder), _details(order), None
    legend(order.legend, folder=folder)
    if (order.file is None) == (order.point is None):
        raise RegistryError(
            f"{site_id}: give either a file with the outline or --point LON LAT with --radius-km."
        )
    if order.point is not None:
        place = place_of_point(order.point, order.radius_km)
    else:
        given = read_given(Path(str(order.file)), layer=order.layer, fault=RegistryError)
        place = _place(site_id, given, given.features, order)
    document, doubts = new_site(
        site_id,
        place,
        details,
        registry,
        borders=_borders(order),
        consent=Consent(order.near_ok, order.place_ok),
    )
    home = folder or DEFAULT_FOLDER
    files = keep_sites((document,), given, home)
    return Kept((read_site(files[0]),), files, doubts, home)


def add_many(order: SiteOrder, fields: tuple[str, str, str], folder: Path | None) -> Kept:
    """Add one site a feature; where one is refused, none is added.

    Args:
        order: What holds for all of them.
        fields: Names of the fields with the id, the name and the country code; the last two may
            be empty.
        folder: The user's registry folder.

    Raises:
        RegistryError: With the first feature that is refused, and why.
    """
    registry = _registry(folder)
    given = read_given(Path(str(order.file)), layer=order.layer, fault=RegistryError)
    details, borders = _details(order), _borders(order)
    consent = Consent(order.near_ok, order.place_ok)
    documents: list[dict[str, Any]] = []
    doubts: list[str] = []
    for feature in given.features:
        where = f"{given.path.name}: feature {feature.number}"
        site_id, name, country = (_field(feature, field, where) for field in fields)
        own = replace(
            details,
            names=(Name(name or site_id, "en"),),
            countries=(country,) if country else (),
        )
        with _named(where):
            place = _place(site_id, given, (feature,), order)
            document, more = new_site(
                site_id, place, own, registry, borders=borders, consent=consent
            )
            registry = registry.with_site(site_of(document))
        documents.append(document)
        doubts.extend(f"{site_id}: {doubt}" for doubt in more)
    home = folder or DEFAULT_FOLDER
    files = keep_sites(documents, given, home)
    return Kept(tuple(read_site(path) for path in files), files, tuple(doubts), home)


class _named:  # noqa: N801 - reads as a word after `with`
    """Puts the place in the file before what is said about a feature."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, RegistryError) and not str(fault).startswith(self._where):
            raise RegistryError(f"{self._where}: {fault}") from fault


def _registry(folder: Path | None) -> Registry:
    return load_registry(folder if folder is not None and folder.is_dir() else None)


def _field(feature: GivenFeature, field: str, where: str) -> str:
    if not field:
        return ""
    if field not in feature.fields:
        known = ", ".join(feature.fields) or "none"
        raise RegistryError(f"{where}: has no field {field!r}; its fields are {known}.")
    value = feature.fields[field]
    if value is None or not str(value).strip():
        raise RegistryError(f"{where}: field {field!r} is empty; a value is needed.")
    return str(value).strip()


def _place(
    site_id: str, given: GivenFile, features: tuple[GivenFeature, ...], order: SiteOrder
) -> Place:
    where = given.path.name
    points = [feature for feature in features if feature.is_point]
    if points and len(features) > 1:
        raise RegistryError(
            f"{where}: holds {len(points)} points among {len(features)} features; one point or "
            "outlines are needed (many sites: `reetrace sites import`)."
        )
    if points:
        corners = list(getattr(points[0].geometry, "geoms", [points[0].geometry]))
        if len(corners) > 1:
            raise RegistryError(f"{where}: holds {len(corners)} points in one; one is needed.")
        with _named(where):
            place = place_of_point((corners[0].x, corners[0].y), order.radius_km)
        return replace(place, source=f"{place.source}, {where}")
    outline, repairs = one_outline([each.geometry for each in features], site_id, where)
    place = place_of_outline(outline, repairs, where, order.buffer_km)
    if given.reprojected_from:
        return replace(place, source=f"{place.source}, reprojected from {given.reprojected_from}")
    return place


def _borders(order: SiteOrder) -> Borders | None:
    if order.borders is None:
        return None
    name = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in order.borders.stem
    ).strip("-")
    edition = Edition(
        id=name or "own",
        title=order.borders.stem,
        source=f"Borders given by the user, {order.borders.name}",
        licence="not stated",
        precision_m=order.borders_precision_m,
    )
    return read_borders(order.borders, edition=edition, date="unknown")


def _details(order: SiteOrder) -> Details:
    if order.status not in get_args(Status):
        raise RegistryError(
            f"status {order.status!r}: one of {', '.join(get_args(Status))} is needed."
        )
    return Details(
        names=tuple(_name(text) for text in order.names),
        aliases=order.aliases,
        countries=tuple(sorted({code.upper() for code in order.countries})),
        commodity=order.commodity,
        deposit_type=order.deposit_type,
        mining_method=order.mining_method,
        status=_status(order.status),
        epochs=_numbers(order.epochs, _YEARS, "epochs", "years from 1972 to 2100"),
        season_months=_numbers(order.season, _MONTHS, "season", "months from 1 to 12"),
        legend=order.legend,
        part_of=order.part_of,
        note=order.note,
        source=order.source,
        date=order.date,
        licence=order.licence,
        precision_m=order.precision_m,
    )


def _status(text: str) -> Status:
    known: dict[str, Status] = {each: each for each in get_args(Status)}
    return known[text]


def _name(text: str) -> Name:
    """`my=မြန်မာ` is a name in Burmese; without a language it is English."""
    language, equals, name = text.partition("=")
    return Name(name, language) if equals and _LANGUAGE.fullmatch(language) else Name(text, "en")


def _numbers(text: str, allowed: range, option: str, need: str) -> tuple[int, ...]:
    numbers = []
    for part in text.replace(" ", "").split(",") if text.strip() else ():
        if not part.isdecimal() or int(part) not in allowed:
            raise RegistryError(f"--{option} {text!r}: {part!r} will not do; {need} are needed.")
        numbers.append(int(part))
    return tuple(dict.fromkeys(numbers))
