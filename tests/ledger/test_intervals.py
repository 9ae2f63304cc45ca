"""Beside every estimate stands its interval; a number without one is a count or says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from reetrace.core.results import Measure, PublishedComparison
from reetrace.core.table import Cell, Table
from reetrace.ledger import tabulate
from tests import made_up


def _measures(value: Any) -> Iterator[Measure]:
    """Every measure of an evidence but those that others have printed."""
    if isinstance(value, Measure):
        yield value
    elif isinstance(value, PublishedComparison):
        yield value.computed
    elif is_dataclass(value):
        for field in fields(value):
            yield from _measures(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _measures(each)


def _triples(table: Table) -> Iterator[tuple[Cell, Cell, Cell]]:
    """(value, low, high) wherever these three columns stand side by side."""
    names = [column.name for column in table.columns]
    for at in range(len(names) - 2):
        if "_low" in names[at + 1] and names[at + 2] == names[at + 1].replace("_low", "_high"):
            yield from ((row[at], row[at + 1], row[at + 2]) for row in table.rows)


@pytest.mark.parametrize(
    "variant", [made_up.made_up_evidence, made_up.single_epoch, made_up.no_country]
)
def test_every_interval_of_the_evidence_stands_beside_its_value(variant):
    """Value, lower and upper end in three columns side by side, unrounded."""
    evidence = variant()
    stated = {triple for table in tabulate(evidence) for triple in _triples(table)}

    wanted = {
        (each.value, each.low, each.high)
        for each in _measures(evidence)
        if each.low is not None and each.high is not None
    }
    assert len(wanted) > 20
    assert wanted <= stated


def test_every_end_of_an_interval_has_its_other_end_and_its_value():
    """No column of a lower end stands alone."""
    for table in tabulate(made_up.made_up_evidence()):
        names = [column.name for column in table.columns]
        for at, name in enumerate(names):
            if "_low" in name:
                assert names[at + 1] == name.replace("_low", "_high")
                assert names[at - 1] == name.replace("_low", "")


def test_an_interval_is_blank_with_its_reason_never_zero():
    """Where labels allow none, both ends are blank in the same row, and the row says why."""
    blank = 0
    for table in tabulate(made_up.made_up_evidence()):
        names = [column.name for column in table.columns]
        for row in table.rows:
            for at, name in enumerate(names):
                if "_low" in name and row[at] is None:
                    blank += 1
                    assert row[at + 1] is None
                    assert row[names.index("reason")]
    assert blank > 0
