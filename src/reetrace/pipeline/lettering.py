"""Whether names can be printed: asked before images are looked at, not when pages are set."""

from __future__ import annotations

from collections.abc import Iterator

from reetrace.core.samples import Purpose
from reetrace.pipeline.job import Job

_PURPOSES: tuple[Purpose, ...] = ("training", "probability-sample")

_PRINTS_LABELS = "method"
"""Kind of the section that names interpreters and what they read."""


def refuse_unprintable(job: Job) -> None:
    """Refuses letters that no font of the report has.

    Raises:
        TemplateError: Names the site or label file, and the letters.
        LabelError: A label file cannot be used.
    """
    from reetrace.report.fonts import check_glyphs
    from reetrace.report.template import load_template

    for name in job.site.names:
        check_glyphs(name.text, f"site {job.site.id}, name ({name.language})")
    check_glyphs(job.study.title, f"site {job.study.id}, name")
    kinds = {each.kind for each in load_template(job.settings.templates).sections}
    if _PRINTS_LABELS in kinds:
        # Thousands of labels have few interpreters: each text once, where it stands first.
        for text, where in dict(reversed(list(_of_labels(job)))).items():
            check_glyphs(text, where)


def _of_labels(job: Job) -> Iterator[tuple[str, str]]:
    """Each text of a label that is printed, and where it stands."""
    for year in job.years:
        for purpose in _PURPOSES:
            labels = job.registry.labels(job.study.id, year, purpose)
            for point in labels.points if labels else ():
                where = f"labels of {job.study.id} {year}, {point.id}"
                yield point.interpreter, f"{where}: interpreter"
                yield point.image_source, f"{where}: image_source"
