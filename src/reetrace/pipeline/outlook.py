"""A run foretold, and the lines in which it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.grid import Grid

_MB, _GB = 1e6, 1e9


@dataclass(frozen=True)
class ForecastEpoch:
    """One epoch as it would be judged."""

    label: str
    sensor: str
    scenes: int
    passes: int
    """Views of one place at most: frames of one pass count once."""
    dates: tuple[str, ...]
    min_observations: int
    training_labels: int | None
    """None where there is no file of them."""
    sample_labels: int | None
    """Places of a probability sample; None where there is none."""


@dataclass(frozen=True)
class StageForecast:
    """One kind of question to a service."""

    name: str
    requests: int
    bytes_home: int


@dataclass(frozen=True)
class Forecast:
    """A run, as far as it can be told without reading a pixel."""

    site: str
    study_area: str
    engine: str
    simulated: bool
    grid: Grid
    epochs: tuple[ForecastEpoch, ...]
    screening_dates: tuple[str, ...]
    files: int
    """To read from on this machine; 0 for an engine that reads elsewhere."""
    file_bytes: int
    """Their whole size; only the part that covers the site is read."""
    stages: tuple[StageForecast, ...]
    """Questions to a service; none for an engine that asks none."""
    compute: tuple[str, ...]
    """What the service will have to do for it, in plain lines with the uncertainty."""
    eecu_seconds: float | None
    """By order of magnitude; None for an engine that asks no service."""
    disk_bytes: int
    """To be written, at most."""
    disks: tuple[tuple[str, int], ...]
    """(folder, bytes free) where they are to be written."""
    memory_bytes: int = 0
    """Of this machine's memory, at most; by order of magnitude."""
    machine_bytes: int | None = None
    """Memory this machine has; None where it does not tell."""
    problems: tuple[str, ...] = ()
    """Why the run would stop, one line each."""

    @property
    def requests(self) -> int:
        """All requests to a service."""
        return sum(each.requests for each in self.stages)

    @property
    def bytes_home(self) -> int:
        """All bytes that a service would send."""
        return sum(each.bytes_home for each in self.stages)

    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        grid = self.grid
        part = "" if self.study_area == self.site else f", part of {self.study_area}"
        sides = f"{grid.rows:,} rows × {grid.cols:,} columns of {grid.pixel_m:g} m"
        told = [
            ("site", f"{self.site}{part}"),
            ("engine", self.engine),
            ("grid", f"{sides}, EPSG:{grid.epsg}"),
            *self._epoch_lines(),
            ("screening", _screened(self.screening_dates)),
            *(("asks", line) for line in self.compute),
            *self._disk_lines(),
            *(("stops", problem) for problem in self.problems),
            *((("notice", SIMULATED_NOTICE),) if self.simulated else ()),
        ]
        return tuple(f"{name:<11} {text}" for name, text in told)

    def _epoch_lines(self) -> Iterator[tuple[str, str]]:
        for each in self.epochs:
            span = " to ".join(dict.fromkeys((each.dates[0], each.dates[-1])))
            images = _counted(each.scenes, "image")
            passes = _counted(each.passes, "pass", "passes")
            seen = f"a pixel counts as seen from {_counted(each.min_observations, 'clear view')} on"
            yield each.label, f"{each.sensor}: {images} of {passes}, {span}; {seen}"
            training = "none" if each.training_labels is None else f"{each.training_labels:,}"
            sample = "none" if each.sample_labels is None else f"{each.sample_labels:,}"
            yield "", f"labels: {training} for training, {sample} of a probability sample"

    def _disk_lines(self) -> Iterator[tuple[str, str]]:
        if self.files:
            size = _size(self.file_bytes)
            yield "reads", f"{_counted(self.files, 'file')}, {size} if they were read whole"
        yield "writes", f"at most {_size(self.disk_bytes)}"
        yield "memory", self._memory()
        for folder, free in self.disks:
            short = "" if free > self.disk_bytes else "; too little, make room"
            yield "free", f"{_size(free)} at {folder}{short}"

    def _memory(self) -> str:
        needed = f"about {_size(self.memory_bytes)} at most"
        if self.machine_bytes is None:
            return needed
        short = "; too little, choose a smaller area of interest"
        enough = self.machine_bytes > self.memory_bytes
        return f"{needed}, this machine has {_size(self.machine_bytes)}{'' if enough else short}"

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            **asdict(self),
            "requests": self.requests,
            "bytes_home": self.bytes_home,
            "disks": [{"folder": folder, "free_bytes": free} for folder, free in self.disks],
            "notice": SIMULATED_NOTICE if self.simulated else "",
        }


def _screened(dates: Sequence[str]) -> str:
    if not dates:
        return "no Sentinel-2 image in the years judged, so the 740 nm screening will not be run"
    span = " to ".join(dict.fromkeys((dates[0], dates[-1])))
    return f"at 740 nm on {_counted(len(dates), 'date')} of Sentinel-2, {span}"


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _size(size_bytes: float) -> str:
    if size_bytes >= _GB:
        return f"{size_bytes / _GB:.1f} GB"
    return f"{max(size_bytes / _MB, 0.1):.1f} MB"
