"""Apache PDFBox Preflight, which knows PDF/A-1b: it is shown a twin of the report.

The twin has the same pages, tags, fonts, colours and words about itself, but claims part 1 and
carries no files, which that part does not allow.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

_JARS = (
    "preflight",
    "xmpbox",
    "pdfbox2",
    "pdfbox2-tools",
    "fontbox2",
    "commons-logging",
    "javax.activation",
    "jaxb-api",
)
"""Of the Debian packages libpdfbox2-java, libactivation-java and libjaxb-api-java."""


def twin(report: Path, path: Path, spoil: Callable[[pikepdf.Pdf], None] | None = None) -> Path:
    """Writes the twin of a report, or a spoilt one that must be refused."""
    with pikepdf.open(report) as pdf:
        del pdf.Root.AF
        del pdf.Root.Names
        packet = pdf.Root.Metadata.read_bytes()
        assert packet.count(b"<pdfaid:part>3<") == 1
        pdf.Root.Metadata = pdf.make_stream(
            packet.replace(b"<pdfaid:part>3<", b"<pdfaid:part>1<"),
            Type=pikepdf.Name.Metadata,
            Subtype=pikepdf.Name.XML,
        )
        if spoil is not None:
            spoil(pdf)
        pdf.save(
            path,
            force_version="1.4",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return path


def judged(path: Path) -> str:
    """What Preflight says of a file; skips where it is not on this machine."""
    folder = Path("/usr/share/java")
    jars = [folder / f"{name}.jar" for name in _JARS]
    if shutil.which("java") is None or not all(each.exists() for each in jars):
        pytest.skip("java with the Debian packages of PDFBox Preflight is not on this machine")
    made = subprocess.run(
        [
            *("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1"),
            *("-cp", ":".join(str(each) for each in jars)),
            *("org.apache.pdfbox.preflight.Validator_A1b", str(path)),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    return made.stdout + made.stderr
