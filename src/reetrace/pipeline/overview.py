"""What imagery is registered, and how much of a site it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.raster import SceneListing
from reetrace.pipeline.order import DRAWN_SITE
from reetrace.settings import Settings, cache_folder, load_settings


@dataclass(frozen=True)
class ScenesOverview:
    """Images by date."""

    site: str
    """Empty where all images are listed."""
    scenes: tuple[SceneListing, ...]
    drawn_serves: bool = False
    """Whether drawn imagery stands in for the site where nothing else covers it."""

    @property
    def notice(self) -> str:
        """The notice that drawn imagery carries; empty where none is listed."""
        return SIMULATED_NOTICE if any(scene.simulated for scene in self.scenes) else ""

    def lines(self) -> tuple[str, ...]:
        """For a terminal, one line a scene."""
        where = f" covers {self.site}" if self.site else " is registered"
        if not self.scenes:
            drawn = " A report will use drawn demonstration imagery." if self.drawn_serves else ""
            return (f"No image{where}.{drawn} Register your own with `reetrace scenes add`.",)
        header = f"{'date':<11} {'sensor':<14} {'clear':>6}  {'':<9}  id"
        return (header, *(_line(scene) for scene in self.scenes))

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "site": self.site,
            "notice": self.notice,
            "scenes": [
                {
                    "id": scene.id,
                    "date": scene.date.isoformat(),
                    "sensor": scene.sensor,
                    "platform": scene.platform,
                    "cloud_cover_percent": scene.cloud_cover,
                    "clear_share": scene.clear_share,
                    "simulated": scene.simulated,
                    "fault": scene.fault,
                }
                for scene in self.scenes
            ],
        }


def _line(scene: SceneListing) -> str:
    clear = "" if scene.clear_share is None else f"{scene.clear_share:.0%}"
    state = "refused" if scene.fault else "simulated" if scene.simulated else ""
    line = f"{scene.date.isoformat():<11} {scene.sensor:<14} {clear:>6}  {state:<9}  {scene.id}"
    return f"{line}\n{'':<11} {scene.fault}" if scene.fault else line


def scenes_overview(
    site_id: str | None,
    *,
    scenes: Path | None,
    registry: Path | None,
    progress: Callable[[str, float], None],
) -> ScenesOverview:
    """Images by date: all that are registered, or those that cover a site with their clear share.

    Drawn imagery is listed for a site that nothing else covers, once it was drawn.

    Raises:
        ReetraceError: The site is not known, or a folder cannot be used.
    """
    from reetrace.engines import open_engine
    from reetrace.registry import load_registry

    settings = load_settings(scenes=scenes, registry=registry)
    engine = open_engine(
        "local",
        catalogues=(settings.scenes,) if settings.scenes else (),
        work=cache_folder(settings) / "work",
        drawn=_drawn_already(settings),
        progress=progress,
    )
    if site_id is None:
        return ScenesOverview("", engine.registered())
    known = load_registry(settings.registry)
    study = known.study_area(known.site(site_id))
    return ScenesOverview(study.id, engine.describe(study), study.id == DRAWN_SITE)


def _drawn_already(settings: Settings) -> Path | None:
    from reetrace.drawn import DEFAULT_SEED, edition

    folder = cache_folder(settings) / f"drawn-{edition()}-{DEFAULT_SEED}"
    return folder if (folder / "catalog.json").is_file() else None
