"""The evidence folder: everything that may be said, as plain files anybody can check.

with draft(reports / name) as folder:      # beside its place, renamed into it at the end
write_raster(folder / "data" / "rasters" / ..., ...)
save(evidence, folder, models=models, labels=labels)
...                                    # documents are written into folder / "data"
seal(folder, evidence)
"""

from __future__ import annotations

from reetrace.evidence.bag import (
    SIMULATED_PREFIX,
    bag_name,
    is_ours,
    notice_of,
    run_id_of,
    seal,
    verify,
)
from reetrace.evidence.drafts import draft, reopen, sweep, unseal
from reetrace.evidence.rasters import change_codes, write_raster
from reetrace.evidence.record import load, load_labels, load_models, save

__all__ = [
    "SIMULATED_PREFIX",
    "bag_name",
    "change_codes",
    "draft",
    "is_ours",
    "load",
    "load_labels",
    "load_models",
    "notice_of",
    "reopen",
    "run_id_of",
    "save",
    "seal",
    "sweep",
    "unseal",
    "verify",
    "write_raster",
]
