"""The workbook as a reader meets it: notices, names, charts, blanks, dates."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.core.site import Name
from reetrace.ledger import tabulate
from reetrace.reading.wording import forbidden
from reetrace.report.workbook import write_workbook
from tests import made_up
from tests.report.workbooks import BURMESE, content, long, opened


def test_drawn_imagery_is_said_on_every_sheet():
    """In the first row, in the printed header and footer, and by the colour of the tab."""
    book = opened("simulated")

    for sheet in book.worksheets:
        assert sheet["A1"].value == SIMULATED_NOTICE, sheet.title
        assert sheet.oddHeader is not None
        assert sheet.oddFooter is not None
        assert sheet.oddHeader.center.text == SIMULATED_NOTICE
        assert str(sheet.oddFooter.center.text).strip() == SIMULATED_NOTICE
        assert sheet.sheet_properties.tabColor is not None
        assert sheet.sheet_properties.tabColor.rgb == "00B00020"
    assert book.properties.title.startswith(SIMULATED_NOTICE)


def test_real_imagery_carries_no_notice():
    """The notice means something only because it is not always there."""
    with zipfile.ZipFile(io.BytesIO(content("whole"))) as book:
        assert not any(b"SIMULATED" in book.read(name) for name in book.namelist())


def test_every_table_is_one_of_excels_own():
    """With filters, a unique name, and headers that are the cells'."""
    book = opened("whole")
    tables = [table for sheet in book.worksheets for table in sheet.tables.values()]

    assert len(tables) > 20
    assert len({table.displayName for table in tables}) == len(tables)
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            first, *_ = sheet[table.ref]
            assert [cell.value for cell in first] == [each.name for each in table.tableColumns]


def test_an_epoch_that_looks_like_a_number_is_not_marked_as_a_mistake():
    """Years are labels here; Excel would put a green corner on every one."""
    with zipfile.ZipFile(io.BytesIO(content("whole"))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        parts = [re.findall(rb"<([a-zA-Z]+)[ />]", book.read(name)) for name in sheets]

    for names in parts:
        assert names.count(b"ignoredErrors") == 1
        later = {b"drawing", b"tableParts"} & set(names)
        assert all(names.index(b"ignoredErrors") < names.index(each) for each in later)
        assert names.index(b"ignoredErrors") > names.index(b"headerFooter")


def test_a_table_without_rows_says_so():
    """Excel would call an empty table damaged."""
    sheet = opened("single")["growth"]

    assert sheet["A2"].value == "Nothing to list."
    assert not sheet.tables


def test_headline_figures_have_names():
    """A formula of the reader's own can refer to `site_mapped_area_km2_2020`."""
    book = opened("whole")
    evidence = made_up.made_up_evidence()

    (place,) = book.defined_names["site_mapped_area_km2_2020"].destinations
    expected = next(
        row.mapped.value
        for row in evidence.areas
        if (row.zone, row.epoch, row.landcover) == ("mine-A", "2020", "mine")
    )
    assert book[place[0]][place[1]].value == expected
    assert "site_change_km2_2005_2020" in book.defined_names


def test_every_name_leads_to_the_figure_it_names():
    """Names for areas, change, how well it was seen and how right the maps are; intervals too."""
    book = opened("simulated")
    names = book.defined_names

    assert {
        "run_id",
        "rows_areas",
        "rows_dictionary",
        "rows_mine_list",
        "site_adjusted_area_low_km2_2020",
        "site_net_change_high_km2_2005_2020",
        "site_seen_share_2010",
        "overall_accuracy_low_2020_held_out",
    } <= set(names)
    (place,) = names["run_id"].destinations
    assert book[place[0]][place[1]].value == made_up.made_up_evidence().run_id
    (place,) = names["rows_mine_list"].destinations
    first, *rows = book[place[0]][place[1].replace("$", "")]
    assert [cell.value for cell in first][:3] == [
        "Notice",
        "Metal",
        "Smelter that buys from this mine",
    ]
    assert [row[3].value for row in rows] == ["Mine A", "Mine B"]


def test_a_zero_that_was_found_is_not_a_small_number_rounded():
    """The number's format has a part of its own for an exact zero."""
    sheet = opened("whole")["areas"]
    titles = [cell.value for cell in sheet[1]]
    cells = [row[titles.index("Mapped area (km²)")] for row in sheet.iter_rows(min_row=2)]

    assert {cell.number_format for cell in cells if cell.value is not None} == {
        "#,##0.00;-#,##0.00;0"
    }
    assert any(cell.value == 0 for cell in cells)


def test_pages_carry_run_digest_and_number(tmp_path):
    """A page that was torn out can be traced to its folder."""
    evidence = made_up.single_epoch()
    (tmp_path / "evidence.json").write_text("{}\n")
    write_workbook(evidence, tabulate(evidence), tmp_path / "tables.xlsx")

    for sheet in load_workbook(tmp_path / "tables.xlsx").worksheets:
        assert sheet.oddFooter is not None
        run, digest = str(sheet.oddFooter.left.text).split("\n")
        assert run.endswith(f"run {evidence.run_id}")
        assert digest.endswith(hashlib.sha256(b"{}\n").hexdigest())
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_a_name_with_an_ampersand_prints_as_it_is():
    """In a page's head it would begin a code."""
    made = made_up.single_epoch()
    named = replace(made, site=replace(made.site, names=(Name("A & B", "en"),)))
    with tempfile.TemporaryDirectory() as folder:
        write_workbook(named, (), Path(folder) / "tables.xlsx")
        sheet = load_workbook(Path(folder) / "tables.xlsx")["README"]

    assert sheet.oddHeader is not None
    assert sheet.oddHeader.left.text == "A && B, 2005-2020".replace("2005-2020", made.years)


def test_a_long_name_is_cut_where_there_is_no_room_and_whole_below():
    """A heading of 300 letters would make the page as wide as it, and every letter tiny."""
    sheet = opened("long")["README"]
    text = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]

    assert sheet["A2"].value == "A & very long name very long name very long name…, 2005-2020"
    assert sheet.print_area == f"'README'!$A$1:$B${sheet.max_row}"
    assert f"{long().site.title} (mine-A)" in text
    assert any(BURMESE in each for each in text)
    assert sheet.oddHeader is not None
    assert str(sheet.oddHeader.left.text).endswith("…, 2005-2020")


