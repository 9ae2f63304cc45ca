"""The record of a run: it comes back as it was, it is the same twice, and it is refused if not."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reetrace import evidence
from reetrace.core.errors import EvidenceError, OutputError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.ledger import dictionary, tabulate
from tests import made_up


def test_an_evidence_comes_back_as_it_was(sealed):
    """Nothing is lost or rounded between the run and whoever reads its folder."""
    written = evidence.load(sealed)

    plain = made_up.made_up_evidence()
    assert replace(written, rasters=()) == replace(plain, rasters=())
    assert [each.path for each in written.rasters] == [each.path for each in plain.rasters]


def test_models_come_back_with_their_digests(sealed):
    """Anybody can run the very trees that made the maps."""
    models = evidence.load_models(sealed)

    expected = made_up.made_up_models()
    assert [model.digest for model in models] == [model.digest for model in expected]
    assert [model.knobs for model in models] == [model.knobs for model in expected]
    assert [each.digest for each in evidence.load(sealed).models] == [m.digest for m in models]


def test_labels_come_back_with_every_property(sealed):
    """Properties that reetrace does not know are kept too."""
    labels = evidence.load_labels(sealed)

    assert labels == made_up.made_up_labels()
    assert labels[0].points[0].extra


def test_a_tree_that_was_altered_is_found(bag):
    """The digest in the file is that of the trees beside it."""
    path = bag / "data" / "model.json"
    content = json.loads(path.read_text())
    content["models"][0]["threshold"][0] += 1
    path.write_text(json.dumps(content))

    with pytest.raises(EvidenceError, match="A tree was altered"):
        evidence.load_models(bag)


def test_a_number_too_large_for_a_tree_is_one_plain_line(bag):
    """A foreign file is no reason for a traceback."""
    path = bag / "data" / "model.json"
    content = json.loads(path.read_text())
    content["models"][0]["feature"][0] = 5000
    path.write_text(json.dumps(content))

    with pytest.raises(EvidenceError, match="number too large"):
        evidence.load_models(bag)


def test_csv_states_what_the_evidence_states(sealed):
    """Every cell of every table, unrounded; a blank is empty."""
    tables = tabulate(evidence.load(sealed))

    for table in (*tables, dictionary(tables)):
        with (sealed / "data" / "tables" / f"{table.name}.csv").open(
            encoding="utf-8", newline=""
        ) as stream:
            header, *rows = list(csv.reader(stream))
        assert header == [column.name for column in table.columns]
        assert rows == [["" if cell is None else str(cell) for cell in row] for row in table.rows]


def test_lines_of_the_tables_end_alike_everywhere(sealed):
    """Text files have one kind of line end, or digests differ between systems."""
    for path in sorted((sealed / "data" / "tables").iterdir()):
        assert b"\r" not in path.read_bytes()


def test_every_file_of_drawn_imagery_says_so(sealed_simulated):
    """Whoever is handed a single file of the folder is told."""
    texts = [
        path
        for path in sorted((sealed_simulated / "data").rglob("*"))
        if path.suffix in {".json", ".geojson"} and path.name != "ro-crate-metadata.json"
    ]

    assert len(texts) > 6
    for path in texts:
        assert json.loads(path.read_text(encoding="utf-8"))["notice"] == SIMULATED_NOTICE, path
    for path in sorted((sealed_simulated / "data").rglob("*.csv")):
        assert path.read_text(encoding="utf-8").startswith("notice,"), path
    for path in sorted((sealed_simulated / "data").rglob("*.tif")):
        assert SIMULATED_NOTICE.encode() in path.read_bytes(), path


def test_taking_the_flag_out_of_the_evidence_is_not_enough(sealed_simulated, tmp_path):
    """The notice, the scenes and the labels still say it, and the file is refused."""
    content = json.loads((sealed_simulated / "data" / "evidence.json").read_text(encoding="utf-8"))
    content["evidence"]["simulated"] = False
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evidence.json").write_text(json.dumps(content))
    with pytest.raises(EvidenceError, match="notice is 'SIMULATED"):
        evidence.load(tmp_path)

    content["notice"] = ""
    (tmp_path / "data" / "evidence.json").write_text(json.dumps(content))
    with pytest.raises(EvidenceError, match="must be marked as simulated"):
        tabulate(evidence.load(tmp_path))


def _changed(bag: Path, **members: object) -> None:
    path = bag / "data" / "evidence.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | members), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON that can be read"),
        (b"{", "no JSON that can be read"),
        (b"\xff\xfe{}", "no JSON that can be read"),
        (b"[]", "Expected `object`"),
        (b"{}", "missing required field `format`"),
        (b'{"evidence": ' + b"[" * 100_000, "evidence"),
        (b'{"x": ' + b"[" * 100_000, "no JSON that can be read"),
        (b'{"type": "FeatureCollection", "features": []}', "missing required field"),
    ],
)
def test_a_file_that_is_no_evidence_is_refused_in_one_line(bag, content, said):
    """Truncated, empty, foreign, another encoding: the file is named, and what it lacks."""
    (bag / "data" / "evidence.json").write_bytes(content)

    with pytest.raises(EvidenceError, match=said) as caught:
        evidence.load(bag)
    assert "evidence.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_evidence_is_refused(bag):
    """A copy that broke off half-way is no evidence."""
    path = bag / "data" / "evidence.json"
    path.write_bytes(path.read_bytes()[:5000])

    with pytest.raises(EvidenceError, match="no JSON that can be read"):
        evidence.load(bag)


def test_an_evidence_of_a_later_version_is_refused_with_its_version(bag):
    """A reader of today cannot know what tomorrow's fields mean."""
    content = json.loads((bag / "data" / "evidence.json").read_text(encoding="utf-8"))
    content["evidence"]["schema_version"] = "7.0"
    _changed(bag, **content)

    with pytest.raises(EvidenceError, match=r"schema version '7\.0' is not known here"):
        evidence.load(bag)


