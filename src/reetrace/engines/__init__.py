"""Where imagery is composed, classified and counted; each engine is imported when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from reetrace.settings import ENGINES, one_of

if TYPE_CHECKING:
    from reetrace.engines.earthengine import EarthEngine
    from reetrace.engines.local import LocalEngine

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Account:
    """Who asks the Earth Engine service, and how much at once."""

    project: str | None = None
    """Google Cloud project; None takes the one that comes with the credentials."""
    key: Path | None = None
    """Service-account key file; None looks for other credentials."""
    concurrency: int = 20
    """Most requests under way at once; a project is allowed 40."""
    url: str | None = None
    """Address of a service on this machine that stands in for Google's, for tests."""


@overload
def open_engine(
    name: Literal["local"],
    *,
    catalogues: Sequence[Path],
    work: Path,
    drawn: Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    only: frozenset[str] | None = None,
    account: Account | None = None,
) -> LocalEngine: ...


@overload
def open_engine(
    name: str,
    *,
    catalogues: Sequence[Path],
    work: Path,
    drawn: Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    only: frozenset[str] | None = None,
    account: Account | None = None,
) -> LocalEngine | EarthEngine: ...


def open_engine(
    name: str,
    *,
    catalogues: Sequence[Path],
    work: Path,
    drawn: Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    only: frozenset[str] | None = None,
    account: Account | None = None,
) -> LocalEngine | EarthEngine:
    """The engine with this name, ready for use.

    Args:
        name: `local` is the embedded one; it needs no account and no network. `earthengine` works
            on Google's servers, over the whole archive.
        catalogues: Folders of STAC items that describe the imagery; for `local`.
        work: Folder for finished rasters; may be deleted at any time, then they are made again.
        drawn: A drawn world, used for a site only where no catalogue has a scene of it; for
            `local`.
        workers: Threads; no answer depends on it; for `local`.
        progress: Told what is being done and which share of it is done, 0-1.
        only: Ids of the scenes that may be used; None is every scene.
        account: For `earthengine`.

    Raises:
        SettingError: There is no engine of this name.
        AccountError: Nobody is signed in to the service, or may not use it.
    """
    one_of(name, ENGINES, "engine", "engine")
    if name == "earthengine":
        from reetrace.engines.earthengine import EarthEngine

        return EarthEngine.open(account or Account(), work=work, progress=progress, only=only)
    from reetrace.engines.local import LocalEngine

    return LocalEngine(
        catalogues, work=work, drawn=drawn, workers=workers, progress=progress, only=only
    )
