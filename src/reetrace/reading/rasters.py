"""The rasters of an evidence folder, read small enough to be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence, RasterRecord
from reetrace.core.landcover import NOT_SEEN, OUTSIDE
from reetrace.core.raster import NDVI_SCALE, decode_reflectance, ndvi_feature

PRINTED_PIXELS = 1_600
"""Longest side read for print: more than any panel shows at 200 dots an inch."""

_SHOWN = ("red", "green", "blue", "nir")
"""Bands of a composite that pictures are made of."""

STAYED_OTHER, STAYED, GAINED, LOST = 1, 2, 3, 4
"""What became of the target class between two epochs; `NOT_SEEN` and `OUTSIDE` as in maps."""


@dataclass
class Rasters:
    """Pixels by kind and epoch; every raster is read once."""

    evidence: Evidence
    data: Path
    most_pixels: int = PRINTED_PIXELS
    """Longest side read; larger rasters are read at every so many pixels."""
    kept: dict[tuple[str, ...], dict[str, NDArray[np.float32]]] = field(default_factory=dict)
    """The pictures asked for last, by their bands: figure after figure shows the same."""
    _read: dict[tuple[str, int], NDArray[np.generic]] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """Every how many pixels one is read."""
        return max(1, math.ceil(max(self.evidence.grid.shape) / self.most_pixels))

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols) as read."""
        rows, cols = self.evidence.grid.shape
        return math.ceil(rows / self.step), math.ceil(cols / self.step)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """(west, east, south, north) in metres, as matplotlib wants it."""
        west, south, east, north = self.evidence.grid.bounds
        return west, east, south, north

    def landcover(self, epoch: str) -> NDArray[np.uint8]:
        """Shape (rows, cols): class codes."""
        return self._band(self._record("landcover", epoch), 1).astype(np.uint8)

    def observations(self, epoch: str) -> NDArray[np.uint16]:
        """Shape (rows, cols): how often each pixel was seen clear."""
        return self._band(self._record("observations", epoch), 1).astype(np.uint16)

    def reflectance(self, epoch: str, role: str) -> NDArray[np.float32]:
        """Shape (rows, cols): 0-1, NaN where not seen."""
        return decode_reflectance(self._stored(epoch, role))

    def ndvi(self, epoch: str) -> NDArray[np.float32]:
        """Shape (rows, cols): -1 to 1, NaN where not seen."""
        red, nir = self._stored(epoch, "red"), self._stored(epoch, "nir")
        stored = ndvi_feature(red, nir).astype(np.float32)
        unseen = (red == 0) | (nir == 0)
        return np.where(unseen, np.nan, stored / NDVI_SCALE - 1).astype(np.float32)

    def has_bands(self, epoch: str, *roles: str) -> bool:
        """Whether the composite of an epoch was kept and has these bands."""
        record = next((each for each in self.evidence.epochs if each.label == epoch), None)
        return record is not None and set(roles) <= set(record.bands) and self.has(epoch)

    def has(self, epoch: str, kind: str = "composite") -> bool:
        """Whether a raster of this kind was kept for an epoch."""
        return any(each.kind == kind and each.epochs == (epoch,) for each in self.evidence.rasters)

    def fate(self, first: str, last: str) -> NDArray[np.uint8]:
        """Shape (rows, cols): what became of the target class between two epochs."""
        before, after = self.landcover(first), self.landcover(last)
        target = self.evidence.legend.target_code
        was, now = before == target, after == target
        codes = np.select([was & now, now, was], [STAYED, GAINED, LOST], STAYED_OTHER)
        codes = np.where((before == NOT_SEEN) | (after == NOT_SEEN), NOT_SEEN, codes)
        codes = np.where((before == OUTSIDE) | (after == OUTSIDE), OUTSIDE, codes)
        return codes.astype(np.uint8)

    def _stored(self, epoch: str, role: str) -> NDArray[np.uint16]:
        record = self._record("composite", epoch)
        bands = next(each.bands for each in self.evidence.epochs if each.label == epoch)
        others = [bands.index(each) + 1 for each in _SHOWN if each in bands]
        return self._band(record, bands.index(role) + 1, *others).astype(np.uint16)

    def _record(self, kind: str, epoch: str) -> RasterRecord:
        for each in self.evidence.rasters:
            if each.kind == kind and each.epochs == (epoch,):
                return each
        raise EvidenceError(
            f"evidence: no {kind} raster of {epoch} is recorded. Make the evidence again."
        )

    def _band(self, record: RasterRecord, index: int, *others: int) -> NDArray[np.generic]:
        """A band; the others are read with it, since they lie in the same bytes of the file."""
        if (record.path, index) not in self._read:
            wanted = sorted({index, *others})
            for each, band in zip(wanted, self._from_file(record, wanted), strict=True):
                self._read[record.path, each] = band
        return self._read[record.path, index]

    def _from_file(self, record: RasterRecord, indexes: list[int]) -> NDArray[np.generic]:
        import rasterio
        from rasterio.errors import RasterioError

        path = self.data / record.path
        # A record says what it likes: it may name no file beyond the folder, and none that makes
        # the reader open another.
        if not path.resolve().is_relative_to(self.data.resolve()) or path.suffix != ".tif":
            raise EvidenceError(
                f"{record.path!r}: is no raster of the evidence folder. Take the folder whole."
            )
        rows, cols = self.evidence.grid.shape
        try:
            with rasterio.open(path, driver="GTiff") as opened:
                if opened.shape != (rows, cols):
                    raise EvidenceError(
                        f"{record.path}: {opened.shape[0]} × {opened.shape[1]} pixels, but the "
                        f"evidence says {rows} × {cols}. Take the folder whole."
                    )
                found: NDArray[np.generic] = opened.read(
                    indexes, out_shape=(len(indexes), *self.shape)
                )
        except (RasterioError, IndexError) as error:
            raise EvidenceError(
                f"{path}: the raster cannot be read ({error}). Take the folder whole."
            ) from error
        return found
