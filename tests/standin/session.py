"""What one request may spend, and what it keeps so as not to compute it twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.standin.faults import refuse_memory, refuse_timeout
from tests.standin.readings import Readings

_KEPT_BYTES = 300_000_000


class Archive(Protocol):
    """Where images, collections and tables are found by their ids."""

    def image(self, image_id: str) -> Any:
        """An image."""
        ...

    def collection(self, collection_id: str) -> Any:
        """A collection of images."""
        ...

    def table(self, table_id: str) -> Any:
        """A collection of features."""
        ...


@dataclass
class Session:
    """One request's archive and purse."""

    archive: Archive
    readings: Readings = field(default_factory=Readings)
    work_pixels: int | None = None
    """Pixels of all layers together before the computation times out; None is no limit."""
    memory_pixels: int | None = None
    """Pixels of one aggregation, its bands counted, before memory runs out at tileScale 1."""
    spent: int = 0
    """Pixels of all layers together so far."""
    _kept: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    _kept_bytes: int = 0

    def spend(self, pixels: int) -> None:
        """Counts pixels computed."""
        self.spent += pixels
        if self.work_pixels is not None and self.spent > self.work_pixels:
            raise refuse_timeout()

    def aggregate(self, pixels: int, tile_scale: float) -> None:
        """Counts the pixels of an aggregation; a larger tileScale needs less memory."""
        if self.memory_pixels is not None and pixels / tile_scale**2 > self.memory_pixels:
            raise refuse_memory()

    def recall(self, key: Any) -> Any:
        """What was kept under this key, or None."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        return None

    def forget(self) -> None:
        """Drops all that was kept."""
        self._kept.clear()
        self._kept_bytes = 0

    def keep(self, key: Any, arrays: tuple[Any, ...]) -> None:
        """Keeps arrays; the longest unused ones go when there are too many."""
        self._kept[key] = arrays
        self._kept_bytes += sum(each.nbytes for each in arrays)
        # Strips are small (see `layers`), so that one strip's layers stay together.
        while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= sum(each.nbytes for each in dropped)


_current: ContextVar[Session | None] = ContextVar("session", default=None)


def session() -> Session:
    """The session of the request being answered."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no request is being answered")
    return current


@contextmanager
def opened(new: Session) -> Iterator[Session]:
    """Makes a session the current one."""
    token = _current.set(new)
    try:
        yield new
    finally:
        _current.reset(token)
