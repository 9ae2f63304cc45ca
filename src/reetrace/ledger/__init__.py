"""The ledger: every number of the evidence as tidy tables, the one place documents print from."""

from __future__ import annotations

from dataclasses import replace

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.table import Column, Table
from reetrace.ledger import accuracy, areas, change, inputs, provenance, spectral
from reetrace.ledger.checks import check

__all__ = ["check", "tabulate"]

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
    provenance.run,
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
    return tuple(
        replace(
            table,
            columns=(_NOTICE, *table.columns),
            rows=tuple((SIMULATED_NOTICE, *row) for row in table.rows),
        )
        for table in tables
    )
