"""A user's own rasters looked at and written into a catalogue as a provider would publish them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace import tables
from reetrace.core.errors import ImageryError, OutputError, SettingError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.sensor import Sensor
from reetrace.engines.local.catalogue import SIMULATED_PROPERTY, Item, read_catalogue, read_item
from reetrace.engines.local.describing import describe_item, write_root
from reetrace.engines.local.inspect import Inspection, inspect_scene
from reetrace.engines.local.matching import Matched, match_bands, match_quality, part_files
from reetrace.engines.local.reading_through import FileFacts, read_through


@dataclass(frozen=True)
class Request:
    """Files and what the user says about them."""

    files: tuple[Path, ...]
    """One file with many bands, or a file a band."""
    sensor_id: str
    date: str
    bands: tuple[str, ...] = ()
    """Band ids or roles in the order of the bands; `-` leaves one out. Empty: by name."""
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    quality: tuple[Path, ...] = ()
    licence: str = ""
    copy: bool = False


@dataclass(frozen=True)
class Registered:
    """One scene as it was registered."""

    item: Item
    inspection: Inspection
    left_out: tuple[str, ...]
    """Bands of the files that the sensor's file does not name."""
    pixels: tuple[int, int]
    """(rows, cols) of the first band."""

    @property
    def notice(self) -> str:
        """The notice that drawn imagery carries; empty for real imagery."""
        return SIMULATED_NOTICE if self.inspection.simulated else ""

    def lines(self) -> tuple[str, ...]:
        """For a terminal: what was registered, and what is doubtful about it."""
        rows, cols = self.pixels
        quality = ", ".join(flags.id for flags, _ in self.item.quality)
        return (
            f"registered  {self.item.path}",
            f"bands       {', '.join(self.item.roles)} ({rows} × {cols} pixels)",
            *([f"quality     {quality}"] if quality else []),
            *([f"left out    {', '.join(self.left_out)}"] if self.left_out else []),
            *(f"doubt       {doubt}" for doubt in self.inspection.doubts),
        )

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "id": self.item.id,
            "item": str(self.item.path),
            "date": self.item.date.isoformat(),
            "sensor": self.item.sensor.id,
            "bands": list(self.item.roles),
            "left_out": list(self.left_out),
            "quality": [flags.id for flags, _ in self.item.quality],
            "rows": self.pixels[0],
            "cols": self.pixels[1],
            "simulated": self.inspection.simulated,
            "doubts": list(self.inspection.doubts),
        }


def add_scene(request: Request, folder: Path) -> Registered:
    """Checks the files and registers them; on a fault nothing is written.

    Args:
        request: The files and what is said about them.
        folder: The user's catalogue; made if it is missing.

    Raises:
        SettingError: An option says something it may not.
        ImageryError: A file cannot be what it is said to be, or is registered already.
        OutputError: The catalogue cannot be written.
    """
    sensor = tables.sensor(request.sensor_id)
    date = _date(request.date, sensor)
    files, quality_files = part_files(request.files, sensor)
    bands, left_out = match_bands(files, request.bands, sensor)
    quality = match_quality((*request.quality, *quality_files), sensor)
    _refuse_shared(bands, quality)
    facts = {path: read_through(path) for path in dict.fromkeys(_files(bands, quality))}
    _refuse_apart(facts)
    scene_id = _scene_id(sensor, date, request.files)
    encodings = {each.name: _encoding(request, sensor, facts[each.path], each) for each in bands}
    _refuse_known(folder, scene_id, sensor, date, facts)
    home = folder / sensor.id / scene_id
    content = describe_item(
        scene_id,
        sensor,
        date,
        bands=bands,
        quality=quality,
        encodings=encodings,
        facts=facts,
        home=home,
        licence=request.licence,
        copied=request.copy,
    )
    path = home / f"{scene_id}.json"
    in_place = _in_place(content, bands, quality)
    item = read_item(path, in_place, base=home)
    inspection = inspect_scene(item, facts[bands[0].path].own_grid)
    _refuse_empty(inspection, bands[0].path)
    content["properties"][SIMULATED_PROPERTY] = inspection.simulated
    _put(folder, home, content, copies=tuple(facts) if request.copy else ())
    return Registered(
        read_item(path, content, base=home), inspection, left_out, facts[bands[0].path].shape
    )


def _in_place(
    content: dict[str, Any], bands: Sequence[Matched], quality: Sequence[Matched]
) -> dict[str, Any]:
    """The item with its links to the files where they lie now, to look before anything is put."""
    files = {each.name: str(each.path.resolve()) for each in (*bands, *quality)}
    assets = {name: {**asset, "href": files[name]} for name, asset in content["assets"].items()}
    return {**content, "assets": assets}


