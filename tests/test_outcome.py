"""The closing lines say where everything lies, and what is gone."""

from __future__ import annotations

from pathlib import Path

from reetrace.pipeline import Outcome
from tests import made_up


def test_an_outcome_names_the_run_whose_evidence_it_replaced():
    """Sealed evidence is never put out of the way without a word."""
    outcome = Outcome(
        Path("reports/x"), made_up.made_up_evidence(), (), replaced="c337d759cda229b8"
    )

    assert any("c337d759cda229b8" in line and "--out" in line for line in outcome.lines())
    assert outcome.as_dict()["replaced"] == "c337d759cda229b8"


def test_an_outcome_that_replaced_nothing_says_nothing_of_it():
    """The same run again, or the first in its place."""
    outcome = Outcome(Path("reports/x"), made_up.made_up_evidence(), ())

    assert not any("replaced" in line for line in outcome.lines())


def test_an_outcome_names_the_signature_that_it_took_off():
    """What was signed was made anew, and whoever had it signed must hear of it."""
    outcome = Outcome(Path("x"), made_up.made_up_evidence(), (), unsigned=("manifest.sig",))

    assert any("manifest.sig" in line and "reetrace sign" in line for line in outcome.lines())
    assert outcome.as_dict()["unsigned"] == ["manifest.sig"]
