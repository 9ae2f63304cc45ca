"""What works on this machine: the findings behind `reetrace doctor`."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reetrace.core.errors import ReetraceError
from reetrace.settings import Settings, cache_folder

NEEDED_BYTES = 500_000_000
"""Room a four-epoch report with drawn imagery takes, with a margin."""

PACKAGES = ("numpy", "rasterio", "scikit-learn", "geopandas", "reportlab", "openpyxl", "matplotlib")


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    works: bool
    finding: str
    do: str = ""

    def as_dict(self) -> dict[str, object]:
        """The same, for JSON."""
        return asdict(self)


def examine(settings: Settings, *, site: str | None = None) -> tuple[Finding, ...]:
    """Look at Python, packages, folders, registry and imagery; never raises for what it finds."""
    findings = [_python(), _packages()]
    findings += [
        _look("registry", lambda: _registry(settings)),
        _look("templates", lambda: _templates(settings)),
        _look("cache folder", lambda: _folder(cache_folder(settings))),
        _look("reports folder", lambda: _folder(settings.reports)),
        _look("own imagery", lambda: _imagery(settings)),
    ]
    if site is not None:
        findings.append(_look(f"imagery for {site}", lambda: _site_imagery(settings, site)))
    return tuple(findings)


def _look(what: str, question: Callable[[], tuple[str, str]]) -> Finding:
    try:
        finding, advice = question()
    except ReetraceError as fault:
        return Finding(what, works=False, finding=str(fault))
    except OSError as fault:
        return Finding(what, works=False, finding=f"{fault.filename}: {fault.strerror}.")
    return Finding(what, works=True, finding=finding, do=advice)


def _python() -> Finding:
    return Finding(
        "Python", works=True, finding=f"{platform.python_version()} on {platform.system()}"
    )


def _packages() -> Finding:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding(
            "packages",
            works=False,
            finding=f"missing: {', '.join(missing)}.",
            do="Install reetrace again: pip install --force-reinstall reetrace",
        )
    return Finding("packages", works=True, finding=", ".join(found))


def _registry(settings: Settings) -> tuple[str, str]:
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    own = f"; your folder {settings.registry} is layered over it" if settings.registry else ""
    return f"{len(registry.sites)} sites{own}.", ""


def _templates(settings: Settings) -> tuple[str, str]:
    from reetrace.report import check_templates

    check_templates(settings.templates)
    return ("yours, over the shipped" if settings.templates else "the shipped ones") + ".", ""


def _folder(path: Path) -> tuple[str, str]:
    standing = path
    while not standing.exists():
        standing = standing.parent
    if not os.access(standing, os.W_OK):
        raise PermissionError(13, "cannot be written", str(path))
    with tempfile.TemporaryFile(dir=standing):
        free = shutil.disk_usage(standing).free
    advice = "" if free > NEEDED_BYTES else "Less than 0.5 GB is free; a report may not fit."
    return f"{path} can be written, {free / 1e9:.0f} GB free.", advice


def _imagery(settings: Settings) -> tuple[str, str]:
    if settings.scenes is None:
        return (
            "none; the three sites at 98.5° E 25.9° N are served by drawn imagery.",
            "Register your own with `reetrace scenes add`.",
        )
    from reetrace.engines import open_engine

    open_engine("local", catalogues=(settings.scenes,), work=cache_folder(settings) / "work")
    return f"{settings.scenes}.", ""


def _site_imagery(settings: Settings, site_id: str) -> tuple[str, str]:
    from reetrace.engines import open_engine
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    study = registry.study_area(registry.site(site_id))
    catalogues = (settings.scenes,) if settings.scenes else ()
    engine = open_engine("local", catalogues=catalogues, work=cache_folder(settings) / "work")
    images = engine.describe(study)
    if images:
        return f"{len(images)} of your own images.", ""
    return "none of your own.", "See `reetrace scenes add --help`."
