"""The documents of a report as ratios: against the same libraries used plainly on the same folder.

    python benchmarks/documents.py [EVIDENCE FOLDER]

Plainly is: as many figures of four maps in a PDF, every table in a workbook, nothing else. Without
a folder the main job is run once on drawn imagery. Prints ratios of CPU time and of bytes, and
peak memory; wall time on a shared machine says little.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reetrace import load_registry, open_engine, trace
from reetrace.drawn import DEFAULT_SEED, draw_world

ROUNDS = 3
DOCUMENTS = ("report.pdf", "tables.xlsx", "companion.html")
FIGURES = 18

PLAIN = """
import csv, io, pathlib, sys
import rasterio
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from openpyxl import Workbook
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
data, figures = pathlib.Path(sys.argv[1]), int(sys.argv[2])
pictures = []
for path in sorted(data.glob('rasters/*_composite.tif'))[:4]:
    with rasterio.open(path) as image:
        pictures.append(image.read([3, 2, 1]).transpose(1, 2, 0) / image.read().max())
canvas = Canvas(str(data / 'report.pdf'))
for number in range(figures):
    figure = Figure(figsize=(6.7, 5.8), dpi=200)
    for place, picture in enumerate(pictures):
        shown = picture * (1 - number / 99)
        figure.add_subplot(1, len(pictures), place + 1).imshow(shown, interpolation='nearest')
    FigureCanvasAgg(figure)
    stored = io.BytesIO()
    figure.savefig(stored, format='png')
    canvas.drawImage(ImageReader(stored), 50, 300, 480, 415)
    canvas.showPage()
canvas.save()
workbook = Workbook()
for path in sorted(data.glob('tables/*.csv')):
    sheet = workbook.create_sheet(path.stem)
    with path.open(encoding='utf-8', newline='') as rows:
        for row in csv.reader(rows):
            sheet.append(row)
workbook.save(data / 'tables.xlsx')
"""
RENDER = "import sys; from reetrace.cli import main; sys.argv[1:1] = ['render']; main()"


def main() -> None:
    """Make the folder if none is given, then time both in turns, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        bag = Path(sys.argv[1]) if len(sys.argv) > 1 else _main_job(place)
        ours, plain = [], []
        for _ in range(ROUNDS):
            ours.append(_spent(RENDER, str(_copy(bag, place / "ours"))))
            data = _copy(bag, place / "plain") / "data"
            for name in DOCUMENTS:
                (data / name).unlink(missing_ok=True)
            plain.append(_spent(PLAIN, str(data), str(FIGURES)))
        (cpu, memory), (plain_cpu, plain_memory) = min(ours), min(plain)
        total, plain_total = _bytes(place / "ours"), _bytes(place / "plain")
        print("             CPU   bytes   peak memory")
        print(f"plainly     1.00    1.00   {plain_memory:.0f} MB")
        print(
            f"documents  {cpu / plain_cpu:5.2f}   {total / plain_total:5.2f}   {memory:.0f} MB"
            f"   ({cpu:.1f} s here, {total / 1e6:.2f} MB)"
        )
        for name in DOCUMENTS:
            print(f"  {name:14} {_size(place / 'ours', name) / total:.0%} of the bytes")


def _main_job(place: Path) -> Path:
    """An evidence folder of the main job."""
    world = draw_world(DEFAULT_SEED, place / "world")
    registry = load_registry()
    engine = open_engine("local", catalogues=[], work=place / "work", drawn=world)
    trace(
        registry.site("mine-A"),
        [2005, 2010, 2015, 2020],
        registry=registry,
        engine=engine,
        reports=place / "reports",
        world=world,
        documents=False,
    )
    return next(each.parent for each in (place / "reports").glob("*/data"))


def _copy(bag: Path, place: Path) -> Path:
    """The folder afresh."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(bag, place)
    return place


def _bytes(bag: Path) -> int:
    return sum(_size(bag, name) for name in DOCUMENTS)


def _size(bag: Path, name: str) -> int:
    path = bag / "data" / name
    return path.stat().st_size if path.is_file() else 0


def _spent(program: str, *arguments: str) -> tuple[float, float]:
    """(CPU seconds, peak memory in MB) of a program in a new process."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
