"""Workbooks of the made-up evidence, written once for all tests."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from openpyxl import Workbook, load_workbook

from reetrace.core.evidence import Evidence
from reetrace.core.site import Name
from reetrace.ledger import tabulate
from reetrace.report.workbook import write_workbook
from tests import made_up


@lru_cache
def content(variant: str) -> bytes:
    """A workbook's bytes; written once a variant, for it is the slow part."""
    import tempfile

    whole = made_up.made_up_evidence()
    evidence = {
        "whole": lambda: whole,
        "simulated": lambda: made_up.simulated(whole),
        "single": made_up.single_epoch,
        "no country": made_up.no_country,
        "no sentinel-2": made_up.no_sentinel2,
        "hostile": hostile,
        "long": long,
    }[variant]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.xlsx"
        write_workbook(evidence, tabulate(evidence), path)
        return path.read_bytes()


def opened(variant: str) -> Workbook:
    """The workbook as a program reads it."""
    return load_workbook(io.BytesIO(content(variant)))


HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tTab", '=HYPERLINK("x")')


def hostile() -> Evidence:
    """Evidence of a site whose names were chosen to be run."""
    whole = made_up.made_up_evidence()
    names = tuple(Name(text, "en") for text in HOSTILE)
    return replace(whole, site=replace(whole.site, names=names), warnings=HOSTILE)


BURMESE = "ကချင်ပြည်နယ် ပန်ဝါမြို့နယ် မြေရှားသတ္တုတူးဖော်ရေးလုပ်ကွက် အမှတ် တစ်ဆယ့်နှစ်"


def long() -> Evidence:
    """Drawn evidence of a site with very long names and hundreds of patches."""
    whole = made_up.simulated(made_up.made_up_evidence())
    names = (Name("A & " + "very long name " * 20, "en"), Name(BURMESE, "my"))
    first = whole.patches[0]
    patches = tuple(replace(first, id=f"P{number:03}") for number in range(400))
    return replace(whole, site=replace(whole.site, names=names), patches=patches)
