"""What works on this machine itself: packages, folders, registry, images."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from reetrace.checkup.findings import Finding, look
from reetrace.core.errors import ImageryError, NoImagery
from reetrace.settings import Settings, cache_folder, shipped_templates

if TYPE_CHECKING:
    from reetrace.engines.local import LocalEngine

NEEDED_BYTES = 500_000_000
"""Room a four-epoch report with drawn imagery takes, with a margin."""

PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "rasterio": "rasterio",
    "pyproj": "pyproj",
    "shapely": "shapely",
    "geopandas": "geopandas",
    "matplotlib": "matplotlib",
    "reportlab": "reportlab",
    "openpyxl": "openpyxl",
    "earthengine-api": "ee",
}
"""Package and the module that it brings."""


def examine_machine(settings: Settings) -> Iterator[Finding]:
    """Python, packages, folders, registry and templates."""
    cache = cache_folder(settings)
    yield _python()
    yield _packages()
    yield look("registry", lambda: _registry(settings), "Find every fault: reetrace sites check")
    yield look("templates", lambda: _templates(settings), "Mend the file, or leave it out.")
    yield look("cache folder", lambda: _folder(cache), "Name another one with REETRACE_CACHE.")
    yield look("reports folder", lambda: _folder(settings.reports), "Name another one with --out.")


def examine_imagery(settings: Settings, site: str | None) -> Iterator[Finding]:
    """The user's own images, and which of them would serve a site."""
    yield look("own imagery", lambda: _imagery(settings), "")
    if site is not None:
        yield look(f"imagery for {site}", lambda: _site_imagery(settings, site), "")


def _python() -> Finding:
    return Finding(
        "Python", works=True, finding=f"{platform.python_version()} on {platform.system()}"
    )


def _packages() -> Finding:
    found, missing = [], []
    for name, module in PACKAGES.items():
        try:
            # Installed is not enough: a library that it was built for may be gone.
            import_module(module)
            found.append(f"{name} {version(name)}")
        except (ImportError, OSError, PackageNotFoundError) as fault:
            missing.append(f"{name} ({fault})")
    if missing:
        return Finding(
            "packages",
            works=False,
            finding=f"cannot be used: {', '.join(missing)}.",
            do="Install reetrace again: pip install --force-reinstall reetrace",
        )
    return Finding("packages", works=True, finding=f"{', '.join(found)}.")


def _registry(settings: Settings) -> tuple[str, str]:
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    own = f"; your folder {settings.registry} is layered over it" if settings.registry else ""
    return f"{len(registry.sites)} sites{own}.", ""


def _templates(settings: Settings) -> tuple[str, str]:
    from reetrace.report import check_templates

    check_templates(settings.templates)
    if settings.templates is None:
        return "the shipped ones.", ""
    shipped = settings.templates.name in shipped_templates()
    return (
        f"{settings.templates.name}, {'as shipped' if shipped else 'yours, over the shipped'}.",
        "",
    )


def _folder(path: Path) -> tuple[str, str]:
    standing = path.absolute()
    while not os.path.lexists(standing):
        standing = standing.parent
    if not standing.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "is no folder", str(standing))
    with tempfile.TemporaryFile(dir=standing):
        free = shutil.disk_usage(standing).free
    advice = "" if free > NEEDED_BYTES else "Less than 0.5 GB is free; a report may not fit."
    return f"{path} can be written, {free / 1e9:.1f} GB free.", advice


def _imagery(settings: Settings) -> tuple[str, str]:
    if settings.scenes is None:
        return (
            "none; the three sites at 98.5° E 25.9° N are served by drawn imagery.",
            "Register your own with `reetrace scenes add`.",
        )
    images = _engine(settings).registered()
    if not images:
        raise NoImagery(
            f"{settings.scenes}: holds no scene. Register some with `reetrace scenes add`, or "
            "remove the folder."
        )
    return f"{_counted(len(images))} in {settings.scenes}.", ""


def _site_imagery(settings: Settings, site_id: str) -> tuple[str, str]:
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    study = registry.study_area(registry.site(site_id))
    images = _engine(settings).describe(study)
    refused = [each.fault for each in images if each.fault]
    if images and len(refused) == len(images):
        raise ImageryError(f"{_counted(len(images))}, none of use: {refused[0]}")
    if refused:
        return (
            f"{_counted(len(images))} of your own, {len(refused)} of them refused.",
            f"See why: reetrace scenes list --site {site_id}",
        )
    if images:
        return f"{_counted(len(images))} of your own.", ""
    return "none of your own.", "See `reetrace scenes add --help`."


def _engine(settings: Settings) -> LocalEngine:
    from reetrace.engines import open_engine

    catalogues = (settings.scenes,) if settings.scenes else ()
    return open_engine("local", catalogues=catalogues, work=cache_folder(settings) / "work")


def _counted(images: int) -> str:
    return f"{images} image{'' if images == 1 else 's'}"
