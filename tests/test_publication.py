"""The public edition: what is withheld is in no byte of it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest

from reetrace import evidence
from reetrace.core.errors import EvidenceError
from reetrace.core.site import Name
from reetrace.pipeline import Outcome
from reetrace.pipeline.publication import COARSE_DEGREES, publish
from tests.running import reetrace, succeed

HIDDEN_NOTE = "Lin Aung showed the way in March"
HIDDEN_NAME = "ဟော်ဟုံ လျှို့ဝှက်"
HIDDEN_ALIAS = "the-quiet-valley"
RESTRICTED = ("note", "aliases", "names/my", "zones/mine-B", "interpreters")


@pytest.fixture(scope="module")
def restricted(main_job: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The main job's evidence, its site marked as holding what not everybody may know."""
    bag = tmp_path_factory.mktemp("restricted") / main_job.bag.name
    shutil.copytree(main_job.bag, bag)
    with evidence.unseal(bag) as folder:
        found = evidence.load(folder)

        def marked(site: Any) -> Any:
            return replace(
                site,
                note=HIDDEN_NOTE,
                aliases=(HIDDEN_ALIAS,),
                names=(*(each for each in site.names if each.language != "my"),
                       Name(HIDDEN_NAME, "my")),
                restricted=RESTRICTED,
            )  # fmt: skip

        found = replace(found, site=marked(found.site), study_area=marked(found.study_area))
        evidence.save(
            found,
            folder,
            models=evidence.load_models(folder),
            labels=evidence.load_labels(folder),
        )
        # As if its report were in French: nothing else of a report is read when it is published.
        (folder / "data" / "template.json").write_text('{"language": "fr"}')
        evidence.seal(folder, found)
    return bag