def test_a_field_of_the_wrong_type_is_named_with_its_path(bag):
    """Whoever edits by hand is told where."""
    content = json.loads((bag / "data" / "evidence.json").read_text(encoding="utf-8"))
    content["evidence"]["areas"][3]["pixels"] = "many"
    _changed(bag, **content)

    with pytest.raises(EvidenceError, match=r"Expected `int`, got `str` - at `\$\.evidence\.areas"):
        evidence.load(bag)


def test_a_file_too_large_to_be_ours_is_not_read(bag, monkeypatch):
    """A file of many gigabytes must not take the machine down."""
    monkeypatch.setattr("reetrace.evidence.document.LARGEST_JSON_BYTES", 1000)

    with pytest.raises(EvidenceError, match=r"no file of ours is larger than 1,000"):
        evidence.load(bag)


def test_a_folder_without_evidence_is_refused(tmp_path):
    """The error says which folder was meant."""
    with pytest.raises(EvidenceError, match=r"no data/evidence\.json"):
        evidence.load(tmp_path)


def _saved(folder: Path, full: Evidence, **parts: object) -> None:
    drawn = made_up.write_made_up_rasters(folder / "data", full)
    known = {"models": made_up.made_up_models(), "labels": made_up.made_up_labels()}
    evidence.save(drawn, folder, **(known | parts))  # type: ignore[arg-type]


_FEW = made_up.made_up_evidence(
    rasters=tuple(each for each in made_up.made_up_evidence().rasters if each.kind == "landcover")
)


def test_a_model_that_is_not_the_recorded_one_is_refused(tmp_path):
    """The model file holds what made the maps, or the run stops."""
    with pytest.raises(EvidenceError, match=r"models: .* were given"):
        _saved(tmp_path, _FEW, models=made_up.made_up_models()[:1])


def test_labels_that_are_not_the_recorded_ones_are_refused(tmp_path):
    """Likewise the labels."""
    with pytest.raises(EvidenceError, match=r"labels: .* were given"):
        _saved(tmp_path, _FEW, labels=made_up.made_up_labels()[:-1])


def test_a_raster_nobody_recorded_is_refused(tmp_path):
    """Every map of the folder is named in its evidence."""
    (tmp_path / "data" / "rasters").mkdir(parents=True)
    (tmp_path / "data" / "rasters" / "stray.tif").write_bytes(b"II*")

    with pytest.raises(EvidenceError, match=r"stray\.tif: lies there, but is not recorded"):
        _saved(tmp_path, _FEW)


def test_a_raster_that_hides_that_it_was_drawn_is_refused(tmp_path):
    """Rasters of real and of drawn imagery cannot be mixed up."""
    unmarked = made_up.write_made_up_rasters(tmp_path / "data", _FEW)

    with pytest.raises(EvidenceError, match="is not drawn, but the evidence says it is drawn"):
        evidence.save(
            made_up.simulated(unmarked),
            tmp_path,
            models=made_up.made_up_models(),
            labels=made_up.made_up_labels(),
        )


def test_an_evidence_that_json_cannot_hold_is_refused(tmp_path):
    """Not-a-number would silently become null."""
    spectral = made_up.made_up_evidence().spectral
    broken = replace(spectral[0], p_value=float("nan"))

    with pytest.raises(EvidenceError, match="a value that JSON cannot"):
        _saved(tmp_path, replace(_FEW, spectral=(broken, *spectral[1:])))


def test_nothing_is_half_written_where_writing_fails(tmp_path, monkeypatch):
    """A file is written aside and renamed, so what is there is whole."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)

    with pytest.raises(OutputError, match="No space left on device"):
        evidence.files.write_text(tmp_path / "note.txt", "words")
    assert list(tmp_path.iterdir()) == []


_BUILD = """
import sys
from dataclasses import replace
from pathlib import Path
from reetrace import evidence
from tests import made_up

full = made_up.made_up_evidence()
kept = [each for each in full.rasters if "2005" in each.path]
for drawn, name in ((full, "real"), (made_up.simulated(full), "drawn")):
    drawn = replace(drawn, rasters=tuple(kept))
    with evidence.draft(Path(sys.argv[1]) / name) as folder:
        evidence.seal(folder, made_up.made_up_bag(folder, drawn))
"""


def _built(folder: Path, **environment: str) -> dict[str, str]:
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-W", "error", "-c", _BUILD, str(folder)],
        cwd=root,
        env=os.environ | environment | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"},
        check=True,
    )
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_run_gives_the_same_bytes_anywhere_at_any_time(tmp_path):
    """Hash seed, time zone, language and the clock leave no trace, GeoPackage included."""
    first = _built(tmp_path / "1", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    second = _built(tmp_path / "2", PYTHONHASHSEED="77", TZ="Asia/Yangon", LC_ALL="C")

    assert first == second
    assert len(first) > 90
