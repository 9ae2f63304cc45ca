"""The public edition of an evidence folder: places coarsened, what is restricted left out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from reetrace import evidence, zoning
from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence, Publication
from reetrace.core.grid import Grid
from reetrace.core.results import Footprint, Patch
from reetrace.core.samples import Label, Labels
from reetrace.core.site import Site, Zone
from reetrace.evidence.rasters import RasterKind
from reetrace.pipeline.order import Outcome
from reetrace.settings import ENGLISH

COARSE_DEGREES = 0.1
"""About 11 km: a valley, not a mine."""

SUFFIX = "_public"


@dataclass(frozen=True)
class Shift:
    """How far everything is moved, in whole pixels of the grid."""

    grid: Grid
    east_m: float
    north_m: float

    def of_grid(self) -> Grid:
        """The grid moved."""
        west, north = self.grid.west_m + self.east_m, self.grid.north_m + self.north_m
        return replace(self.grid, west_m=west, north_m=north)


def publish(
    bag: Path,
    *,
    templates: Path | None = None,
    language: str | None = None,
    out: Path | None = None,
) -> Outcome:
    """Makes the public edition beside a sealed evidence folder, which stays as it is.

    Args:
        bag: The restricted edition.
        templates: A user's templates, layered over the shipped ones.
        language: Of its report; that of the restricted edition's if not given.
        out: Folder to put it in; that of the restricted edition if not given.

    Raises:
        EvidenceError: The folder is not whole, or is a public edition itself.
    """
    from reetrace.pipeline.documents import language_of, make_documents

    evidence.verify(bag)
    whole = evidence.load(bag)
    if whole.publication is not None:
        raise EvidenceError(f"{bag}: is a public edition already. Name the restricted one.")
    manifest = (bag / "tagmanifest-sha256.txt").read_bytes()
    shift = shift_of(whole)
    public = withhold(whole, shift, of_manifest=hashlib.sha256(manifest).hexdigest())
    destination = (out or bag.parent) / f"{bag.name}{SUFFIX}"
    with evidence.draft(destination) as folder:
        public = _with_rasters(public, bag / "data", folder / "data", shift)
        labels = [_moved_labels(each, whole, shift) for each in evidence.load_labels(bag)]
        evidence.save(public, folder, models=evidence.load_models(bag), labels=labels)
        spoken = language or language_of(bag) or ENGLISH
        made = make_documents(public, folder / "data", templates=templates, language=spoken)
        evidence.seal(folder, public)
    documents = tuple(destination / "data" / path.name for path in made)
    return Outcome(destination, public, documents)


def shift_of(whole: Evidence) -> Shift:
    """The shift that brings the middle of the grid to the middle of its coarse cell."""
    grid = whole.grid
    row, col = np.array([grid.rows // 2]), np.array([grid.cols // 2])
    longitude, latitude = zoning.lonlat_of(row, col, grid)
    coarse = [np.array([_middle(float(each[0]))]) for each in (longitude, latitude)]
    # Where a place falls on the grid is where it lies in metres, less the grid's own corner.
    east, north = zoning.metres_of(coarse[0], coarse[1], grid)
    here_east, here_north = zoning.metres_of(longitude, latitude, grid)

    def whole_pixels(metres: float) -> float:
        return round(metres / grid.pixel_m) * grid.pixel_m

    return Shift(
        grid,
        whole_pixels(float(east[0] - here_east[0])),
        whole_pixels(float(north[0] - here_north[0])),
    )


def _middle(degrees: float) -> float:
    return round((math.floor(degrees / COARSE_DEGREES) + 0.5) * COARSE_DEGREES, 6)


def withhold(whole: Evidence, shift: Shift, *, of_manifest: str) -> Evidence:
    """The evidence with places moved and what its sites mark as restricted left out.

    Raises:
        EvidenceError: What is restricted is what the evidence is about.
    """
    restricted = dict.fromkeys((*whole.study_area.restricted, *whole.site.restricted))
    hidden = (each.removeprefix("zones/") for each in restricted if each.startswith("zones/"))
    zones = {zone: f"withheld-{number}" for number, zone in enumerate(sorted(hidden), start=1)}
    if whole.site.id in zones:
        raise EvidenceError(
            f"{whole.site.id}: its own zone is restricted, and the evidence is about it. "
            "There can be no public edition."
        )
    people = "interpreters" in restricted
    moved: Evidence = _mapped(whole, lambda each: _public(each, shift, zones, people=people))
    places = (
        "Places: everything was moved by one shift, the middle of the study area to the middle "
        f"of its cell of {COARSE_DEGREES:g} degrees (about 11 km)."
    )
    withheld = (places, *(_WORDS[each.partition("/")[0]] for each in restricted))
    notice = (
        "Public edition. "
        + " ".join(dict.fromkeys(withheld))
        + " Images and outlines keep their shape, by which somebody who searches may still find "
        "the place. The restricted edition is the one whose tagmanifest-sha256.txt has the "
        f"SHA-256 {of_manifest}."
    )
    return replace(
        moved,
        grid=shift.of_grid(),
        warnings=(notice, *moved.warnings),
        publication=Publication(of_manifest, COARSE_DEGREES, tuple(dict.fromkeys(withheld))),
    )


_WORDS = {
    "note": "The registry's notes are left out.",
    "aliases": "Further names are left out.",
    "names": "Some names are left out.",
    "zones": "Some zones go without name and outline; their areas are kept, so that sums hold.",
    "interpreters": "The names of interpreters are left out.",
}


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any noun of core
    """A noun with `change` applied to every noun in it, innermost first; None drops an entry."""
    if isinstance(value, tuple):
        kept = (_mapped(each, change) for each in value)
        return tuple(each for each in kept if each is not None)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {each.name: getattr(value, each.name) for each in fields(value)}
    changed = {
        name: _mapped(part, change)
        for name, part in parts.items()
        if is_dataclass(part) or (isinstance(part, tuple) and any(map(is_dataclass, part)))
    }
    return change(replace(value, **changed) if changed else value)


def _public(each: Any, shift: Shift, zones: Mapping[str, str], *, people: bool) -> Any:  # noqa: ANN401
    if isinstance(each, Site):
        return _public_site(each)
    if isinstance(each, Zone) and each.id in zones:
        return replace(
            each, id=zones[each.id], name="withheld", geometry=(), source="withheld", date=""
        )
    if getattr(each, "zone", None) in zones:
        each = replace(each, zone=zones[each.zone])
        return None if isinstance(each, Footprint) else each
    if people and hasattr(each, "interpreters"):
        return replace(each, interpreters=("withheld",))
    return _moved(each, shift, zones)


def _moved(each: Any, shift: Shift, zones: Mapping[str, str]) -> Any:  # noqa: ANN401
    if isinstance(each, Zone | Footprint):
        geometry = zoning.moved(each.geometry, shift.grid, shift.east_m, shift.north_m)
        return replace(each, geometry=geometry)
    if isinstance(each, Patch):
        longitude, latitude = _moved_place(each.longitude, each.latitude, shift)
        named = tuple(zones.get(zone, zone) for zone in each.zones)
        return replace(each, longitude=longitude, latitude=latitude, zones=named)
    return each


def _public_site(site: Site) -> Site:
    hidden = set(site.restricted)
    names = tuple(each for each in site.names if f"names/{each.language}" not in hidden)
    if not names:
        raise EvidenceError(f"{site.id}: every name is restricted. Leave one for the public.")
    return replace(
        site,
        names=names,
        aliases=() if "aliases" in hidden else site.aliases,
        note="" if "note" in hidden else site.note,
        restricted=(),
    )


def _moved_place(longitude: float, latitude: float, shift: Shift) -> tuple[float, float]:
    east, north = zoning.moved_places(
        np.array([longitude]), np.array([latitude]), shift.grid, shift.east_m, shift.north_m
    )
    return float(east[0]), float(north[0])


def _moved_labels(labels: Labels, whole: Evidence, shift: Shift) -> Labels:
    people = "interpreters" in {*whole.site.restricted, *whole.study_area.restricted}

    def moved(label: Label) -> Label:
        longitude, latitude = _moved_place(label.longitude, label.latitude, shift)
        return replace(
            label,
            longitude=longitude,
            latitude=latitude,
            interpreter="withheld" if people else label.interpreter,
            # A user's own columns may say anything, a place too.
            extra=(),
        )

    return replace(labels, points=tuple(map(moved, labels.points)), extra=())


def _with_rasters(public: Evidence, source: Path, target: Path, shift: Shift) -> Evidence:
    """The rasters written again on the moved grid, the same pixels in each."""
    import rasterio

    records = []
    for record in public.rasters:
        with rasterio.open(source / record.path) as dataset:
            pixels = dataset.read()
            names: Sequence[str] = tuple(dataset.descriptions)
        kind: RasterKind = record.kind
        sha256 = evidence.write_raster(
            target / record.path,
            pixels if kind == "composite" else pixels[0],
            shift.of_grid(),
            kind=kind,
            title=record.title,
            simulated=public.simulated,
            band_names=names if kind == "composite" else (),
            legend=public.legend if kind == "landcover" else None,
        )
        records.append(replace(record, sha256=sha256))
    return replace(public, rasters=tuple(records))