def _put(folder: Path, home: Path, content: dict[str, Any], *, copies: Sequence[Path]) -> None:
    """The scene's folder made aside and moved to its place whole, then the root written anew."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".adding-", dir=folder))
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    try:
        aside.chmod(0o755)  # `mkdtemp` keeps others out; a catalogue is there to be shared.
        for path in copies:
            shutil.copyfile(path, aside / path.name)
        text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        (aside / f"{home.name}.json").write_text(text, encoding="utf-8")
        home.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(home)
        write_root(folder)
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _files(bands: Sequence[Matched], quality: Sequence[Matched]) -> list[Path]:
    return [each.path for each in (*bands, *quality)]


def _refuse_shared(bands: Sequence[Matched], quality: Sequence[Matched]) -> None:
    """Refuses reflectance that is named as quality: its bits would mean anything."""
    shared = {each.path.resolve() for each in bands} & {each.path.resolve() for each in quality}
    if shared:
        raise SettingError(
            f"--qa {min(shared).name}: is the file of the bands as well. Name the provider's "
            "quality band of the scene, or leave --qa out."
        )


def _date(text: str, sensor: Sensor) -> dt.date:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError as fault:
        raise SettingError(
            f"--date {text}: not a date. Write year-month-day, e.g. 2018-09-06."
        ) from fault
    first, last = sensor.service_first, sensor.service_last
    # A day ahead, because the day begins earlier in the east.
    latest = last or (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date().isoformat()
    if not first <= date.isoformat() <= latest:
        raise SettingError(
            f"--date {text}: {sensor.title} served from {first} to {last or 'today'}. "
            "Correct --date or --sensor."
        )
    return date


def _scene_id(sensor: Sensor, date: dt.date, files: Sequence[Path]) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", files[0].stem).strip("-")
    return f"{sensor.id}_{date.isoformat()}_{stem}"


def _encoding(
    request: Request, sensor: Sensor, facts: FileFacts, band: Matched
) -> dict[str, float | None]:
    """What the item will say about the numbers of a band: asked for, else of the file, else usual.

    The offset of Sentinel-2 changed in 2022 and no file says which it has: it has to be stated.
    """
    own_scale, own_offset = facts.encodings[band.index - 1]
    is_float = facts.dtypes[band.index - 1].startswith("float")
    own = (own_scale, own_offset) != (1.0, 0.0)
    if sensor.family == "msi" and request.offset is None and not own and not is_float:
        raise SettingError(
            f"{band.path}: the offset of Sentinel-2 values changed in 2022 and the file does not "
            "say which it has. State --scale 0.0001 with --offset -0.1 (baseline 04.00 and later) "
            "or --offset 0 (earlier, or taken away already)."
        )
    if request.scale is not None or request.offset is not None:
        usual = 1.0 if is_float else sensor.scale
        scale = usual if request.scale is None else request.scale
        offset = 0.0 if request.offset is None else request.offset
    elif own:
        scale, offset = own_scale, own_offset
    else:
        scale, offset = (1.0, 0.0) if is_float else (sensor.scale, sensor.offset)
    if not 0 < scale < math.inf or not math.isfinite(offset):
        raise SettingError(
            f"--scale {scale:g} --offset {offset:g}: a scale above 0 and a finite offset are "
            "needed."
        )
    nodata = None if math.isnan(request.nodata or 0.0) else request.nodata
    if nodata is None:
        nodata = facts.nodata[band.index - 1]
    if nodata is None and (scale, offset) == (sensor.scale, sensor.offset):
        nodata = float(sensor.nodata)
    return {"scale": scale, "offset": offset, "nodata": nodata}


def _refuse_known(
    folder: Path, scene_id: str, sensor: Sensor, date: dt.date, facts: dict[Path, FileFacts]
) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder of scenes is needed.")
    checksums = {each.sha256 for each in facts.values()}
    for item in read_catalogue(folder):
        same = item.sensor.id == sensor.id and item.date == date
        if same and checksums & {layer.checksum for _, layer in item.bands}:
            raise ImageryError(
                f"{next(iter(facts))}: registered already as {item.id}. Remove "
                f"{item.path.parent} first to register it anew."
            )
    if (folder / sensor.id / scene_id).exists():
        raise ImageryError(
            f"{folder / sensor.id / scene_id}: another file of this name, sensor and date is "
            "registered. Rename the file, or remove that folder first."
        )


def _refuse_apart(facts: Mapping[Path, FileFacts]) -> None:
    (first, home), *others = facts.items()
    west, south, east, north = home.bounds
    for path, each in others:
        left, lower, right, upper = each.bounds
        if right <= west or left >= east or upper <= south or lower >= north:
            raise ImageryError(
                f"{path}: lies at {left:.3f} {lower:.3f}, {first.name} at {west:.3f} {south:.3f}; "
                "they do not overlap. Name the files of one and the same scene."
            )


def _refuse_empty(inspection: Inspection, path: Path) -> None:
    if not inspection.overlaps:
        raise ImageryError(
            f"{path}: no pixel holds a measurement; all are no data. Check --nodata, or fetch the "
            "file again."
        )


def _unwritable(folder: Path, fault: OSError) -> OutputError:
    return OutputError(
        f"{folder}: cannot be written ({fault.strerror or fault}). "
        "Free some space or name another folder with --scenes."
    )
