"""Where imagery is composed, classified and counted; each engine is imported when it is opened."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.core.errors import SettingError

if TYPE_CHECKING:
    from reetrace.engines.local import LocalEngine

ENGINES = ("local",)


def open_engine(
    name: str,
    *,
    catalogues: Sequence[Path],
    work: Path,
    drawn: Path | None = None,
    workers: int = 2,
    progress: Callable[[str, float], None] | None = None,
) -> LocalEngine:
    """The engine with this name, ready for use.

    Args:
        name: `local` is the embedded one; it needs no account and no network.
        catalogues: Folders of STAC items that describe the imagery.
        work: Folder for finished rasters; may be deleted at any time, then they are made again.
        drawn: A drawn world, used for a site only where no catalogue has a scene of it.
        workers: Threads; no answer depends on it.
        progress: Told what is being done and which share of it is done, 0-1.

    Raises:
        SettingError: There is no engine of this name.
    """
    if name not in ENGINES:
        close = difflib.get_close_matches(name, ENGINES, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise SettingError(f"{name!r} is no known engine. {hint}Known: {', '.join(ENGINES)}.")
    from reetrace.engines.local import LocalEngine

    return LocalEngine(catalogues, work=work, drawn=drawn, workers=workers, progress=progress)
