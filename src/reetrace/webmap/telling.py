"""What the companion says in words, held against the words that no page may say."""

from __future__ import annotations

from typing import Any

from reetrace.core.evidence import Evidence
from reetrace.reading import findings, wording
from reetrace.webmap.charts import HEIGHT, WIDTH, charts
from reetrace.webmap.tabling import tables

_LIMITS = (
    "Images show what covered the ground, and no more: not what was mined or how much, not who "
    "holds or works a place, and not whether anybody was allowed to. Which side of a border a "
    "pixel lies on depends on the edition of the line. A screening test points at ground worth "
    "looking at; it does not decide. Ground that was not seen is in no figure."
)


def companion_facts(evidence: Evidence) -> dict[str, Any]:
    """Findings, charts, tables and limits, as its template speaks of them.

    Raises:
        TemplateError: A sentence holds a word that no page may say.
    """
    found = findings.findings(evidence) if evidence.areas else []
    drawn = charts(evidence) if evidence.areas else []
    for finding in found:
        wording.check(finding.text, "companion: summary")
    for chart in drawn:
        wording.check(f"{chart.title} {chart.caption}", "companion: charts")
    wording.check(_LIMITS, "companion: limits")
    used = dict.fromkeys(each.grade for each in found)
    return {
        "findings": found,
        "grades": [(grade, findings.GRADES[grade]) for grade in used],
        "charts": drawn,
        "chart_width": WIDTH,
        "chart_height": HEIGHT,
        "tables": tables(evidence),
        "limits": _LIMITS,
    }
