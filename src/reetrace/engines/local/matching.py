"""Which band of which file is which band of the sensor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reetrace.core.errors import SettingError
from reetrace.core.sensor import Sensor
from reetrace.engines.local.reading_through import names_of_bands

LEAVE_OUT = "-"


@dataclass(frozen=True)
class Matched:
    """One band of the sensor, found in a file."""

    name: str
    """Band id of the sensor."""
    path: Path
    index: int
    """Band of the file, from 1."""


def part_files(files: Sequence[Path], sensor: Sensor) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """(files of bands, files of quality bands), by the providers' names."""
    quality = tuple(path for path in files if _quality_name(path, sensor))
    return tuple(path for path in files if path not in quality), quality


def match_bands(
    files: Sequence[Path], names: Sequence[str], sensor: Sensor
) -> tuple[tuple[Matched, ...], tuple[str, ...]]:
    """The sensor's bands in the files, and what else the files hold.

    Names given count before all; else each band's description, else the file's name, decides.

    Raises:
        SettingError: Too many or too few names, a name the sensor does not know, one given twice,
            or nothing says which band is which.
    """
    if not files:
        raise SettingError("No file was named.")
    places = [
        (path, index, said)
        for path in files
        for index, said in enumerate(names_of_bands(path), start=1)
    ]
    if names and len(names) != len(places):
        raise SettingError(
            f"--bands names {len(names)} band(s), the files hold {len(places)}. Name each, with "
            f"'{LEAVE_OUT}' for those to leave out."
        )
    matched: list[Matched] = []
    left_out: list[str] = []
    for position, (path, index, said) in enumerate(places):
        if names and names[position] == LEAVE_OUT:
            left_out.append(said or f"band {index}")
            continue
        band_id = _by_name(names[position], sensor) if names else _by_description(said, sensor)
        if band_id is None:
            left_out.append(said or f"{path.name} band {index}")
        else:
            matched.append(Matched(band_id, path, index))
    _refuse_unclear(matched, files, sensor)
    order = [band.id for band in sensor.bands]
    return tuple(sorted(matched, key=lambda each: order.index(each.name))), tuple(left_out)


def match_quality(files: Sequence[Path], sensor: Sensor) -> tuple[Matched, ...]:
    """The quality bands among files; the only one of an unclear name is the sensor's first."""
    usual = sensor.quality[0].id
    matched = [Matched(_quality_name(path, sensor) or usual, path, 1) for path in files]
    names = [each.name for each in matched]
    if len(set(names)) < len(names):
        raise SettingError(
            f"--qa: {names[0]} is given twice. Name the files after the provider's bands "
            f"({', '.join(flags.id for flags in sensor.quality)})."
        )
    return tuple(matched)


def _quality_name(path: Path, sensor: Sensor) -> str | None:
    stem = re.sub(r"_\d0m$", "", path.stem.casefold())
    for flags in sensor.quality:
        for name in (flags.id, *flags.aliases):
            if stem == name.casefold() or stem.endswith(f"_{name.casefold()}"):
                return flags.id
    return None


def _by_name(name: str, sensor: Sensor) -> str:
    for band in sensor.bands:
        if name.casefold() in _names(band.id, band.role, *band.aliases):
            return band.id
    known = ", ".join(f"{band.id} ({band.role})" for band in sensor.bands)
    raise SettingError(f"--bands: {sensor.title} has no band {name!r}. It has {known}.")


def _by_description(said: str, sensor: Sensor) -> str | None:
    """The band whose id stands in a description such as `SR_B4` or `B4_red`; else its role."""
    words = {said.casefold(), *re.split(r"[^a-z0-9]+", said.casefold())}
    for band in sensor.bands:
        ids = _names(band.id, *(name for name in band.aliases if re.search(r"\d", name)))
        if words & ids or said.casefold().endswith(f"_{band.id.casefold()}"):
            return band.id
    for band in sensor.bands:
        if band.role in words:
            return band.id
    return None


def _names(*names: str) -> set[str]:
    return {name.casefold() for name in names}


def _refuse_unclear(matched: Sequence[Matched], files: Sequence[Path], sensor: Sensor) -> None:
    names = [each.name for each in matched]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingError(
            f"{files[0]}: {twice[0]} of {sensor.title} is there twice. "
            "Say which band is which with --bands."
        )
    if not matched:
        roles = ",".join(band.role for band in sensor.bands)
        raise SettingError(
            f"{files[0]}: nothing says which band is which. Name them in order, e.g. "
            f"--bands {roles}."
        )
