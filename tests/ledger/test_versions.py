"""Nothing that users build on changes without a line in the change log."""

from __future__ import annotations

import hashlib

from reetrace import __version__
from reetrace.core.evidence import SCHEMA_VERSION, SIMULATED_NOTICE
from reetrace.ledger import change_log, dictionary, tabulate
from reetrace.ledger.mine_list import mapping
from reetrace.ledger.versions import changes, fingerprint, version_of
from tests import made_up


def test_the_workbooks_columns_are_those_its_version_was_given_for():
    """Whoever adds, renames or drops a column adds a version, and the fingerprint told here."""
    tables = tabulate(made_up.made_up_evidence())
    lines = [
        f"{table.name}\t{column.name}\t{column.kind}\n"
        for table in (*tables, dictionary(tables), change_log(made_up.made_up_evidence()))
        for column in table.columns
    ]

    assert fingerprint() == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_newest_versions_are_those_of_the_program():
    """A log that lags behind misleads."""
    assert version_of("evidence.json") == SCHEMA_VERSION
    assert version_of("mine list") == mapping()["mapping"]
    assert {each.since for each in changes()} <= {__version__}


def test_versions_fall_from_line_to_line():
    """The newest of each part stands first, and none twice."""
    for part in {each.of for each in changes()}:
        versions = [
            tuple(map(int, each.version.split("."))) for each in changes() if each.of == part
        ]
        assert versions == sorted(set(versions), reverse=True)


def test_the_change_log_is_no_part_of_the_record():
    """It grows with the program: the record of an older version must still follow from its own."""
    evidence = made_up.simulated(made_up.single_epoch())

    assert "change_log" not in {table.name for table in tabulate(evidence)}
    log = change_log(evidence)
    assert len(log.rows) == len(changes())
    assert {row[0] for row in log.rows} == {SIMULATED_NOTICE}
