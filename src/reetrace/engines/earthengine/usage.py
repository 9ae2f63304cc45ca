"""What was asked of the service: counted as it happens, from any thread."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field

TAG_LENGTH = 63


@dataclass
class Usage:
    """Requests, bytes and compute of one run."""

    requests: Counter[str] = field(default_factory=Counter)
    """By kind, e.g. `value:compute`; a request sent again counts again."""
    bytes_up: Counter[str] = field(default_factory=Counter)
    """Bodies sent, by kind."""
    bytes_down: Counter[str] = field(default_factory=Counter)
    """Bodies received, by kind, as they crossed the wire."""
    retries: Counter[str] = field(default_factory=Counter)
    """Requests sent again, by cause, e.g. `429`, `reset`."""
    tile_scale_raised: dict[str, float] = field(default_factory=dict)
    """What ran out of memory -> the tileScale with which it was asked last."""
    tiles_quartered: int = 0
    """Tiles that were too much for one answer and were fetched in four."""
    restricted: bool = False
    """The project was in restricted mode: over its non-commercial quota, slower, no failure."""
    profiles: list[str] = field(default_factory=list)
    """Ids under which the service keeps what its computations took."""
    eecu_seconds: float | None = None
    """Compute of the interactive requests as far as the service told; None where it did not."""
    batch_eecu_seconds: float | None = None
    """Compute of the finished exports as far as the service told."""
    exports: set[str] = field(default_factory=set)
    """Full names of the assets that exports of this run or of earlier ones left and it read."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def requests_made(self) -> int:
        """All requests."""
        return self.requests.total()

    def count_sent(self, kind: str, up: int) -> None:
        """One request left."""
        with self._lock:
            self.requests[kind] += 1
            self.bytes_up[kind] += up

    def count_received(self, kind: str, down: int) -> None:
        """One answer came."""
        with self._lock:
            self.bytes_down[kind] += down

    def count_retry(self, cause: str) -> None:
        """A request is about to be sent again."""
        with self._lock:
            self.retries[cause] += 1

    def count_quartered(self) -> None:
        """A tile is about to be fetched in four."""
        with self._lock:
            self.tiles_quartered += 1

    def raise_tile_scale(self, doing: str, scale: float) -> None:
        """A reduction ran out of memory and is asked again with this tileScale."""
        with self._lock:
            self.tile_scale_raised[doing] = scale

    def keep_profile(self, profile_id: str) -> None:
        """The service named a profile."""
        with self._lock:
            self.profiles.append(profile_id)

    def add_batch(self, eecu_seconds: float | None) -> None:
        """An export ended and took this much, if the service says."""
        if eecu_seconds is not None:
            with self._lock:
                self.batch_eecu_seconds = (self.batch_eecu_seconds or 0.0) + eecu_seconds

    def keep_export(self, asset: str) -> None:
        """An asset of an export is there, and stays there."""
        with self._lock:
            self.exports.add(asset)

    def restrict(self) -> None:
        """The service said that the project is in restricted mode."""
        with self._lock:
            self.restricted = True


def workload_tag(*parts: str | int) -> str:
    """A tag the service accepts, made of any words; Google's cost reports group by it.

    >>> workload_tag("kachin-nujiang", 2005)
    'kachin-nujiang-2005'
    >>> workload_tag("Mine A / Myanmar", "2005–2020")
    'mine-a-myanmar-2005-2020'
    >>> workload_tag("矿")
    'reetrace'
    """
    words = "-".join(str(part) for part in parts).lower()
    # The service wants [a-z0-9] at both ends and [a-z0-9_-] between, 63 in all.
    tag = re.sub(r"[^a-z0-9_]+", "-", words)
    return tag.strip("-_")[:TAG_LENGTH].rstrip("-_") or "reetrace"


def eecu_of_profile(text: str) -> float | None:
    r"""Compute in EECU seconds that a profile's table adds up to; None where it is no such table.

    >>> eecu_of_profile(" EECU·s PeakMem Count Description\n 0.28 59k 6 this\n 0.02 1k 1 that")
    0.3
    """
    head, *rows = text.strip().splitlines() or [""]
    if not head.lstrip().startswith("EECU"):
        return None
    seconds = [row.split(maxsplit=1)[0] for row in rows if row.strip()]
    # Rows whose compute is not known begin with a dash.
    return round(sum(float(one) for one in seconds if re.fullmatch(r"\d+(\.\d+)?", one)), 6)
