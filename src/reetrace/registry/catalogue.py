"""Finds sites, zones, labels and published tables by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reetrace.core.errors import LabelError, RegistryError, UnknownSite
from reetrace.core.samples import Labels, Purpose
from reetrace.core.site import Site, ZoneSet
from reetrace.registry.labels import load_labels
from reetrace.registry.published import PublishedStudy, read_study
from reetrace.registry.site_file import read_site
from reetrace.registry.zone_sets import Edition, read_editions, zone_sets
from reetrace.shipped import shipped

EDITIONS = "borders/editions.toml"


@dataclass(frozen=True)
class Registry:
    """Every site that can be named, from the shipped folder and the user's.

    Files are looked for as `sites/*.geojson`, `labels/<site>/<year>.geojson` (training),
    `labels/<site>/<year>-sample.geojson` (probability sample), `published/*.toml` and
    `borders/editions.toml` in each folder.
    """

    folders: tuple[Path, ...]
    """In order of preference: the user's folder, if any, before the shipped one."""

    known: tuple[Site, ...] | None = None
    """Sites read already, with some that are not in a file yet; None reads the files."""

    @cached_property
    def site_files(self) -> tuple[Path, ...]:
        """One file a site id, by id; a user's file stands for the shipped one of its name."""
        files = dict(self._files("sites/*.geojson"))
        return tuple(files[name] for name in sorted(files))

    @cached_property
    def overridden(self) -> tuple[str, ...]:
        """Ids of shipped sites that a file of the user's replaces."""
        names = [{path.name for path in folder.glob("sites/*.geojson")} for folder in self.folders]
        first, *rest = names
        return tuple(sorted(Path(name).stem for name in first.intersection(*rest) if rest))

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All sites, by id.

        Raises:
            RegistryError: A file cannot be used, or two sites answer to one name.
        """
        read = self.known or tuple(read_site(path) for path in self.site_files)
        sites = tuple(sorted(read, key=_by_id))
        clash = next(iter(name_clashes(sites)), None)
        if clash:
            raise RegistryError(clash)
        return sites

    def with_site(self, site: Site) -> Registry:
        """The same registry with one site more, in memory only."""
        return Registry(self.folders, (*self.sites, site))

    def site(self, name: str) -> Site:
        """The site with this id or alias, whatever its capitals.

        Raises:
            UnknownSite: With the nearest names.
        """
        called = {known: site for site in self.sites for known in site_names(site)}
        if name.strip().casefold() in called:
            return called[name.strip().casefold()]
        near = difflib.get_close_matches(name.strip().casefold(), list(called), n=3, cutoff=0.55)
        meant = sorted({called[each].id for each in near}, key=lambda each: each.casefold())
        hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
        raise UnknownSite(
            f"No site is called {name!r}.{hint} List them with `reetrace sites list`."
        )

    def study_area(self, site: Site) -> Site:
        """The site whose area of interest is classified for this one.

        Raises:
            RegistryError: `part_of` names no site, or a site that is itself part of another.
        """
        if site.part_of is None:
            return site
        area = next((each for each in self.sites if each.id == site.part_of), None)
        if area is None or area.part_of is not None:
            raise RegistryError(
                f"{site.id}.geojson: reetrace.part_of: {site.part_of!r}; needed: the id of a site "
                "of the registry that is part of none."
            )
        return area

    def zone_sets(self, study_area: Site) -> tuple[ZoneSet, ...]:
        """What is counted together: the study area, its mines, its countries by each edition."""
        return zone_sets(study_area, self.parts(study_area), self.editions)

    def parts(self, study_area: Site) -> tuple[Site, ...]:
        """The sites that are zones of a study area, by id."""
        return tuple(site for site in self.sites if site.part_of == study_area.id)

    @cached_property
    def editions(self) -> dict[str, Edition]:
        """The boundary editions that are known by name.

        Raises:
            RegistryError: A file of them cannot be used.
        """
        known: dict[str, Edition] = {}
        for folder in reversed(self.folders):
            path = folder / EDITIONS
            if path.is_file():
                known |= read_editions(path)
        return known

    def labels(self, site_id: str, year: int | str, purpose: Purpose) -> Labels | None:
        """The labels of a site and epoch, or None where there is no such file.

        Raises:
            LabelError: The file cannot be used, or speaks of another site, epoch or purpose.
        """
        ending = "-sample" if purpose == "probability-sample" else ""
        for folder in self.folders:
            path = folder / "labels" / site_id / f"{year}{ending}.geojson"
            if path.is_file():
                labels = load_labels(path)
                said = (labels.site, labels.epoch, labels.purpose)
                if said != (site_id, str(year), purpose):
                    raise LabelError(
                        f"{site_id}/{path.name}: holds labels of {said[0]}, {said[1]}, {said[2]}; "
                        f"its place is for {site_id}, {year}, {purpose}. Move it or mend its head."
                    )
                return labels
        return None

    def label_files(self, site_id: str | None = None) -> tuple[Path, ...]:
        """Label files by site and name; a user's file stands for the shipped one of its name."""
        files = dict(self._files(f"labels/{site_id or '*'}/*.geojson"))
        return tuple(files[name] for name in sorted(files))

    def published(self, site_id: str) -> tuple[PublishedStudy, ...]:
        """Published studies that speak of this site, by id."""
        files = dict(self._files("published/*.toml"))
        studies = (read_study(files[name]) for name in sorted(files))
        return tuple(study for study in studies if site_id in study.sites)

    def _files(self, pattern: str) -> Iterator[tuple[str, Path]]:
        """(path within its folder, path); the preferred folder comes last."""
        for folder in reversed(self.folders):
            for path in folder.glob(pattern):
                yield str(path.relative_to(folder)), path


def load_registry(folder: Path | None = None) -> Registry:
    """The shipped registry, with the user's folder (if any) laid over it."""
    home = shipped("registry")
    if folder is None:
        return Registry((home,))
    if not folder.is_dir():
        raise RegistryError(f"{folder}: no such registry folder. Make it or leave --registry out.")
    return Registry((home,) if folder.resolve() == home.resolve() else (folder, home))


def site_names(site: Site) -> tuple[str, ...]:
    """Everything a site answers to, folded for comparison: its id, then its aliases."""
    return site.id.casefold(), *(alias.casefold() for alias in site.aliases)


def name_clashes(sites: tuple[Site, ...]) -> Iterator[str]:
    """One line for each id or alias that two sites claim."""
    owners: dict[str, str] = {}
    for site in sites:
        for name in dict.fromkeys(site_names(site)):
            if name in owners:
                yield (
                    f"{site.id}.geojson: {name!r} already names site {owners[name]}; "
                    "ids and aliases must be unique whatever their capitals."
                )
            owners.setdefault(name, site.id)


def _by_id(site: Site) -> str:
    return site.id
