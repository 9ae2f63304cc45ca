"""Tables of change: from class to class, gain and loss, growth, patches that come and go."""

from __future__ import annotations

from reetrace.core.evidence import Evidence
from reetrace.core.results import (
    ChangeMatrix,
    Growth,
    Patch,
    Transition,
)
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, measured, number, text

_ZONE_SET = "Set of zones that are counted together; its rows add up to the study area."
_ZONE = (
    "Zone: a mine or a country's side by id, “all” for the whole study area, "
    "“none” and “several” for ground in no zone or in more than one."
)
_CLASS = "Land-cover class, or “not-seen” for ground without enough clear observations."


def changes(evidence: Evidence) -> Table:
    """Every cell of every from-to matrix."""
    fields: list[Field[tuple[ChangeMatrix, Transition]]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row[0].zone_set),
        text("zone", "Zone", _ZONE, lambda row: row[0].zone),
        text("first_epoch", "First epoch", "Earlier of the two.", lambda row: row[0].first),
        text("last_epoch", "Last epoch", "Later of the two.", lambda row: row[0].last),
        text("class_before", "Class before", _CLASS, lambda row: row[1].before),
        text("class_after", "Class after", _CLASS, lambda row: row[1].after),
        count("pixels", "Pixels", "Pixels that went this way.", lambda row: row[1].pixels),
        *measured(
            "mapped_area",
            "Mapped area",
            "km²",
            "Pixels times the area of a pixel.",
            lambda row: row[1].mapped,
            interval=False,
        ),
        *measured(
            "adjusted_area",
            "Error-adjusted area",
            "km²",
            "Area estimated from a probability sample of the same places at both epochs.",
            lambda row: row[1].adjusted,
        ),
    ]
    return build(
        "changes",
        "Change from class to class",
        "From-to matrices of each pair of consecutive epochs and of first to last.",
        fields,
        [(matrix, cell) for matrix in evidence.changes for cell in matrix.cells],
    )


def change_summary(evidence: Evidence) -> Table:
    """Gain, loss and net change of the target class, one row a matrix."""
    target = evidence.legend.target
    fields: list[Field[ChangeMatrix]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row.zone_set),
        text("zone", "Zone", _ZONE, lambda row: row.zone),
        text("first_epoch", "First epoch", "Earlier of the two.", lambda row: row.first),
        text("last_epoch", "Last epoch", "Later of the two.", lambda row: row.last),
        *measured(
            "gain",
            "Mapped gain",
            "km²",
            f"Ground seen at both epochs that became {target}.",
            lambda row: row.gain,
            interval=False,
        ),
        *measured(
            "loss",
            "Mapped loss",
            "km²",
            f"Ground seen at both epochs that was {target} and is no more.",
            lambda row: row.loss,
            interval=False,
        ),
        *measured(
            "net_change",
            "Error-adjusted net change",
            "km²",
            f"Change of the area of {target}, the maps' errors taken out.",
            lambda row: row.net,
        ),
    ]
    return build(
        "change_summary",
        f"Gain, loss and net change of {target}",
        "One row for each from-to matrix.",
        fields,
        evidence.changes,
    )


def growth(evidence: Evidence) -> Table:
    """Growth of the target class, absolute first, with its verdict."""
    fields: list[Field[Growth]] = [
        text("zone_set", "Zone set", _ZONE_SET, lambda row: row.zone_set),
        text("zone", "Zone", _ZONE, lambda row: row.zone),
        text("first_epoch", "First epoch", "Earlier of the two.", lambda row: row.first),
        text("last_epoch", "Last epoch", "Later of the two.", lambda row: row.last),
        *measured(
            "mapped_first",
            "Mapped area, first",
            "km²",
            "Mapped area at the first epoch.",
            lambda row: row.mapped_first,
            interval=False,
        ),
        *measured(
            "mapped_last",
            "Mapped area, last",
            "km²",
            "Mapped area at the last epoch.",
            lambda row: row.mapped_last,
            interval=False,
        ),
        *measured(
            "change",
            "Change",
            "km²",
            "Change of the area, error-adjusted where the labels allow it.",
            lambda row: row.change,
        ),
        *measured(
            "change",
            "Change",
            "%",
            "Change in per cent of the first area.",
            lambda row: row.percent,
            decimals=0,
        ),
        text(
            "verdict",
            "Verdict",
            "“grew” or “shrank” only where the interval of the change excludes zero; "
            "“cannot-tell” where there is no interval.",
            lambda row: row.verdict,
        ),
        number(
            "detectable_km2",
            "Smallest change that could be shown (km²)",
            "Half the width of the interval of the change.",
            lambda row: row.detectable_km2,
            blank="Smallest change that could be shown: the change has no interval",
        ),
    ]
    return build(
        "growth",
        f"Growth of {evidence.legend.target}",
        "Absolute change first, per cent after; a verdict only where the interval carries it.",
        fields,
        evidence.growth,
    )


def patches(evidence: Evidence) -> Table:
    """Small patches that come and go."""
    start = "Last epoch without it: it was there at the first epoch"
    end = "First epoch without it: it is there at the last epoch"
    fields: list[Field[Patch]] = [
        text("patch", "Patch", "Id of the patch.", lambda row: row.id),
        number("longitude", "Longitude (°)", "WGS 84.", lambda row: row.longitude, decimals=5),
        number("latitude", "Latitude (°)", "WGS 84.", lambda row: row.latitude, decimals=5),
        *measured(
            "largest_area",
            "Largest area",
            "ha",
            "Mapped area at the epoch when it was largest.",
            lambda row: row.largest,
            interval=False,
        ),
        text("state", "State", "What became of it.", lambda row: row.state),
        text("first_seen", "First seen", "First epoch with it.", lambda row: row.first_seen),
        text("last_seen", "Last seen", "Last epoch with it.", lambda row: row.last_seen),
        text(
            "absent_before",
            "Last epoch without it",
            "It appeared between this epoch and “first_seen”.",
            lambda row: row.appeared_between[0] or None,
            blank=start,
        ),
        text(
            "absent_after",
            "First epoch without it",
            "It vanished between “last_seen” and this epoch.",
            lambda row: row.gone_between[1] or None,
            blank=end,
        ),
        text(
            "unseen_epochs",
            "Epochs not seen",
            "Epochs at which most of it was not seen; empty where there are none.",
            lambda row: ", ".join(row.unseen_epochs),
        ),
        text("zones", "Zones", "Zones it lies in.", lambda row: ", ".join(row.zones)),
    ]
    return build(
        "patches",
        "Patches that come and go",
        "Small patches that are not there at every epoch; each needs a look at better imagery.",
        fields,
        evidence.patches,
    )
