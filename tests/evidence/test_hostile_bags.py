"""A folder from a stranger may mean harm: each trick is refused in one line, or comes to nothing.

The forger of these folders writes every digest so that it fits; what is tested is the rest.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from reetrace.core.errors import EvidenceError
from reetrace.evidence import bag as bags
from reetrace.evidence import crate, load
from reetrace.evidence.agreement.workbook import check_workbook
from reetrace.evidence.files import sha256_of
from reetrace.evidence.listing import fault_of_name
from reetrace.evidence.trust import Trust
from reetrace.pipeline.checking import examine

_ZEROS = "0" * 64


def _fit(bag: Path) -> None:
    """Put the present digests into both manifests."""
    lines = [
        f"{sha256_of(path)}  {path.relative_to(bag).as_posix()}\n"
        for path in sorted((bag / "data").rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
    (bag / bags.MANIFEST).write_text("".join(sorted(lines, key=lambda line: line[66:])))
    _fit_tags(bag)


def _described_anew(bag: Path) -> None:
    """Description and manifests as whoever knows reetrace would write them, whatever lies there."""
    files = {
        path.relative_to(bag).as_posix(): crate.listed(path.read_bytes())
        for path in (bag / "data").rglob("*")
        if path.is_file() and path.name != crate.NAME
    }
    full = load(bag)
    content = crate.encode(full, files, None)
    (bag / "data" / crate.NAME).write_bytes(content)
    for name, text in bags.tag_texts(full, files, content).items():
        (bag / name).write_text(text, encoding="utf-8")


def _fit_tags(bag: Path) -> None:
    tags = [f"{sha256_of(bag / name)}  {name}\n" for name in sorted(bags.TAG_FILES[:3])]
    (bag / bags.TAG_MANIFEST).write_text("".join(tags))


def _refused(bag: Path) -> str:
    """The one line; no harm may take long, or more than a line."""
    start = time.process_time()
    fault = examine(bag, Trust()).fault
    assert time.process_time() - start < 20
    assert fault
    assert "\n" not in fault
    assert fault.isprintable()
    assert len(fault) < 1_000
    return fault


@pytest.mark.parametrize(
    "path",
    [
        "../outside.txt",
        "data/../../outside.txt",
        "data/./evidence.json",
        "data//evidence.json",
        "/etc/passwd",
        "~/evidence.json",
        "C:/Windows/system.ini",
        "data\\evidence.json",
        "..\\outside.txt",
        "data/..\\..\\outside.txt",
        "%2e%2e/outside.txt",
        "data/%2e%2e%2foutside.txt",
        "data/evidence%0A.json",
        "data/%0D../x",
        "data/evidence.json ",
        "data/ evidence.json",
        "data/evidence.json.",
        "data/evi\u200bdence.json",
        "data/\u202enosj.json",
        "data/еvidence.json",  # noqa: RUF001 - the first letter is Cyrillic: that is the trick
        "data/e\u0301vidence.json",
        "data/\uff0e\uff0e/outside.txt",
        "data/evidence.json\x00.txt",
        "data/con",
        "data/aux.json",
        "data/.hidden",
        "data/-rf",
        "data/$(reboot)",
        "data/`reboot`",
        "data/a|b",
        "data/" + "x" * 300,
        "data" + "/x" * 40,
        "file:///etc/passwd",
        "",
    ],
)  # fmt: skip
def test_a_manifest_that_leads_elsewhere_is_refused(bag, path):
    """Only plain names below `data/` are ever opened."""
    manifest = bag / bags.MANIFEST
    manifest.write_text(manifest.read_text() + f"{_ZEROS}  {path}\n", encoding="utf-8")
    _fit_tags(bag)

    assert "manifest-sha256.txt line" in _refused(bag)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("a.Z/_-\\~%:\0 \n\u202eé"), max_size=12))
def test_a_name_that_is_accepted_stays_below_its_folder(path):
    """Whatever is accepted is the same path to every system, and leads down only."""
    if not fault_of_name(path):
        assert (Path("/bag") / path).resolve() == Path("/bag") / path
        assert not Path(path).is_absolute()
        assert path.isascii()
        assert path == str(Path(path))


def test_every_file_of_ours_has_a_plain_name(sealed_with_report):
    """The rule refuses nothing that reetrace writes."""
    for path in sealed_with_report.rglob("*"):
        assert not fault_of_name(path.relative_to(sealed_with_report).as_posix())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (lambda text: text.splitlines()[0], "lists data/evidence.json twice"),
        (lambda text: text.splitlines()[0].replace("data/e", "data/E"), "in capitals alone"),
        (lambda _: f"{_ZEROS}  bagit.txt", "is not below data/"),
        (lambda _: f"{_ZEROS} *data/x", "is no digest and path"),
        (lambda _: f"{_ZEROS.upper()[:-1]}F  data/x", "is no digest and path"),
        (lambda _: f"{_ZEROS}  data/never-there", "data/never-there is missing"),
        (lambda _: f"{_ZEROS}  data/rasters", "data/rasters is no plain file"),
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_one_is_refused(bag, line, told):
    """Each line is one digest, two blanks and one plain name, once."""
    manifest = bag / bags.MANIFEST
    manifest.write_text(manifest.read_text() + line(manifest.read_text()) + "\n")
    _fit_tags(bag)

    assert told in _refused(bag)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "cannot be read"),
        (b"0" * (17 * 1024 * 1024), "none of ours is larger"),
        (b"no end of line", "breaks off"),
        (f"{_ZEROS}  data/x\n".encode() * 120_000, "lists more than"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(bag, content, told):
    """Before its lines are looked at."""
    (bag / bags.MANIFEST).write_bytes(content)
    _fit_tags(bag)

    assert told in _refused(bag)


def test_a_tag_manifest_that_lists_the_payload_is_refused(bag):
    """A file is vouched for in one place."""
    tags = bag / bags.TAG_MANIFEST
    tags.write_text(
        f"{tags.read_text()}{sha256_of(bag / 'data/evidence.json')}  data/evidence.json\n"
    )

    assert "which is no tag file" in _refused(bag)


def _linked_file(bag: Path) -> None:
    (bag / "data" / "secrets.json").symlink_to("/etc/passwd")


def _linked_folder(bag: Path) -> None:
    (bag / "data" / "more").symlink_to("/etc")


def _linked_payload(bag: Path) -> None:
    (bag / "data").rename(bag.with_name("elsewhere"))
    (bag / "data").symlink_to(bag.with_name("elsewhere"))


def _linked_tag(bag: Path) -> None:
    (bag / bags.INFO).unlink()
    (bag / bags.INFO).symlink_to("/etc/passwd")


def _looped(bag: Path) -> None:
    (bag / "data" / "loop").symlink_to(bag / "data")


def _dangling(bag: Path) -> None:
    (bag / "data" / "gone").symlink_to("nowhere")


def _pipe(bag: Path) -> None:
    os.mkfifo(bag / "data" / "pipe")


def _listed_pipe(bag: Path) -> None:
    (bag / "data" / "evidence.json").unlink()
    os.mkfifo(bag / "data" / "evidence.json")


def _pipe_for_a_tag(bag: Path) -> None:
    (bag / bags.TAG_MANIFEST).unlink()
    os.mkfifo(bag / bags.TAG_MANIFEST)


def _plug(bag: Path) -> None:
    plug = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(bag / "data")
    plug.bind("plug")
    os.chdir(here)
    plug.close()


def _twins(bag: Path) -> None:
    (bag / "data" / "EVIDENCE.json").write_text("{}")


def _misnamed(bag: Path) -> None:
    (bag / "data" / "evidence\u202ejson.exe").write_text("x")


def _fetch(bag: Path) -> None:
    (bag / "fetch.txt").write_text("http://example.org/x 9 data/x\n")


def _beside(bag: Path) -> None:
    (bag / "README.html").write_text("<script>1</script>")


def _folder_for_a_signature(bag: Path) -> None:
    (bag / bags.SSH_SIGNATURE).mkdir()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_linked_file, "data/secrets.json is a link"),
        (_linked_folder, "data/more is a link"),
        (_linked_payload, "data is a link"),
        (_linked_tag, "bag-info.txt is a link"),
        (_looped, "data/loop is a link"),
        (_dangling, "data/gone is a link"),
        (_pipe, "data/pipe is no plain file"),
        (_listed_pipe, "data/evidence.json is no plain file"),
        (_pipe_for_a_tag, "tagmanifest-sha256.txt is no plain file"),
        (_plug, "data/plug is no plain file"),
        (_twins, "differ in capitals alone"),
        (_misnamed, "no plain name"),
        (_fetch, "'fetch.txt' lies there, but no manifest lists it"),
        (_beside, "'README.html' lies there, but no manifest lists it"),
        (_folder_for_a_signature, "tagmanifest-sha256.txt.sig is no plain file"),
    ],
)
def test_what_is_no_plain_file_is_refused_unopened(bag, harm, told):
    """Links lead out, pipes wait for ever, devices do worse."""
    harm(bag)

    assert told in _refused(bag)


def _record(bag: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = bag / "data" / "evidence.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["evidence"])
    path.write_text(json.dumps(document), encoding="utf-8")
    _fit(bag)


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../../../etc/passwd", "/vsicurl/http://example.org/x.tif", "tables/areas.csv",
     "rasters/../../../x.tif"],
)  # fmt: skip
def test_a_record_that_names_a_raster_elsewhere_is_refused(bag, path):
    """Rasters are opened by what the record says."""
    _record(bag, lambda found: found["rasters"][0].update(path=path))

    assert "is no raster of this folder" in _refused(bag)


@pytest.mark.parametrize("label", ["../2005", "2005/..", '2005"; DROP TABLE zones; --', ""])
def test_a_record_whose_epoch_is_no_name_is_refused(bag, label):
    """Files and layers are named by epochs."""
    _record(bag, lambda found: found["epochs"][0].update(label=label))

    assert "cannot be part of a file's name" in _refused(bag)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[" * 200_000, "evidence.json"),
        (b'{"format": "reetrace-evidence", "evidence": ' + b'{"a":' * 100_000, "evidence.json"),
        (b'{"format": "reetrace-evidence"', "evidence.json"),
        (b"\xff\xfe{}", "evidence.json"),
        (b"", "evidence.json"),
        (b'{"format": "other", "evidence": {"schema_version": "1.0"}}', "format is 'other'"),
        (b'{"format": "reetrace-evidence", "evidence": {"schema_version": "9"}}', "version '9'"),
    ],
)  # fmt: skip
def test_a_record_that_is_none_is_refused(bag, content, told):
    """However deep, however broken."""
    (bag / "data" / "evidence.json").write_bytes(content)
    _fit(bag)

    assert told in _refused(bag)


def test_a_record_too_large_to_be_ours_is_not_read(bag):
    """Sparse: the file holds nothing, and claims much."""
    with (bag / "data" / "evidence.json").open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)
    _fit(bag)

    assert "no file of ours is larger" in _refused(bag)


def _package(bag: Path, *statements: str) -> None:
    path = bag / "data" / "vectors" / "evidence.gpkg"
    with sqlite3.connect(path) as package:
        for (trigger,) in package.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            package.execute(f'DROP TRIGGER "{trigger}"')
        for statement in statements:
            package.execute(statement)
    package.close()
    _described_anew(bag)


_ENDLESS = (
    "CREATE VIEW footprints_2005 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT i AS fid, NULL AS geom, i AS zone_set FROM n"
)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (("DROP TABLE footprints_2005", _ENDLESS), "has no table footprints_2005"),
        (("DROP TABLE zones",), "has no table zones"),
        (("DELETE FROM zones WHERE fid = 1",), "follow from evidence.json"),
        (("UPDATE zones SET geom = x'00' WHERE fid = 1",), "cannot be read"),
        (("UPDATE zones SET geom = x'47500001' || zeroblob(99) WHERE fid = 1",), "cannot be read"),
        (("UPDATE zones SET name = '=cmd()' WHERE fid = 1",), "name is '=cmd()'"),
    ],
)  # fmt: skip
def test_a_geopackage_with_a_trick_is_refused(bag, statements, told):
    """A database is a program: views and triggers of a stranger are not run."""
    _package(bag, *statements)

    assert told in _refused(bag)


def test_a_geopackage_that_is_none_is_refused(bag):
    """A page of zeros with the right name."""
    (bag / "data" / "vectors" / "evidence.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 4096)
    _described_anew(bag)

    assert "evidence.gpkg" in _refused(bag)


def _raster_record(bag: Path) -> dict[str, str]:
    found: dict[str, Any] = json.loads((bag / "data" / "evidence.json").read_text())
    return dict(found["evidence"]["rasters"][0])


def _replace_raster(bag: Path, write: Callable[[Path], None]) -> None:
    record = _raster_record(bag)
    path = bag / "data" / record["path"]
    path.unlink()
    write(path)
    text = (bag / "data" / "evidence.json").read_text(encoding="utf-8")
    text = text.replace(record["sha256"], sha256_of(path))
    (bag / "data" / "evidence.json").write_text(text, encoding="utf-8")
    table = bag / "data" / "tables" / "rasters.csv"
    table.write_text(table.read_text().replace(record["sha256"], sha256_of(path)))
    _described_anew(bag)


def _huge(path: Path) -> None:
    # A sparse file of a few kilobytes that claims ten thousand million pixels.
    with rasterio.open(
        path, "w", driver="GTiff", width=100_000, height=100_000, count=1, dtype="uint8",
        sparse_ok=True, tiled=True, compress="deflate",
    ):  # fmt: skip
        pass


def _many_bands(path: Path) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", width=2, height=2, count=500, dtype="uint8"
    ) as raster:
        raster.write(np.zeros((500, 2, 2), dtype=np.uint8))


def _virtual(path: Path) -> None:
    path.write_text(
        '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1">'
        "<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (_huge, "100000 × 100000 pixels"),
        (_many_bands, "pixels in 500 band"),
        (_virtual, "cannot be read as GeoTIFF"),
        (lambda path: path.write_bytes(b"II*\0" + b"\xff" * 64), "cannot be read as GeoTIFF"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_a_raster_with_a_trick_is_refused(bag, write, told):
    """Looked at in its header, and by the reader of GeoTIFF alone."""
    _replace_raster(bag, write)

    assert told in _refused(bag)


def test_a_file_beside_a_raster_is_refused(bag):
    """GDAL would read it with the raster, and believe it."""
    name = Path(_raster_record(bag)["path"]).name
    (bag / "data" / "rasters" / f"{name}.aux.xml").write_text("<PAMDataset/>")
    _described_anew(bag)

    assert "aux.xml: lies there, but evidence.json does not name it" in _refused(bag)


def _zipped(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


_BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
)
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no workbook"),
        (b"PK\x03\x04 and no more", "is no workbook"),
        (_zipped(("xl/workbook.xml", b"\0" * 60_000_000)), "more than any workbook of ours"),
        (_zipped(*((f"xl/{at}.bin", b"") for at in range(2_100))), "2,100 parts"),
        (_zipped(("xl/workbook.xml", _BILLION_LAUGHS)), "declares entities"),
        (_zipped(("xl/_rels/workbook.xml.rels", _OUTSIDE)), "declares entities"),
        (_zipped(("xl/workbook.xml", _OUTSIDE.decode().encode("utf-16"))), "declares entities"),
        (_zipped(("../../outside.xml", b"<x/>")), "leads elsewhere"),
        (_zipped(("/etc/cron.d/x.xml", b"<x/>")), "leads elsewhere"),
        (_zipped(("xl/A.xml", b"<x/>"), ("xl/a.xml", b"<x/>")), "two parts of one name"),
        (_zipped(("xl/workbook.xml", b"<workbook/>")), "is no workbook"),
    ],
)  # fmt: skip
def test_a_workbook_with_a_trick_is_refused(tmp_path, content, told):
    """Looked at before it is unpacked, and parsed only when no part declares anything."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tables.xlsx").write_bytes(content)

    with pytest.raises(EvidenceError, match=told):
        check_workbook((), tmp_path, "bytes")


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    """The size in the directory of an archive is a claim like any other."""
    honest = _zipped(("xl/workbook.xml", b"<x>" + b" " * 5_000_000 + b"</x>"))
    real, claimed = (5_000_007).to_bytes(4, "little"), (50).to_bytes(4, "little")
    assert honest.count(real) == 2
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tables.xlsx").write_bytes(honest.replace(real, claimed))

    with pytest.raises(EvidenceError, match="is no workbook"):
        check_workbook((), tmp_path, "bytes")


