"""How a template looks: its PDF from an evidence folder, or from one that is drawn for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace import evidence
from reetrace.core.errors import EvidenceError, OutputError, SettingError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.pipeline.writable import refuse_unwritable
from reetrace.settings import Settings, cache_folder

Progress = Callable[[str, float], None]

_SITE, _YEARS = "mine-A", (2005, 2020)


@dataclass(frozen=True)
class Preview:
    """A PDF that shows a template."""

    path: Path
    template: str
    digest: str
    notice: str

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "preview": str(self.path),
            "template": self.template,
            "digest": self.digest,
            "notice": self.notice,
        }


def preview(settings: Settings, out: Path, *, bag: Path | None, progress: Progress) -> Preview:
    """Writes the PDF of a template.

    Args:
        settings: Name the template, the language and the cache.
        out: File to write.
        bag: Evidence folder to fill it from; without one, drawn evidence is made once and kept.
        progress: Told what is being done and the share done, 0-1.

    Raises:
        TemplateError: The template cannot be used.
        EvidenceError: The folder is not an evidence folder.
        SettingError: The file is not called as a PDF is.
        OutputError: The file cannot be written.
    """
    from reetrace.report.pdf import set_report
    from reetrace.report.template import load_template

    if out.suffix != ".pdf" or out.is_dir():
        raise SettingError(f"--out: {out} is no PDF file. Name it like preview.pdf.")
    refuse_unwritable(out.parent)
    # First the template: nobody should wait for evidence to learn of a slip in a text.
    template = load_template(settings.templates)
    folder = bag or _drawn_evidence(settings, progress)
    found = evidence.load(folder)
    progress("Setting the preview", 0.8)
    document = set_report(found, folder / "data", template, language=settings.lang)
    aside = out.with_name(f".{out.name}.part")
    try:
        aside.write_bytes(document)
        aside.replace(out)
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise OutputError(f"{out}: the preview cannot be written ({fault.strerror}).") from fault
    notice = SIMULATED_NOTICE if found.simulated else ""
    return Preview(out, template.name, template.digest, notice)


def _drawn_evidence(settings: Settings, progress: Progress) -> Path:
    """Evidence of the drawn world, made on first use; never of the user's imagery or registry."""
    from reetrace import __version__
    from reetrace.drawn import DEFAULT_SEED, draw_world, edition
    from reetrace.engines import open_engine
    from reetrace.pipeline.method import trace
    from reetrace.registry import load_registry

    cache = cache_folder(settings)
    kept = cache / f"preview-{__version__}-{edition()}"
    for each in sorted(kept.glob(f"*{_SITE}*")):
        try:
            evidence.load(each)
        except EvidenceError:
            shutil.rmtree(each)
        else:
            return each
    world = cache / f"drawn-{edition()}-{DEFAULT_SEED}"
    if not (world / "catalog.json").is_file():
        draw_world(DEFAULT_SEED, world, progress=progress)
        # Its truth is for tests; what is not there cannot be read.
        shutil.rmtree(world / "truth")
    registry = load_registry(None)
    outcome = trace(
        registry.site(_SITE),
        _YEARS,
        registry=registry,
        engine=open_engine("local", catalogues=(), work=cache / "work", drawn=world),
        reports=kept,
        world=world,
        documents=False,
        progress=progress,
    )
    return outcome.bag
