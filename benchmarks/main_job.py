"""The main job as ratios: against its imports alone, against reading its imagery alone.

    python benchmarks/main_job.py

Prints CPU time ratios and peak memory; wall time on a shared machine says little.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from reetrace.drawn import DEFAULT_SEED, draw_world

IMPORTS = (
    "import geopandas, matplotlib.figure, openpyxl, rasterio, reportlab.platypus, sklearn.ensemble"
)
READING = """
import pathlib, rasterio, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob('*.tif')):
    with rasterio.open(path) as image:
        image.read()
"""
JOB = """
import pathlib, sys
from reetrace import load_registry, open_engine, trace
world, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
registry = load_registry()
engine = open_engine('local', catalogues=[], work=out / 'work', drawn=world)
trace(registry.site('mine-A'), [2005, 2010, 2015, 2020], registry=registry, engine=engine,
      reports=out, world=world, documents=sys.argv[3] == 'documents')
"""


def main() -> None:
    """Draw the default world once, then time each part in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        world = draw_world(DEFAULT_SEED, Path(folder) / "world")
        imports, _ = _spent(IMPORTS)
        reading, _ = _spent(READING, str(world))
        evidence, evidence_mb = _spent(JOB, str(world), f"{folder}/evidence", "evidence")
        whole, whole_mb = _spent(JOB, str(world), f"{folder}/whole", "documents")
    print("imports alone              1.0  (CPU)")
    print(f"reading the imagery alone  {reading / imports:.1f}")
    print(f"evidence                   {evidence / imports:.1f}   peak memory {evidence_mb:.0f} MB")
    print(f"evidence and documents     {whole / imports:.1f}   peak memory {whole_mb:.0f} MB")
    print(f"documents' share of it     {(whole - evidence) / whole:.0%}")


def _spent(program: str, *arguments: str) -> tuple[float, float]:
    """(CPU seconds, peak memory in MB) of a program in a new process."""
    before = os.times()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True)
    after = os.times()
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    user, system = (
        after.children_user - before.children_user,
        after.children_system - before.children_system,
    )
    return user + system, peak_mb


if __name__ == "__main__":
    main()
