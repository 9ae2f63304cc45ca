"""The mines of a run as rows for the “Mine List” of the Additional Minerals Reporting Template.

Rows to be pasted, not a filled template: who buys from a mine, its address and its people cannot
be seen from orbit, so those cells stay blank.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.results import Growth, Measure, ZoneArea
from reetrace.core.site import Site, Zone
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, measured, number, text
from reetrace.ledger.places import middle

_FILE = Path(__file__).with_suffix(".toml")
_PARTS = ("none", "several")

_UNSEEN = "Smelter, address, contact, next steps: not visible from orbit, for you to fill in"
_OTHER = "not in this evidence, whose run was asked about another site or whose record names none"


@dataclass(frozen=True)
class _Mine:
    """One row: a mine of the study area, or the site itself where it stands alone."""

    evidence: Evidence
    zone_set: str
    zone: Zone
    site: Site | None
    """Its record; None for a mine that the run was not asked about."""

    @property
    def area(self) -> ZoneArea | None:
        """Area of the target class at the last epoch."""
        last, target = self.evidence.epochs[-1].label, self.evidence.legend.target
        found = (
            row
            for row in self.evidence.areas
            if (row.zone_set, row.epoch, row.landcover) == (self.zone_set, last, target)
            and self._is(row.zone)
        )
        return next(found, None)

    @property
    def growth(self) -> Growth | None:
        """Change from the first epoch to the last."""
        ends = self.evidence.epochs[0].label, self.evidence.epochs[-1].label
        found = (
            row
            for row in self.evidence.growth
            if (row.zone_set, row.first, row.last) == (self.zone_set, *ends) and self._is(row.zone)
        )
        return next(found, None)

    @property
    def place(self) -> tuple[tuple[float, float] | None, str]:
        """(longitude, latitude) and what point it is: of the latest footprint, else the outline."""
        for epoch in reversed(self.evidence.epochs):
            for row in self.evidence.footprints:
                if (row.zone_set, row.epoch) == (self.zone_set, epoch.label) and self._is(row.zone):
                    found = middle(row.geometry)
                    if found is not None:
                        return found, f"middle of the footprint mapped in {epoch.label}"
        return middle(self.zone.geometry), "middle of the outline in the site's file"

    def _is(self, zone: str) -> bool:
        """The study area is one zone: by whichever id it goes, it is the whole."""
        return zone not in _PARTS if self.zone_set == "study-area" else zone == self.zone.id


@lru_cache(maxsize=1)
def mapping() -> dict[str, Any]:
    """What the table follows: template, its version, the words it has for metals."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _mapped_to() -> str:
    to = mapping()
    return (
        f"{to['template']} {to['template_version']} ({to['template_date']}), sheet "
        f"“{to['sheet']}”, mapping {to['mapping']}; for pasting, not a filled template"
    )


def _mines(evidence: Evidence) -> list[_Mine]:
    """Every mine of the study area, the site asked for first; the site itself where none is."""
    zones = [zone for each in evidence.zone_sets if each.id == "mines" for zone in each.zones]
    if not zones:
        return [_Mine(evidence, "study-area", evidence.site.area_of_interest, evidence.site)]
    site = evidence.site
    rows = [_Mine(evidence, "mines", zone, site if zone.id == site.id else None) for zone in zones]
    return sorted(rows, key=lambda row: (row.site is None, row.zone.id))


def _commodity(row: _Mine) -> str:
    return (row.site or row.evidence.study_area).commodity


def _metal(row: _Mine) -> str:
    """What the template's list has of the commodities of a record, rare earths first."""
    commodity = _commodity(row).casefold()
    metals: dict[str, str] = mapping()["metals"]
    found = {
        metal: None
        for word, metal in metals.items()
        if re.search(rf"\b{re.escape(word)}\b", commodity)
    }
    return "; ".join(found) or _commodity(row)


def _country(row: _Mine) -> str | None:
    """The country of the site's record, by its name; never read off a map."""
    if row.site is None or not row.site.countries:
        return None
    names: dict[str, str] = mapping()["countries"]
    return "; ".join(names.get(code, code) for code in row.site.countries)


def _names(row: _Mine) -> str:
    if row.site is None:
        return row.zone.name
    return "; ".join(f"{name.text} ({name.language})" for name in row.site.names)


def _mapped(row: _Mine) -> Measure:
    found = row.area
    return found.mapped if found else Measure(None, "km²", None, None, "", "nothing was classified")


def _adjusted(row: _Mine) -> Measure:
    found = row.area
    if found is None:
        return Measure(None, "km²", None, None, "", "nothing was classified")
    return found.adjusted


def _change(row: _Mine) -> Measure:
    found = row.growth
    return found.change if found else Measure(None, "km²", None, None, "", "one epoch was judged")


