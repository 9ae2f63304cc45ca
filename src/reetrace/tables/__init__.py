"""What is looked up and not computed: sensors and legends, one TOML table each."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reetrace.core.errors import SettingError
from reetrace.core.landcover import OUTSIDE, LandcoverClass, Legend
from reetrace.core.sensor import Band, QualityBand, QualityFlag, Sensor

_HOME = Path(__file__).resolve().parent
_LEGENDS = "legends.toml"
_FEWEST_CLASSES = 2

SPECTRAL_ROLE = "red-edge-2"
"""The band at 740 nm, where neodymium absorbs; a sensor that has it can screen for it."""


def sensor(sensor_id: str) -> Sensor:
    """The sensor with this id.

    Raises:
        SettingError: There is none; the message names the nearest.
    """
    known = {each.id: each for each in sensors()}
    if sensor_id not in known:
        raise SettingError(f"{sensor_id!r} is no known sensor. {_nearest(sensor_id, list(known))}")
    return known[sensor_id]


def sensors() -> tuple[Sensor, ...]:
    """Every sensor, by id."""
    return tuple(each for each, _ in _read_sensors())


def landsat_for_year(year: int) -> tuple[Sensor, ...]:
    """The Landsats in service at any time of a year, the preferred one first.

    >>> [each.id for each in landsat_for_year(2005)]
    ['landsat5-tm', 'landsat7-etm']
    """
    serving = [
        (preference, each)
        for each, preference in _read_sensors()
        if preference is not None
        and int(each.service_first[:4]) <= year
        and (each.service_last is None or year <= int(each.service_last[:4]))
    ]
    return tuple(each for _, each in sorted(serving, key=lambda pair: pair[0]))


def spectral_sensors() -> tuple[Sensor, ...]:
    """The sensors that measure the neodymium absorption at 740 nm, by id."""
    return tuple(each for each in sensors() if SPECTRAL_ROLE in each.roles)


def sensor_of_platform(platform: str) -> Sensor | None:
    """The sensor that a catalogue item's `platform` means, or None."""
    wanted = platform.casefold()
    for each in sensors():
        if wanted in {name.casefold() for name in each.platforms}:
            return each
    return None


def legend(legend_id: str, *, folder: Path | None = None) -> Legend:
    """The legend with this id.

    Args:
        legend_id: As a site record names it.
        folder: A user's folder whose `legends.toml` is layered over the shipped one.

    Raises:
        SettingError: There is none of this id, or its table says something it may not.
    """
    files = [_HOME / _LEGENDS]
    if folder is not None and (folder / _LEGENDS).is_file():
        files.append(folder / _LEGENDS)
    written: dict[str, tuple[Path, Mapping[str, Any]]] = {}
    for path in files:
        for name, table in _read_toml(path).items():
            written[name] = (path, table)
    if legend_id not in written:
        raise SettingError(
            f"{legend_id!r} is no known legend. {_nearest(legend_id, list(written))}"
        )
    path, table = written[legend_id]
    return _to_legend(path, legend_id, table)


def _nearest(wanted: str, known: list[str]) -> str:
    close = difflib.get_close_matches(wanted, known, n=1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(sorted(known))}."


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise SettingError(f"{path}: not valid TOML ({fault}). Mend it or remove it.") from fault


@cache
def _read_sensors() -> tuple[tuple[Sensor, int | None], ...]:
    """(sensor, preference among Landsats) by id."""
    pairs = []
    for path in sorted((_HOME / "sensors").glob("*.toml")):
        table = _read_toml(path)
        pairs.append((_to_sensor(table), table.get("preference")))
    return tuple(sorted(pairs, key=lambda pair: pair[0].id))


def _to_sensor(table: Mapping[str, Any]) -> Sensor:
    return Sensor(
        id=table["id"],
        title=table["title"],
        family=table["family"],
        platforms=tuple(table["platforms"]),
        bands=tuple(
            Band(**{**band, "aliases": tuple(band.get("aliases", ()))}) for band in table["bands"]
        ),
        quality=tuple(
            QualityBand(
                id=band["id"],
                reject=tuple(
                    QualityFlag(flag["name"], flag.get("bit"), tuple(flag.get("values", ())))
                    for flag in band["reject"]
                ),
                aliases=tuple(band.get("aliases", ())),
            )
            for band in table["quality"]
        ),
        scale=table["scale"],
        offset=table["offset"],
        nodata=table["nodata"],
        service_first=table["service_first"],
        service_last=table.get("service_last"),
        source=table["source"],
    )


def _to_legend(path: Path, legend_id: str, table: object) -> Legend:
    where = f"{path}: {legend_id}"
    rows = table.get("classes") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(rows, list) or len(rows) < _FEWEST_CLASSES:
        raise SettingError(f"{where}.classes is {rows!r}; a list of at least two is needed.")
    classes = [_to_class(f"{where}.classes[{position}]", row) for position, row in enumerate(rows)]
    codes = [str(each.code) for each in classes]
    names = [each.name for each in classes]
    for values, field in ((codes, "code"), (names, "name")):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise SettingError(
                f"{where}: {field} {twice[0]} stands twice; give each class its own."
            )
    if table.get("target") not in names:
        raise SettingError(
            f"{where}.target is {table.get('target')!r}; one of {', '.join(names)} is needed."
        )
    return Legend(
        legend_id,
        str(table.get("title", legend_id)),
        tuple(sorted(classes, key=lambda each: each.code)),
        str(table["target"]),
    )


def _to_class(where: str, row: object) -> LandcoverClass:
    if not isinstance(row, Mapping):
        raise SettingError(f"{where} is {row!r}; a table with code, name and colour is needed.")
    code, name, colour = row.get("code"), row.get("name"), row.get("colour")
    if not isinstance(code, int) or isinstance(code, bool) or not 0 < code < OUTSIDE:
        raise SettingError(f"{where}.code is {code!r}; a whole number from 1 to 254 is needed.")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise SettingError(
            f"{where}.name is {name!r}; small letters, digits and hyphens are needed."
        )
    if not isinstance(colour, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise SettingError(f"{where}.colour is {colour!r}; a colour such as #cfe3c8 is needed.")
    return LandcoverClass(
        code, name, str(row.get("title", name)), colour, str(row.get("definition", ""))
    )
