"""Whatever is done to a signed folder is found, and the first link that it broke is named."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import rasterio

from reetrace import evidence, webmap
from reetrace.core.errors import EvidenceError
from reetrace.evidence import bag as bags
from reetrace.evidence.agreement.cover import check_cover, check_letter
from reetrace.evidence.agreement.pages import Block
from reetrace.evidence.files import sha256_of
from reetrace.evidence.keys import KeyFile
from reetrace.evidence.rasters import write_raster
from reetrace.evidence.seals import seals_of_tags
from reetrace.evidence.trust import Trust
from reetrace.pipeline.checking import examine
from reetrace.pipeline.custody import sign_bag
from reetrace.reading import headlines
from reetrace.report import render
from tests import made_up
from tests.evidence import signers


@pytest.fixture(scope="module")
def signed(sealed_with_report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all three signatures, that no test may change."""
    folder = tmp_path_factory.mktemp("signed")
    bag = Path(shutil.copytree(sealed_with_report, folder / "bag"))
    key = KeyFile(signers.issued("Ann Auditor").p12(folder, signers.authority().certificate))
    sign_bag(bag, key=key, ask=lambda _: signers.PASSPHRASE, ssh_key=signers.ssh_key(folder))
    return bag


@pytest.fixture
def spoilt(signed: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(signed, tmp_path / "spoilt"))


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)


def _link(path: str) -> str:
    """The link that a change of a file breaks first."""
    if path == "bagit.txt":
        return "folder"
    if path.startswith(bags.TAG_MANIFEST):
        return "signatures"
    if path == "data/signatures.json":
        # It says who signed: it is read with the signatures, and its digest is checked later.
        return "signatures|files"
    return "files" if path.startswith("data/") else "tag files"


