"""What a run says of its own inputs: in plain sentences, and only where there is something."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from reetrace.classify.accuracy import assess
from reetrace.core.raster import SceneListing
from reetrace.pipeline.assembly import held_out_doubts, screening_doubts, unjudged_doubts
from reetrace.pipeline.plan import Choices, run_id, views
from tests import worlds
from tests.change.made_up_ground import FOREST, LEGEND, MINE


def frame(day: int, platform: str = "landsat-8", name: str = "a") -> SceneListing:
    """One image of one pass."""
    date = dt.date(2020, 1, day)
    return SceneListing(name, date, "landsat8-oli", platform, None, None, simulated=False)


def test_two_frames_of_one_pass_are_one_view() -> None:
    """A place is seen once by them; to ask for two views would leave it unseen."""
    assert views([frame(3, name="a"), frame(3, name="b")]) == 1
    assert views([frame(3), frame(19)]) == 2
    assert views([frame(3), frame(3, platform="landsat-9")]) == 2


def test_a_comparison_across_sensors_is_announced(main_job) -> None:
    """TM maps and OLI maps differ for reasons of their own; steps within a family do not count."""
    (said,) = [each for each in main_job.evidence.warnings if "different sensors" in each]

    assert said.startswith("2010–2015, 2005–2020: ")
    assert "Landsat 5 TM, Landsat 8 OLI" in said


def test_sample_places_on_training_pixels_are_counted(main_job) -> None:
    """The drawn sample meets a few training pixels by chance, and the report says how many."""
    said = [each for each in main_job.evidence.warnings if "also trained the map" in each]

    assert said
    for each in said:
        assert 0 < int(each.split(": ")[1].split(" of 700")[0]) < 20


def test_a_class_that_was_not_held_out_is_named() -> None:
    """Accuracy on held-out labels is silent on a class that none of them is of."""

    def doubts(*classes: int) -> list[str]:
        codes = np.array(classes, dtype=np.uint8)
        found: Any = SimpleNamespace(
            accuracies=(
                assess(codes, codes, LEGEND, epoch="2020", basis="held-out", lost=0),
                assess(
                    codes[:1], codes[:1], LEGEND, epoch="2020", basis="cross-validation", lost=0
                ),
            )
        )
        return list(held_out_doubts("2020", found))

    assert doubts(FOREST, MINE, FOREST) == []
    assert "no held-out label is of class mine" in doubts(FOREST, FOREST)[0]


def test_another_legend_is_another_run() -> None:
    """The class that is reported decides every number, so it decides the run id."""

    def identity(target: str) -> str:
        plan: Any = SimpleNamespace(
            site=SimpleNamespace(id="made-up"),
            site_digests=(),
            legend=replace(LEGEND, target=target),
            epochs=(),
        )
        return run_id(plan, Choices(), (), (), ())

    assert identity("mine") != identity("non-mine")


def test_labels_that_no_other_fold_could_judge_are_counted() -> None:
    """They are in no cross-validated figure, and that is said; unseen ones are told elsewhere."""
    training: Any = SimpleNamespace(seen=np.array([True, True, True, False]))

    def doubts(*judged: int) -> list[str]:
        family: Any = SimpleNamespace(
            record=SimpleNamespace(epochs=("2020",)),
            cross_validated={"2020": np.array(judged, dtype=np.uint8)},
        )
        return list(unjudged_doubts("2020", training, [family]))

    assert doubts(FOREST, MINE, MINE, 0) == []
    assert doubts(0, 0, MINE, 0)[0].startswith("2020: 2 label(s) could not be cross-validated")


def test_screening_by_older_images_is_announced() -> None:
    """Pits of 2024 in images of 2020 may not be there yet."""
    scenes: Any = [SimpleNamespace(date="2020-12-05"), SimpleNamespace(date="2020-01-15")]

    (said,) = screening_doubts(worlds.year(2024), scenes)

    assert "mine ground of 2024 in images of 2020" in said
    assert list(screening_doubts(worlds.year(2020), scenes)) == []
    assert list(screening_doubts(worlds.year(2020), [])) == []
