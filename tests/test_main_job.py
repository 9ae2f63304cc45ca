"""The whole path, registry to report, on drawn imagery whose truth is known."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.evidence import load
from reetrace.ledger import tabulate
from tests import held
from tests.running import reetrace

YEARS = ("2005", "2010", "2015", "2020")


def payload(bag: Path) -> dict[str, bytes]:
    """Every file of a folder, tag files included."""
    return {
        path.relative_to(bag).as_posix(): path.read_bytes()
        for path in sorted(bag.rglob("*"))
        if path.is_file()
    }


def stated(value: object) -> object:
    """A cell as the table states it: Excel keeps dates as dates."""
    return value.date().isoformat() if isinstance(value, dt.datetime) else value


def test_a_stranger_can_check_the_folder_with_sha256sum_alone(main_job):
    """Both manifests hold, and every file is named in one of them."""
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", manifest],
            cwd=main_job.bag,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_the_folder_holds_what_was_promised(main_job):
    """Documents, evidence, rasters, outlines, tables, model, labels and scenes."""
    data = main_job.bag / "data"

    found = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}

    assert {
        "report.pdf", "tables.xlsx", "evidence.json", "model.json", "labels.geojson",
        "scenes.json", "vectors/evidence.gpkg", "tables/areas.csv",
        "rasters/2020_landcover.tif", "rasters/2005-2020_change.tif",
    } <= found  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_the_mapped_mine_area_is_near_the_drawn_truth(main_job, truth_folder, year):
    """Within 15 %, and the error-adjusted interval holds the truth of the seen ground."""
    truth = json.loads((truth_folder / "truth.json").read_text())["epochs"][year]["all"]["area_m2"]

    (area,) = (
        each
        for each in main_job.evidence.areas
        if (each.zone_set, each.epoch, each.landcover) == ("study-area", year, "mine")
    )

    assert area.mapped.value == pytest.approx(truth / 1e6, rel=0.15)
    assert area.adjusted.low <= truth / 1e6 <= area.adjusted.high


def test_what_stands_beside_a_published_figure_says_what_it_is(main_job):
    """Mapped or error-adjusted, by which border, on which labels."""
    notes = {
        (each.what, each.zone): each.note
        for each in main_job.evidence.published
        if each.computed.value is not None
    }

    assert notes["area mine", "all"] == "error-adjusted"
    assert notes["area mine", "CHN"] == "error-adjusted; border: osm-2017"
    assert notes["kappa", "all"] == "held-out labels"


def test_a_wrong_method_would_show(main_job):
    """The drawn world is hard enough that no held-out accuracy is perfect at every epoch."""
    held_out = [
        each.overall.value for each in main_job.evidence.accuracies if each.basis == "held-out"
    ]

    assert len(held_out) == len(YEARS)
    assert min(held_out) < 1.0


def test_mine_a_and_both_countries_grew(main_job):
    """What was drawn to grow is found to have grown, with an interval that excludes zero."""
    first_last = {
        (each.zone_set, each.zone): each.verdict
        for each in main_job.evidence.growth
        if (each.first, each.last) == ("2005", "2020")
    }

    assert first_last["study-area", "all"] == "grew"
    assert first_last["mines", "mine-A"] == "grew"
    assert first_last["countries-osm-2017", "MMR"] == "grew"


def test_the_screening_finds_what_was_drawn_and_nothing_else(main_job):
    """Mine A exposes drawn monazite, mine B does not."""
    verdicts = {each.zone: each.verdict for each in main_job.evidence.spectral}

    assert verdicts["mine-A"] == "SPECTRAL_ANOMALY"
    assert verdicts["mine-B"] in {"INCONCLUSIVE", "NO_ANOMALY"}


def test_unseen_ground_has_a_row_and_every_sum_closes(main_job):
    """Zones, gaps, overlaps and unseen ground add up to one area of interest, everywhere."""
    evidence = main_job.evidence
    totals = {
        (zone_set.id, year): sum(
            each.pixels
            for each in evidence.areas
            if (each.zone_set, each.epoch) == (zone_set.id, year)
        )
        for zone_set in evidence.zone_sets
        for year in YEARS
    }
    unseen = [each for each in evidence.areas if each.landcover == "not-seen" and each.pixels]

    assert len(set(totals.values())) == 1
    assert unseen
    assert all(each.adjusted.value is None and each.adjusted.reason for each in unseen)


def test_csv_excel_and_json_state_the_same_numbers(main_job):
    """They come from one place; here is the proof, cell by cell."""
    data = main_job.bag / "data"
    workbook = openpyxl.load_workbook(data / "tables.xlsx")
    for table in tabulate(load(main_job.bag)):
        with (data / "tables" / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        names = [column.name for column in table.columns]
        assert rows[0] == names
        for written, meant in zip(rows[1:], table.rows, strict=True):
            assert [text or None for text in written] == [
                None if cell is None or cell == "" else str(cell) for cell in meant
            ]
        # A table without a row is a sheet that says so; Excel knows no table of headers alone.
        if not table.rows:
            continue
        (area,) = workbook[table.name].tables.values()
        cells = [[stated(cell.value) for cell in row] for row in workbook[table.name][area.ref]]
        for shown, meant in zip(cells[1:], table.rows, strict=True):
            for left, right in zip(shown, meant, strict=True):
                assert left == (right if right != "" else None) or left == pytest.approx(right)


@pytest.fixture
def made_elsewhere(tmp_path: Path, drawn_world: Path) -> Path:
    """The folder of reports that the same order made in other surroundings.

    The gate has made one already, from an installed wheel and in these very surroundings.
    """
    from reetrace.drawn import DEFAULT_SEED, edition

    if "REETRACE_TEST_MADE_ELSEWHERE" in os.environ:
        return Path(os.environ["REETRACE_TEST_MADE_ELSEWHERE"])
    shutil.copytree(drawn_world, tmp_path / "cache" / f"drawn-{edition()}-{DEFAULT_SEED}")
    done = reetrace(
        "report", "--site", "mine-A", "--years", "2005-2020",
        folder=tmp_path,
        REETRACE_CACHE=str(tmp_path / "cache"),
        PYTHONHASHSEED="77",
        TZ="Asia/Yangon",
        LC_ALL="C",
        OMP_NUM_THREADS="1",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    return tmp_path / "reports"


def test_the_same_order_gives_the_same_bytes(main_job, made_elsewhere):
    """Whatever the hash seed, the time zone, the locale; and without the truth of the world."""
    again = payload(made_elsewhere / main_job.bag.name)
    first = payload(main_job.bag)

    assert sorted(again) == sorted(first)
    assert [name for name in first if first[name] != again[name]] == []


def test_documents_are_made_again_from_the_folder_alone(main_job, tmp_path):
    """No imagery, no registry, no cache: the same bytes."""
    bag = shutil.copytree(main_job.bag, tmp_path / main_job.bag.name)
    (bag / "data" / "report.pdf").unlink()
    shutil.copy2(main_job.bag / "data" / "report.pdf", bag / "data" / "report.pdf")

    done = reetrace("render", str(bag), folder=tmp_path, REETRACE_CACHE=str(tmp_path / "none"))

    assert done.returncode == 0, done.stderr
    assert payload(bag) == payload(main_job.bag)


def test_a_killed_run_leaves_nothing_and_the_next_one_goes_on(tmp_path, drawn_world):
    """No half-written folder at the destination, and finished composites are kept."""
    from reetrace.drawn import DEFAULT_SEED, edition

    cache = tmp_path / "cache"
    shutil.copytree(drawn_world, cache / f"drawn-{edition()}-{DEFAULT_SEED}")
    command = ["run", "--site", "mine-B", "--years", "2015,2020"]
    started = held.begin(*command, at="composed", folder=tmp_path, REETRACE_CACHE=str(cache))
    started.kill()
    started.communicate(timeout=held.PATIENCE_S)
    composed = {path: path.stat().st_mtime_ns for path in (cache / "work").rglob("*.npy")}
    bag = tmp_path / "reports" / "SIMULATED_mine-B_2015-2020"
    left_by_the_killed = bag.exists()

    done = reetrace(*command, folder=tmp_path, REETRACE_CACHE=str(cache))

    assert not left_by_the_killed
    assert done.returncode == 0, done.stderr
    assert composed
    assert {path: path.stat().st_mtime_ns for path in composed} == composed
    assert [each.name for each in (tmp_path / "reports").iterdir()] == [bag.name]
    assert SIMULATED_NOTICE in done.stderr


def test_a_single_epoch_has_no_change_section(tmp_path, drawn_world):
    """One year is judged on its own; nothing is invented about change."""
    from reetrace import load_registry, open_engine, trace

    registry = load_registry()
    engine = open_engine("local", catalogues=[], work=tmp_path / "work", drawn=drawn_world)

    outcome = trace(
        registry.site("kachin-nujiang"), [2020], registry=registry, engine=engine,
        reports=tmp_path, world=drawn_world, documents=False,
    )  # fmt: skip

    assert outcome.bag.name == "SIMULATED_kachin-nujiang_2020"
    assert (outcome.evidence.changes, outcome.evidence.growth, outcome.evidence.patches) == (
        (), (), (),
    )  # fmt: skip
    assert np.sum([each.landcover == "mine" for each in outcome.evidence.areas]) > 0
