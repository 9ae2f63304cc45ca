"""What several modules need and takes long to make: one drawn world, one main job."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reetrace.drawn import DEFAULT_SEED, draw_world, edition
from reetrace.pipeline import Order, Outcome, carry_out


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the folders or settings of whoever runs it."""
    for name in ("REGISTRY", "SCENES", "TEMPLATES", "REPORTS", "ENGINE", "PROJECT", "KEY",
                 "CONCURRENCY", "EARTHENGINE_URL", "TRAINER", "LANG", "TEMPLATE"):  # fmt: skip
        monkeypatch.delenv(f"REETRACE_{name}", raising=False)
    monkeypatch.setenv("REETRACE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def drawn_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default drawn world, without its truth: what any stage may see."""
    folder = draw_world(DEFAULT_SEED, tmp_path_factory.mktemp("drawn") / "world")
    shutil.move(folder / "truth", folder.with_name("truth"))
    return folder


@pytest.fixture(scope="session")
def truth_folder(drawn_world: Path) -> Path:
    """The truth of the default world, put where no stage can find it."""
    return drawn_world.with_name("truth")


@pytest.fixture(scope="session")
def main_job(tmp_path_factory: pytest.TempPathFactory, drawn_world: Path) -> Outcome:
    """`reetrace report --site mine-A --years 2005-2020` on the default drawn world."""
    base = tmp_path_factory.getbasetemp()
    cached = base / "cache" / f"drawn-{edition()}-{DEFAULT_SEED}"
    if not cached.exists():
        cached.parent.mkdir(exist_ok=True)
        shutil.copytree(drawn_world, cached)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REETRACE_CACHE", str(base / "cache"))
        order = Order(site="mine-A", years="2005-2020", out=base / "reports")
        return carry_out(order, documents=True, progress=lambda _step, _share: None)
