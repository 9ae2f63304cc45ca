"""What is loaded when nothing has been asked for yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "ee", "geemap", "geopandas", "google.auth", "googleapiclient", "httplib2", "jinja2",
    "jsonschema", "matplotlib", "openpyxl", "pandas", "pikepdf", "pyhanko", "pyogrio", "pyproj",
    "rasterio", "reportlab", "requests", "scipy", "shapely", "sklearn",
)  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "import reetrace",
        "import sys; sys.argv = ['reetrace', '--help']; from reetrace.cli import main; main()",
        "import reetrace.registry, reetrace.engines, reetrace.report, reetrace.pipeline",
        "import reetrace.classify, reetrace.change, reetrace.verify, reetrace.evidence",
        "import reetrace.engines.earthengine, reetrace.webmap, reetrace.pipeline.order",
    ],
)
def test_help_and_imports_load_no_heavy_package(statement):
    """A user who asks for help must not wait for a forest library."""
    program = (
        "import atexit, sys\n"
        f"heavy = set({HEAVY!r})\n"
        "atexit.register(lambda: sys.stderr.write(repr(sorted(heavy & set(sys.modules)))))\n"
        f"{statement}"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stderr == "[]"


def test_what_the_package_promises_is_there():
    """The names of the README's example."""
    import reetrace

    assert [
        callable(getattr(reetrace, name)) for name in ("load_registry", "open_engine", "trace")
    ] == [
        True,
        True,
        True,
    ]
