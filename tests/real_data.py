"""Real imagery and tables that lie beside the checkout, for tests that need the real thing."""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def real(name: str) -> Path:
    """The real file or folder of this name; skips the test where it is absent."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"the real data {name!r} does not lie beside this checkout")
    return path