def test_one_flipped_byte_in_each_file_is_found_and_named(signed, tmp_path):
    """One in the middle; of the files that others hang on, the first and the last too."""
    bag = Path(shutil.copytree(signed, tmp_path / "flipped"))
    unnoticed, misnamed = [], []
    for path in sorted(each for each in bag.rglob("*") if each.is_file()):
        name, content = path.relative_to(bag).as_posix(), path.read_bytes()
        ends = {0, len(content) - 1} if path.parent == bag else set()
        for at in {len(content) // 2} | ends:
            _flip(path, at)
            found = examine(bag, Trust())
            path.write_bytes(content)
            if found.broken is None:
                unnoticed.append((name, at))
            elif not re.fullmatch(_link(name), found.broken.link) or (
                path.name.split(".")[0] not in found.fault
            ):
                misnamed.append((name, at, found.fault))

    assert unnoticed == []
    assert misnamed == []


@pytest.mark.parametrize("name", [bags.SSH_SIGNATURE, bags.CMS_SIGNATURE])
def test_no_byte_of_a_signature_may_change(signed, tmp_path, name):
    """No file vouches for these two: whatever is not signed in them is held to one form."""
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    needed = ["data/signatures.json"] if name == bags.CMS_SIGNATURE else []
    for each in (bags.TAG_MANIFEST, name, *needed):
        shutil.copyfile(signed / each, bag / each)
    content = (bag / name).read_bytes()
    # The fields around the certificates lie at the beginning and before the signature itself.
    places = {*range(0, 60, 2), *range(25, 41), *range(60, len(content), 61)}

    unnoticed = []
    for at in sorted(places):
        _flip(bag / name, at)
        try:
            seals_of_tags(bag, Trust())
            unnoticed.append(at)
        except EvidenceError:
            pass
        (bag / name).write_bytes(content)

    assert len(seals_of_tags(bag, Trust())) == 1
    assert unnoticed == []


def test_a_file_changed_with_every_digest_made_to_fit_breaks_the_signatures(spoilt):
    """Who can write one file can write them all; they cannot sign."""
    table = spoilt / "data" / "tables" / "areas.csv"
    table.write_bytes(table.read_bytes().replace(b"2020", b"2021", 1))
    _reseal(spoilt)

    found = examine(spoilt, Trust())

    assert found.broken is not None
    assert found.broken.link == "signatures"


def test_the_links_after_the_first_broken_one_are_not_looked_at(spoilt):
    """What hangs on a broken link proves nothing; the list says so."""
    _flip(spoilt / "data" / "model.json", 5)

    checks = examine(spoilt, Trust()).checks

    states = [each.state for each in checks]
    assert states == ["fits"] * 3 + ["broken"] + ["not looked at"] * (len(checks) - 4)


def _reseal(bag: Path) -> None:
    """Put the present digests into both manifests, as whoever forges a folder would."""
    lines = [
        f"{sha256_of(bag / line[66:])}  {line[66:]}\n"
        for line in (bag / bags.MANIFEST).read_text().splitlines()
    ]
    (bag / bags.MANIFEST).write_text("".join(lines))
    tags = [f"{sha256_of(bag / name)}  {name}\n" for name in sorted(bags.TAG_FILES[:3])]
    (bag / bags.TAG_MANIFEST).write_text("".join(tags))


def _forge(bag: Path, path: str, change: Callable[[bytes], bytes]) -> str:
    """Change a file of an unsigned folder, make every digest fit, and see what is said."""
    target = bag / path
    before = target.read_bytes()
    after = change(before)
    assert after != before, "the forgery did nothing"
    target.write_bytes(after)
    # Description and manifests are written anew from what is forged, as by whoever knows reetrace.
    evidence.seal(bag, evidence.load(bag))
    return examine(bag, Trust()).fault


@pytest.mark.parametrize(
    ("path", "words", "others", "link"),
    [
        ("data/rasters/2020.json", b"mine", b"moon", "rasters"),
        ("data/rasters/collection.json", b"1.1.0", b"1.0.0", "rasters"),
        ("data/rasters/landcover_2020.qml", b"#", b"# ", "rasters"),
        ("data/ro-crate-metadata.json", b"Mine", b"Moon", "description"),
        ("bag-info.txt", b"Bagging-Date: 20", b"Bagging-Date: 19", "description"),
    ],
)
def test_what_describes_the_files_says_what_the_evidence_says(bag, path, words, others, link):
    """A GIS or an archive reads these alone, and believes them."""
    content = (bag / path).read_bytes()
    assert words in content, "the forgery does nothing"
    (bag / path).write_bytes(content.replace(words, others))
    if path.startswith("data/rasters"):
        evidence.seal(bag, evidence.load(bag))
    _reseal(bag)

    told = examine(bag, Trust()).fault

    assert f"{path}: says something else than" in told
    assert f"First broken link: {link}." in told


def test_a_folder_that_keeps_the_notice_of_drawn_imagery_back_is_found(sealed_simulated, tmp_path):
    """The line is all that some readers see of a folder."""
    bag = Path(shutil.copytree(sealed_simulated, tmp_path / "bag"))
    lines = (bag / bags.INFO).read_text("utf-8").splitlines(keepends=True)
    (bag / bags.INFO).write_text("".join(each for each in lines if "SIMULATED" not in each))
    _reseal(bag)

    assert "bag-info.txt: says something else than" in examine(bag, Trust()).fault


@pytest.mark.parametrize("name", ["2020.json", "landcover_2020.qml"])
def test_a_description_that_is_gone_is_missed(bag, name):
    """And one that follows from nothing is not let in."""
    path: Path = bag / "data" / "rasters" / name
    path.rename(path.with_name(f"other{path.suffix}"))
    evidence.seal(bag, evidence.load(bag))

    told = examine(bag, Trust()).fault

    assert f"data/rasters/{name}: is missing; it follows" in told


def test_a_forged_table_is_told_by_its_cell(report_bag):
    """Without a signature, the numbers still have to agree with one another."""
    told = _forge(
        report_bag,
        "data/tables/areas.csv",
        lambda content: re.sub(rb"(\d)\.(\d)", rb"9.\2", content, count=1),
    )

    assert "data/tables/areas.csv differs from evidence.json: line 2, mapped_area_km2 is" in told


def test_a_forged_record_no_longer_agrees_with_itself(report_bag):
    """An area in one place is a sum of others."""
    told = _forge(
        report_bag,
        "data/evidence.json",
        lambda content: re.sub(rb'"pixels": (\d)', rb'"pixels": 7\1', content, count=1),
    )

    assert "First broken link: record" in told


def test_a_forged_outline_is_found(report_bag):
    """A footprint moved by a ten-thousandth of a degree."""
    told = _forge(
        report_bag,
        "data/vectors/footprints_2020.geojson",
        lambda content: re.sub(rb"98\.5(\d)", rb"98.6\1", content, count=1),
    )

    assert "footprints_2020.geojson holds other outlines" in told


def test_a_forged_geopackage_is_told_by_its_row(report_bag):
    """A GIS reads this file alone."""
    path: Path = report_bag / "data" / "vectors" / "evidence.gpkg"

    def change(_content: bytes) -> bytes:
        with sqlite3.connect(path) as package:
            for (trigger,) in package.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                package.execute(f'DROP TRIGGER "{trigger}"')
            package.execute("UPDATE footprints_2020 SET area_km2 = 99 WHERE fid = 1")
        package.close()
        return bytes(path.read_bytes())

    told = _forge(report_bag, "data/vectors/evidence.gpkg", change)

    assert "footprints_2020 row 1: area_km2 is '99" in told


def test_a_forged_map_is_told_by_its_count(report_bag):
    """A pixel painted over changes an area."""
    path: Path = report_bag / "data" / "rasters" / "landcover_2020.tif"
    full = evidence.load(report_bag)
    with rasterio.open(path) as raster:
        codes = raster.read(1)
    codes[codes == 2] = 1

    def change(_content: bytes) -> bytes:
        write_raster(
            path, codes, full.grid, kind="landcover", title="Land cover 2020", simulated=False,
            legend=full.legend,
        )  # fmt: skip
        return path.read_bytes()

    told = _forge(report_bag, "data/rasters/landcover_2020.tif", change)

    assert "landcover_2020.tif: is not the file that evidence.json names" in told


def test_a_forged_workbook_is_told_by_its_cell(report_bag):
    """The number that most readers take is the one in the sheet."""

    def change(content: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
            for part in old.infolist():
                text = old.read(part)
                if part.filename.startswith("xl/worksheets/sheet"):
                    text = re.sub(rb"<v>(\d+\.\d+)</v>", rb"<v>9\1</v>", text)
                new.writestr(part.filename, text)
        return out.getvalue()

    told = _forge(report_bag, "data/tables.xlsx", change)

    assert re.search(r"tables\.xlsx: sheet \w+, row \d+ of the table, \w+ is '9", told)


def test_a_report_of_another_folder_is_found(report_bag, tmp_path):
    """The report is sound, and it is not the one of this evidence."""
    other = tmp_path / "other"
    full = made_up.made_up_bag(other, made_up.single_epoch(run_id="fedcba9876543210"))
    render(full, other / "data")

    told = _forge(
        report_bag, "data/report.pdf", lambda _: (other / "data" / "report.pdf").read_bytes()
    )

    assert "data/report.pdf: the attached" in told


def test_a_report_with_another_figure_is_told_by_its_sentence(report_bag):
    """The words stand, the hectares are others."""
    told = _forge(
        report_bag,
        "data/report.pdf",
        lambda content: _reset(content, rb"2\.30", b"9.30"),
    )

    assert "data/report.pdf: prints other figures than evidence.json gives" in told


def test_a_cover_with_another_figure_is_told_by_its_title(report_bag):
    """The answer that is read first, in large letters, though every sentence is left as it is."""
    told = _forge(
        report_bag,
        "data/report.pdf",
        lambda content: _reset(content, rb"^2\.30 km", b"9.30 km"),
    )

    assert "data/report.pdf: page 1 prints '9.30km²' under “" in told
    assert "evidence.json gives '2.30 km²'" in told


def test_a_digest_in_print_that_is_of_no_file_is_named(report_bag):
    """A reader compares by eye, and must not be led to another file."""
    digest = sha256_of(report_bag / "data" / "evidence.json")

    told = _forge(
        report_bag,
        "data/report.pdf",
        lambda content: _reset(content, digest.encode(), b"0" * 64),
    )

    assert "prints the SHA-256 000000000000…, which is of no file" in told


def test_a_page_with_another_figure_is_told_by_its_sentence(sealed_with_report, tmp_path):
    """Most readers open it in a browser, where nothing is signed."""
    bag = Path(shutil.copytree(sealed_with_report, tmp_path / "paged"))
    with evidence.reopen(bag) as folder:
        full = evidence.load(folder)
        page = webmap.companion(full, folder / "data")
        (folder / "data" / "companion.html").write_text(page, encoding="utf-8")
        evidence.seal(folder, full)
    assert examine(bag, Trust()).broken is None

    told = _forge(bag, "data/companion.html", lambda text: text.replace(b"2.30 km", b"9.30 km"))

    assert "data/companion.html: prints other figures than evidence.json gives" in told


def _reset(report: bytes, words: bytes, others: bytes) -> bytes:
    """A report whose pages say something else."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        for page in pdf.pages:
            drawn = [
                pikepdf.ContentStreamInstruction(
                    [
                        pikepdf.String(re.sub(words, others, bytes(each)))
                        if isinstance(each, pikepdf.String)
                        else each
                        for each in instruction.operands
                    ],
                    instruction.operator,
                )
                for instruction in pikepdf.parse_content_stream(page)
            ]
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(drawn))
        pdf.save(out)
    return out.getvalue()


def test_a_raster_larger_than_any_of_ours_is_not_unpacked():
    """However well its size agrees with the evidence, which may be as hostile."""
    from types import SimpleNamespace

    from reetrace.core.errors import EvidenceError
    from reetrace.evidence.agreement import pixels

    grid = SimpleNamespace(shape=(100_000, 100_000), rows=100_000, cols=100_000)
    raster: Any = SimpleNamespace(
        shape=grid.shape, width=100_000, height=100_000, count=1, dtypes=("uint16",)
    )
    evidence: Any = SimpleNamespace(grid=grid)

    with pytest.raises(EvidenceError, match="more than any of ours"):
        pixels._check_grid(raster, evidence, "data/rasters/x.tif")


def test_a_users_own_words_on_the_cover_are_held_to_its_figures_alone():
    """A catalogue of theirs may say it otherwise; it may not say another number."""
    full = made_up.single_epoch()
    (area, *_) = headlines.answers(full)
    figures = re.findall(r"[0-9.]+", area.below[0])
    own = [Block(1, area.title), Block(1, area.figure), Block(1, f"Ours: {' and '.join(figures)}.")]
    other = [*own[:2], Block(1, f"Ours: {' and '.join(['9.99', *figures[1:]])}.")]

    assert check_cover(own, full, "own") == 2
    with pytest.raises(EvidenceError, match="prints 'Ours:"):
        check_cover(own, full, "shipped")
    with pytest.raises(EvidenceError, match=r"prints 'Ours:9\.99"):
        check_cover(other, full, "own")


def test_hectares_in_a_letter_are_those_of_the_evidence():
    """Row by row, wherever pages end."""
    full = made_up.single_epoch()
    told = headlines.hectares(full)
    cells = [
        Block(1, f"Table 1. {told.title}"),
        Block(1, "Epoch"),
        *(Block(2, each) for each in told.rows[0]),
    ]
    other = [*cells[:3], Block(2, "9,999"), *cells[4:]]

    assert told.rows[0][:2] == ("2020", "239.4")
    assert check_letter(cells, full) == 1
    assert check_letter(cells[1:], full) == 0
    with pytest.raises(EvidenceError, match=r"does not print the hectares of 2020 .*\(239\.4, "):
        check_letter(other, full)
