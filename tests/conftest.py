"""What several modules need and takes long to make: one drawn world, one main job."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reetrace.drawn import DEFAULT_SEED, draw_world, edition
from reetrace.pipeline import Order, Outcome, carry_out
from tests.once import made_once, shared_folder, told_once

DRAWN = f"drawn-{edition()}-{DEFAULT_SEED}"

LONGEST_FIRST = (
    "tests/test_main_job.py",
    "tests/test_real_inputs.py",
    "tests/report/test_language_pdf.py",
    "tests/earthengine/test_main_job.py",
    "tests/cli/test_bad_processes.py",
    "tests/cli/test_many_sites.py",
    "tests/cli/test_many_remote.py",
    "tests/test_publication.py",
    "tests/evidence/test_reproducing.py",
    "tests/cli/test_map.py",
    "tests/report/test_pdf.py",
    "tests/cli/test_custody_cli.py",
    "tests/verify/test_null_model.py",
    "tests/drawn/test_world.py",
    "tests/webmap/test_browser.py",
    "tests/evidence/test_tampering.py",
    "tests/report/test_workbook_programs.py",
    "tests/report/test_tagging.py",
    "tests/test_examples.py",
    "tests/earthengine/test_live.py",
    "tests/test_simulated.py",
    "tests/evidence/test_signing.py",
    "tests/evidence/test_record.py",
    "tests/webmap/test_remote.py",
)
"""The two that begin need different things, so that neither waits for what the other makes."""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the folders or settings of whoever runs it."""
    for name in ("REGISTRY", "SCENES", "TEMPLATES", "REPORTS", "ENGINE", "PROJECT", "KEY",
                 "CONCURRENCY", "EARTHENGINE_URL", "TRAINER", "LANG", "TEMPLATE"):  # fmt: skip
        monkeypatch.delenv(f"REETRACE_{name}", raising=False)
    monkeypatch.setenv("REETRACE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest come first, so that no process is left alone with one at the end."""
    order = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(order)))


@pytest.fixture(scope="session")
def drawn_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default drawn world, without its truth: what any stage may see, and none may change."""

    def draw(folder: Path) -> None:
        world = draw_world(DEFAULT_SEED, folder / "world")
        shutil.move(world / "truth", folder / "truth")

    return made_once(shared_folder(tmp_path_factory) / "drawn", draw) / "world"


@pytest.fixture(scope="session")
def truth_folder(drawn_world: Path) -> Path:
    """The truth of the default world, put where no stage can find it."""
    return drawn_world.with_name("truth")


@pytest.fixture(scope="session")
def main_job(tmp_path_factory: pytest.TempPathFactory, drawn_world: Path) -> Outcome:
    """`reetrace report --site mine-A --years 2005-2020` on the default drawn world.

    Its evidence folder may not be changed; its cache lies beside it.
    """

    def carry_out_there(folder: Path) -> Outcome:
        (folder / "cache").mkdir()
        (folder / "cache" / DRAWN).symlink_to(drawn_world)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REETRACE_CACHE", str(folder / "cache"))
            order = Order(site="mine-A", years="2005-2020", out=folder / "reports")
            return carry_out(order, documents=True, progress=lambda _step, _share: None)

    home = shared_folder(tmp_path_factory) / "main-job"
    outcome = told_once(home, carry_out_there)
    _keep_work(home / "cache", tmp_path_factory.getbasetemp() / "cache")
    return outcome


def _keep_work(made: Path, own: Path) -> None:
    """Later runs of this process find the drawn world and the composites in their own cache."""
    if not (own / DRAWN).exists():
        own.mkdir(exist_ok=True)
        (own / DRAWN).symlink_to(made / DRAWN)
    shutil.copytree(made / "work", own / "work", dirs_exist_ok=True)