@pytest.mark.parametrize("name", ["labels.geojson", "model.json", "scenes.json"])
def test_a_part_of_the_record_that_is_none_is_refused(bag, name):
    """Deep JSON where a collection was needed."""
    (bag / "data" / name).write_bytes(b"[" * 100_000)
    _fit(bag)

    assert name.split(".")[0] in _refused(bag)


def test_words_of_a_stranger_cannot_steer_a_terminal(bag):
    """Escape codes in a manifest come out as blanks."""
    manifest = bag / bags.MANIFEST
    manifest.write_text(manifest.read_text() + "\x1b[2J\x1b]0;gone\x07  data/x\n")
    _fit_tags(bag)

    assert "\x1b" not in _refused(bag)


def test_a_notice_of_a_stranger_is_not_shown(bag):
    """`bag-info.txt` may say anything; only our own words are repeated."""
    info = bag / bags.INFO
    info.write_text(info.read_text() + "Reetrace-Notice: ALL IS WELL \x1b[2J\n")
    _fit_tags(bag)

    assert re.fullmatch(r"SIMULATED IMAGERY – NOT EVIDENCE|", examine(bag, Trust()).notice)


def test_what_passes_is_still_read(sealed):
    """The limits above leave a sound folder alone."""
    assert examine(sealed, Trust()).broken is None
    assert load(sealed).rasters