def test_titles_are_repeated_on_every_page_and_wide_sheets_take_several():
    """A page of a long table still says what its columns are."""
    book = opened("whole")

    for sheet in book.worksheets:
        assert sheet.page_setup.orientation in {"portrait", "landscape"}
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.tables:
            assert sheet.print_title_rows == "$1:$1"
    assert book["mine_list"].page_setup.fitToWidth == 3
    assert book["mine_list"].print_title_cols == "$C:$C"
    assert book["mine_list"]["C1"].value == "Mine name"
    assert book["areas"].page_setup.fitToWidth == 1


def test_charts_are_drawn_with_whiskers_from_cells():
    """Native charts, each bar's interval taken from the cells beside it."""
    with zipfile.ZipFile(io.BytesIO(content("whole"))) as book:
        charts = [book.read(name) for name in book.namelist() if "charts/chart" in name]

    assert len(charts) == 2
    assert all(b"<errBars>" in chart or b"<c:errBars>" in chart for chart in charts)


def test_blanks_are_shaded_and_never_zero():
    """What is not known looks otherwise than nothing."""
    sheet = opened("whole")["areas"]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("Error-adjusted area (km²)")

    unseen = next(row for row in sheet.iter_rows(min_row=2) if row[3].value == "not-seen")
    assert unseen[column].value is None
    assert unseen[column].fill.start_color.rgb == "00F0F0F0"
    assert unseen[titles.index("Reason for blanks")].value


def test_the_readme_claims_nothing_an_image_cannot_show():
    """Every sentence of ours passes the list of words a report may not use."""
    sheet = opened("whole")["README"]
    words = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]

    assert [hit for text in words for hit in forbidden(text)] == []


def test_dates_are_dates():
    """A reader can sort and filter by them."""
    sheet = opened("whole")["scenes"]

    cell = sheet["C2"]
    assert cell.value == dt.datetime(2005, 1, 13)  # noqa: DTZ001 - a bare date
    assert cell.number_format == "yyyy-mm-dd"


def test_the_digest_of_the_evidence_is_a_property_of_the_document(tmp_path):
    """A workbook that went its own way can be traced to its folder."""
    evidence = made_up.single_epoch()
    (tmp_path / "evidence.json").write_text("{}\n")

    write_workbook(evidence, (), tmp_path / "tables.xlsx")

    known = load_workbook(tmp_path / "tables.xlsx").custom_doc_props  # type: ignore[attr-defined]
    assert known["evidence_sha256"].value == hashlib.sha256(b"{}\n").hexdigest()
    assert known["run_id"].value == evidence.run_id


def test_a_map_gets_a_sheet_of_its_own(tmp_path):
    """The picture is put in as it is."""
    from PIL import Image

    Image.new("RGB", (40, 20), "green").save(tmp_path / "map.png")

    write_workbook(made_up.single_epoch(), (), tmp_path / "t.xlsx", map_image=tmp_path / "map.png")

    assert "map" in load_workbook(tmp_path / "t.xlsx").sheetnames
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        assert (tmp_path / "map.png").read_bytes() in [
            book.read(name) for name in book.namelist() if name.startswith("xl/media/")
        ]
