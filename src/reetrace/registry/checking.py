"""Looks through registry files for everything that is not as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reetrace.core.errors import ReetraceError
from reetrace.core.site import Site
from reetrace.registry.catalogue import EDITIONS, Registry, load_registry, name_clashes
from reetrace.registry.labels import check_labels
from reetrace.registry.published import read_study
from reetrace.registry.shapes import distance_m
from reetrace.registry.site_file import read_site, site_faults
from reetrace.registry.zone_sets import read_editions
from reetrace.shipped import shipped
from reetrace.tables import legend


@dataclass(frozen=True)
class CheckOutcome:
    """What a check found."""

    files: int
    faults: tuple[str, ...]
    """One line each: file, field, value, what was needed."""

    @property
    def verdict(self) -> str:
        """One line for people."""
        if self.faults:
            return f"{_counted(len(self.faults), 'fault')} in {_counted(self.files, 'file')}."
        return f"{_counted(self.files, 'file')} checked, no faults."

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {"files": self.files, "faults": list(self.faults), "sound": not self.faults}


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def check(
    paths: tuple[Path, ...], folder: Path | None, *, only: Literal["all", "labels"] = "all"
) -> CheckOutcome:
    """Check files or registry folders, or everything that is registered where none is named.

    Args:
        paths: Site files, label files, published files or registry folders.
        folder: The user's registry folder, against which loose files are held.
        only: Look at label files alone, or at everything.
    """
    own = [folder] if folder is not None else []
    named = list(paths) or [shipped("registry"), *own]
    files = [file for path in named for file in _files_of(path, only)]
    missing = [f"{path}: no such file or folder." for path in paths if not path.exists()]
    registry = _registry_with(folder, [path for path in paths if path.is_dir()])
    faults = [fault for path in files for fault in _file_faults(path, folder, only)]
    in_place = [path for path in files if only == "all" or _is_in_labels(path)]
    faults.extend(_together(in_place, registry))
    return CheckOutcome(len(files), tuple(dict.fromkeys((*missing, *faults))))


def _registry_with(folder: Path | None, folders: list[Path]) -> Registry:
    known = load_registry(folder).folders
    return Registry((*(each for each in folders if each not in known), *known))


def _files_of(path: Path, only: str) -> Iterator[Path]:
    if path.is_dir():
        kinds = ("labels/*/*.geojson", "sites/*.geojson", "published/*.toml", EDITIONS)
        for pattern in kinds[:1] if only == "labels" else kinds:
            yield from sorted(path.glob(pattern))
    elif path.exists():
        yield path


def _file_faults(path: Path, folder: Path | None, only: str) -> Iterator[str]:
    if path.suffix == ".toml":
        try:
            read_editions(path) if path.match(EDITIONS) else read_study(path)
        except ReetraceError as fault:
            yield str(fault)
    elif only == "labels" or _is_in_labels(path):
        yield from check_labels(path)
    else:
        found = site_faults(path)
        yield from found
        if not found:
            yield from _legend_faults(path, read_site(path), folder)


def _legend_faults(path: Path, site: Site, folder: Path | None) -> Iterator[str]:
    try:
        legend(site.legend, folder=folder)
    except ReetraceError as fault:
        yield f"{path.name}: reetrace.legend: {site.legend!r}; {fault}"


def _together(files: list[Path], registry: Registry) -> Iterator[str]:
    """What is only wrong between files: names claimed twice, parts of nothing, foreign classes."""
    sound = {path for path in registry.site_files if not site_faults(path)}
    loose = [path for path in files if path.suffix == ".geojson" and not _is_in_labels(path)]
    by_name = {path.name: path for path in sound}
    by_name |= {path.name: path for path in loose if not site_faults(path)}
    sites = tuple(read_site(by_name[name]) for name in sorted(by_name))
    yield from name_clashes(sites)
    by_id = {site.id: site for site in sites}
    for site in sites:
        if site.part_of is None:
            continue
        area = by_id.get(site.part_of)
        if area is None or area.part_of is not None:
            yield (
                f"{site.id}.geojson: reetrace.part_of: {site.part_of!r}; needed: the id of a site "
                "that is part of none."
            )
        elif distance_m(site.area_of_interest.geometry, area.area_of_interest.geometry) > 0.0:
            yield (
                f"{site.id}.geojson: reetrace.part_of: {site.part_of!r}; needed: a study area that "
                "this site’s area of interest meets."
            )
    for path in files:
        if _is_in_labels(path) and path.parent.name in by_id:
            yield from _class_faults(path, by_id[path.parent.name], registry)
        elif _is_in_labels(path):
            yield f"{path.parent.name}/{path.name}: no site is called {path.parent.name!r}."


def _is_in_labels(path: Path) -> bool:
    return path.parent.parent.name == "labels"


def _class_faults(path: Path, site: Site, registry: Registry) -> Iterator[str]:
    folder = registry.folders[0]
    try:
        known = legend(site.legend, folder=folder).names
    except ReetraceError:
        return
    yield from check_labels(path, classes=known, site=site.id)