@pytest.fixture(scope="module")
def public(restricted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its public edition."""
    return publish(restricted, out=tmp_path_factory.mktemp("public")).bag


def _everything(bag: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte of a folder: files, members of zip files, streams and text of the PDF."""
    for path in sorted(bag.rglob("*")):
        if not path.is_file():
            continue
        content, name = path.read_bytes(), path.relative_to(bag).as_posix()
        yield name, content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as members:
                for member in members.namelist():
                    yield f"{name}:{member}", members.read(member)
        if content.startswith(b"%PDF"):
            with pikepdf.open(io.BytesIO(content)) as pdf:
                for number, item in enumerate(pdf.objects):
                    if isinstance(item, pikepdf.Stream) and item.get("/Subtype") != "/Image":
                        yield f"{name}:{number}", item.read_bytes()
            if shutil.which("pdftotext"):
                text = subprocess.run(
                    ["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True
                )
                yield f"{name}:text", text.stdout


def _vertices(found: Any) -> set[tuple[float, float]]:
    places: set[tuple[float, float]] = set()
    outlines = [zone.geometry for zone in (*found.site.zones, *found.study_area.zones)]
    outlines += [each.geometry for each in found.footprints]
    for outline in outlines:
        places.update(place for polygon in outline for ring in polygon for place in ring)
    places.update((each.longitude, each.latitude) for each in found.patches)
    return places


def _labelled(bag: Path) -> set[tuple[float, float]]:
    labels = evidence.load_labels(bag)
    return {(point.longitude, point.latitude) for each in labels for point in each.points}


def _to_5_decimals(place: tuple[float, float]) -> tuple[bytes, bytes]:
    """The digits after the fifth cut off, as the search cuts them off."""
    longitude, latitude = (f"{each:.9f}"[:-4].encode() for each in place)
    return longitude, latitude


def test_no_byte_of_the_public_folder_holds_what_is_withheld(restricted, public):
    """Names, note, alias, interpreters, true places: as text, as numbers, within zips and PDF."""
    found = evidence.load(restricted)
    labels = evidence.load_labels(restricted)
    people = {point.interpreter for each in labels for point in each.points}
    places = _vertices(found) | _labelled(restricted)
    words = [HIDDEN_NOTE, HIDDEN_NAME, HIDDEN_ALIAS, *people]
    words += ["mine-B"]
    words += [f"{found.grid.west_m:.0f}", f"{found.grid.north_m:.0f}"]
    # Outlines follow pixels and were moved by whole ones: a moved corner may be another's place.
    published = _vertices(evidence.load(public)) | _labelled(public)
    shown = {_to_5_decimals(place) for place in published}
    written = {_to_5_decimals(place) for place in places} - shown

    secret = [word.encode() for word in words]
    secret += [json.dumps(HIDDEN_NAME).strip('"').encode()]
    for number in (found.grid.west_m, found.grid.north_m):
        secret += [struct.pack("<d", number), struct.pack(">d", number)]
    # As binary numbers a share of them: one place that slipped through would bring its neighbours.
    for place in sorted(places - published)[::25]:
        secret += [struct.pack("<dd", *place), struct.pack(">dd", *place)]
    assert len(secret) > 200
    assert len(written) > 1000
    for name, content in _everything(public):
        assert not [each for each in secret if each in content], name
        for pair in re.finditer(rb"(-?\d+\.\d{5})\d*[,\s]+(-?\d+\.\d{5})", content):
            assert (pair[1], pair[2]) not in written, name


def test_the_same_search_finds_all_of_it_in_the_restricted_folder(restricted):
    """A search that cannot find what is there proves nothing by finding nothing."""
    found = evidence.load(restricted)
    place = next(iter(_vertices(found)))
    contents = dict(_everything(restricted))

    for word in (HIDDEN_NOTE, HIDDEN_NAME, HIDDEN_ALIAS):
        assert any(word.encode() in content for content in contents.values()), word
    number = struct.pack("<d", found.grid.west_m)
    assert any(number in content for name, content in contents.items() if name.endswith(".tif"))
    pair = struct.pack("<dd", *place)
    assert any(pair in content for name, content in contents.items() if name.endswith(".gpkg"))


def test_the_public_folder_is_whole_and_names_the_restricted_one_by_its_digest(restricted, public):
    """A stranger can check it; whoever holds the restricted one can show that it is its source."""
    evidence.verify(public)
    found = evidence.load(public)
    manifest = (restricted / "tagmanifest-sha256.txt").read_bytes()

    assert found.publication is not None
    assert found.publication.of_manifest == hashlib.sha256(manifest).hexdigest()
    assert found.publication.of_manifest in found.warnings[0]
    assert found.simulated
    assert public.name == f"{restricted.name}_public"


def test_areas_and_pixels_are_those_of_the_restricted_edition(restricted, public):
    """Places are coarsened, numbers are not; a restricted zone has neither name nor outline."""
    import rasterio

    whole, coarse = evidence.load(restricted), evidence.load(public)

    hidden = [each for each in whole.areas if each.zone == "mine-B"]
    assert hidden
    assert coarse.areas == tuple(
        replace(each, zone="withheld-1") if each in hidden else each for each in whole.areas
    )
    outlines = {zone.id: zone.geometry for each in coarse.zone_sets for zone in each.zones}
    assert "mine-B" not in outlines
    assert outlines["withheld-1"] == ()
    for record in coarse.rasters:
        with (
            rasterio.open(restricted / "data" / record.path) as one,
            rasterio.open(public / "data" / record.path) as other,
        ):
            assert np.array_equal(one.read(), other.read())
            moved = other.transform.c - one.transform.c, other.transform.f - one.transform.f
            assert max(map(abs, moved)) > 500
            assert all(abs(each) < 8000 for each in moved)
            assert all(each % one.transform.a == 0 for each in moved)


def test_the_public_report_speaks_the_language_of_the_restricted_one(public):
    """Unasked: who published a French report wants a French one to show."""
    with pikepdf.open(public / "data" / "report.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr"


def test_the_cover_of_the_public_report_says_what_it_is(public):
    """In French here; that places are moved must not wait for a later page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler is not on this machine")

    told = subprocess.run(
        ["pdftotext", "-l", "1", "-enc", "UTF-8", public / "data" / "report.pdf", "-"],
        capture_output=True,
        check=True,
    ).stdout.decode()

    assert "Édition publique." in told


def test_the_middle_of_the_study_area_lies_in_the_middle_of_its_cell(public):
    """All that can be read from it is the cell."""
    from reetrace.zoning import lonlat_of

    grid = evidence.load(public).grid
    places = lonlat_of(np.array([grid.rows // 2]), np.array([grid.cols // 2]), grid)

    for each in places:
        within = float(each[0]) / COARSE_DEGREES % 1
        assert within == pytest.approx(0.5, abs=0.01)


def test_a_public_edition_has_no_public_edition(public, tmp_path):
    """And the restricted one stays as it is."""
    with pytest.raises(EvidenceError, match="public edition already"):
        publish(public, out=tmp_path)


def test_evidence_about_a_restricted_zone_cannot_be_published(restricted, tmp_path):
    """Nothing would be left to say."""
    bag = tmp_path / restricted.name
    shutil.copytree(restricted, bag)
    with evidence.unseal(bag) as folder:
        found = evidence.load(folder)
        site = replace(found.site, restricted=(f"zones/{found.site.id}",))
        found = replace(found, site=site)
        evidence.save(
            found,
            folder,
            models=evidence.load_models(folder),
            labels=evidence.load_labels(folder),
        )
        evidence.seal(folder, found)

    done = reetrace("publish", bag, folder=tmp_path)

    assert done.returncode == 1
    assert "its own zone is restricted" in done.stderr
    assert not (tmp_path / f"{bag.name}_public").exists()


def test_a_report_makes_both_editions_when_asked(drawn_world, tmp_path):
    """`--edition public`: the restricted folder as always, the public one beside it."""
    told = succeed(
        *("report", "--site", "mine-A", "--years", "2020", "--scenes", drawn_world),
        *("--registry", _labels_of(drawn_world, tmp_path), "--edition", "public"),
        folder=tmp_path,
    )

    (line,) = (each for each in told.splitlines() if each.startswith("public"))
    whole = tmp_path / "reports" / "SIMULATED_mine-A_2020"
    assert line.endswith(f"{whole.name}_public")
    assert evidence.load(whole).publication is None
    evidence.verify(whole.with_name(f"{whole.name}_public"))


def _labels_of(world: Path, folder: Path) -> Path:
    shutil.copytree(world / "labels", folder / "registry" / "labels")
    return folder / "registry"


def test_an_edition_misspelt_is_one_line(tmp_path):
    """Before any work."""
    done = reetrace(
        *("report", "--site", "mine-A", "--years", "2020", "--edition", "publik"), folder=tmp_path
    )

    assert done.returncode == 1
    assert "Did you mean 'public'?" in done.stderr