def _comment(row: _Mine) -> str:
    """What may be said, in one cell that still says it when it is pasted elsewhere."""
    evidence, epoch = row.evidence, row.evidence.epochs[-1].label
    target = evidence.legend.target
    title = next(each.title for each in evidence.legend.classes if each.name == target)
    subject = "Disturbed ground consistent with surface mining" if target == "mine" else title
    mapped, adjusted = _mapped(row), _adjusted(row)
    said = f"{subject}, {epoch}: "
    said += f"mapped {mapped.value:.2f} km²" if mapped.value is not None else "not seen clear"
    if adjusted.value is not None and adjusted.low is not None and adjusted.high is not None:
        said += (
            f", error-adjusted {adjusted.value:.2f} km² "
            f"(95 % interval {adjusted.low:.2f} to {adjusted.high:.2f})"
        )
    notice = f"{SIMULATED_NOTICE}. " if evidence.simulated else ""
    return f"{notice}{said}. Evidence {evidence.run_id}."


def mine_list(evidence: Evidence) -> Table:
    """One row a mine, its first columns in the order of the template's sheet."""
    return build(
        "mine_list",
        "Mines, for pasting into the AMRT",
        f"First thirteen columns in the order of {_mapped_to()}. The country is that of the "
        "site's record; areas by side of the border are in the table “borders”.",
        [*_template_fields(), *_own_fields()],
        _mines(evidence),
    )


def _template_fields() -> list[Field[_Mine]]:
    def left(name: str, title: str) -> Field[_Mine]:
        what = f"{title}: nothing about it is visible from orbit."
        return text(name, title, what, lambda _row: None, blank=_UNSEEN)

    return [
        text(
            "metal",
            "Metal",
            "By the word in the template's list, where it has one; several are parted by “;” and "
            "need a row each. For a mine the run was not asked about, those of the study area.",
            _metal,
        ),
        left("smelter_name", "Smelter that buys from this mine"),
        text("mine_name", "Mine name", "First name of the record.", _title),
        text("mine_id", "Mine identification", "Id of the site here.", lambda row: row.zone.id),
        text(
            "mine_id_source",
            "Source of mine identification",
            "Who gave the id.",
            lambda _row: "reetrace site registry",
        ),
        text(
            "mine_country",
            "Mine country",
            "As the site's record says, not as found in imagery.",
            _country,
            blank=f"Mine country: {_OTHER}",
        ),
        left("mine_street", "Mine street"),
        left("mine_city", "Mine city"),
        left("mine_province", "Mine state or province"),
        left("mine_contact", "Mine contact"),
        left("mine_contact_email", "Mine contact email"),
        left("next_steps", "Proposed next steps"),
        text("comments", "Comments", "What this evidence says, in one cell.", _comment),
    ]


def _title(row: _Mine) -> str:
    return row.site.title if row.site else row.zone.name


def _own_fields() -> list[Field[_Mine]]:
    nowhere = "Coordinates: the outline has no area"
    return [
        text("names", "Names in all languages", "With their language tags.", _names),
        text(
            "commodity",
            "Commodity",
            "As the record says, whether the template lists it or not.",
            _commodity,
        ),
        text(
            "country_code",
            "Country code",
            "ISO 3166-1 alpha-3, as the site's record says.",
            lambda row: ", ".join(row.site.countries) if row.site else None,
            blank=f"Country code: {_OTHER}",
        ),
        number(
            "longitude",
            "Longitude (°)",
            "WGS 84.",
            lambda row: (row.place[0] or (None, None))[0],
            decimals=5,
            blank=nowhere,
        ),
        number(
            "latitude",
            "Latitude (°)",
            "WGS 84.",
            lambda row: (row.place[0] or (None, None))[1],
            decimals=5,
            blank=nowhere,
        ),
        text("place", "Point", "What the coordinates are of.", lambda row: row.place[1]),
        number(
            "precision_m",
            "Precision of the outline (m)",
            "How far the outline of the mine may be off.",
            lambda row: row.zone.precision_m,
            decimals=0,
        ),
        text("evidence_id", "Evidence id", "Id of the run.", lambda row: row.evidence.run_id),
        text("epoch", "Epoch", "Epoch of the areas.", lambda row: row.evidence.epochs[-1].label),
        *measured("mapped_area", "Mapped area", "km²", "Pixels counted.", _mapped, interval=False),
        *measured(
            "adjusted_area", "Error-adjusted area", "km²", "From a probability sample.", _adjusted
        ),
        *measured("change", "Change", "km²", "From the first epoch to the last.", _change),
        text(
            "verdict",
            "Verdict",
            "What the interval of the change allows to say.",
            lambda row: row.growth.verdict if row.growth else None,
            blank="Verdict: one epoch was judged",
        ),
        text("mapped_to", "Follows", "Template and version.", lambda _row: _mapped_to()),
    ]
