"""Whether every file of a bag states the same numbers as `evidence.json`.

The files may come from a stranger: each is looked at before it is read, and read by as little
code as will do.
"""

from reetrace.evidence.agreement.description import check_description
from reetrace.evidence.agreement.outlines import check_geopackage, check_outlines
from reetrace.evidence.agreement.pixels import check_rasters
from reetrace.evidence.agreement.record import check_record
from reetrace.evidence.agreement.report import check_pages
from reetrace.evidence.agreement.sentences import check_companion
from reetrace.evidence.agreement.tables import check_tables
from reetrace.evidence.agreement.workbook import check_workbook

__all__ = [
    "check_companion",
    "check_description",
    "check_geopackage",
    "check_outlines",
    "check_pages",
    "check_rasters",
    "check_record",
    "check_tables",
    "check_workbook",
]
