"""Templates as a list and as a list of faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reetrace.report.template import load_template, read_template, shipped_names
from reetrace.report.template_files import Faults
from reetrace.shipped import shipped


def overview() -> list[dict[str, Any]]:
    """Every shipped template: name, title, number of sections, digest, place."""
    found = [(name, load_template(shipped("templates") / name)) for name in shipped_names()]
    return [
        {
            "name": name,
            "title": template.title,
            "sections": len(template.sections),
            "digest": template.digest,
            "folder": str(shipped("templates") / name),
        }
        for name, template in found
    ]


def complaints(folder: Path | None) -> list[str]:
    """Everything that is wrong with a template, a line each; empty where nothing is."""
    faults = Faults()
    read_template(folder, faults)
    return faults.lines
