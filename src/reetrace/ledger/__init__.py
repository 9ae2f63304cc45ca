"""The ledger: every number of the evidence as tidy tables, the one place documents print from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.table import Column, Table
from reetrace.ledger import accuracy, areas, change, inputs, provenance, spectral, versions
from reetrace.ledger.checks import check
from reetrace.ledger.columns import Field, build, text
from reetrace.ledger.mine_list import mine_list

__all__ = ["change_log", "check", "dictionary", "tabulate"]

_NOTICE = Column(
    "notice", "Notice", "text", "Stands in every row of tables made from drawn imagery."
)

_TABLES = (
    areas.areas,
    change.growth,
    change.change_summary,
    change.changes,
    areas.borders,
    areas.footprints,
    mine_list,
    change.patches,
    areas.observations,
    accuracy.accuracy,
    accuracy.error_matrix,
    spectral.spectral_summary,
    spectral.spectral,
    spectral.spectra,
    accuracy.published,
    accuracy.faults,
    inputs.epochs,
    inputs.scenes,
    inputs.scene_files,
    inputs.labels,
    inputs.strata,
    inputs.models,
    provenance.legend,
    provenance.zones,
    provenance.repairs,
    provenance.rasters,
    provenance.warnings,
    provenance.software,
    provenance.provenance,
)


def tabulate(evidence: Evidence) -> tuple[Table, ...]:
    """Every table of the evidence, results first, inputs after; always the same tables.

    Values are not rounded; a blank cell has its reason in the row's last column. Where imagery was
    drawn, the first column of every table says so.

    Raises:
        EvidenceError: The numbers do not agree with one another (see `check`).
    """
    check(evidence)
    tables = tuple(table(evidence) for table in _TABLES)
    if not evidence.simulated:
        return tables
    return tuple(_noticed(table) for table in tables)


def change_log(evidence: Evidence) -> Table:
    """What changed between versions, for the workbook that goes with an evidence."""
    return _noticed(versions.change_log()) if evidence.simulated else versions.change_log()


def dictionary(tables: Sequence[Table]) -> Table:
    """What every column of every table means."""
    fields: list[Field[tuple[Table, Column]]] = [
        text("table", "Table", "Name of the table.", lambda row: row[0].name),
        text("column", "Column", "Name in the CSV file.", lambda row: row[1].name),
        text("title", "Header", "Header in the workbook, with the unit.", lambda row: row[1].title),
        text("kind", "Kind", "What its values are.", lambda row: row[1].kind),
        text("meaning", "Meaning", "What it says.", lambda row: row[1].description),
    ]
    rows = [(table, column) for table in tables for column in table.columns]
    simulated = any(column is _NOTICE for _, column in rows)
    described = build("dictionary", "Data dictionary", "Every column.", fields, rows)
    return _noticed(described) if simulated else described


def _noticed(table: Table) -> Table:
    return replace(
        table,
        columns=(_NOTICE, *table.columns),
        rows=tuple((SIMULATED_NOTICE, *row) for row in table.rows),
    )
