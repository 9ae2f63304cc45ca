"""The metadata for archives say who made what, with what, from what, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reetrace import evidence
from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.evidence import crate, crate_check
from reetrace.evidence.listing import listed_in
from tests import made_up


def _graph(bag: Path) -> dict[str, Any]:
    found = json.loads((bag / "data" / crate.NAME).read_text(encoding="utf-8"))
    return {each["@id"]: each for each in found["@graph"]}


def _spoilt(bag: Path, change) -> bytes:
    found = json.loads((bag / "data" / crate.NAME).read_text(encoding="utf-8"))
    change({each["@id"]: each for each in found["@graph"]})
    return json.dumps(found).encode()


def test_every_bag_describes_every_file_with_its_digest(sealed):
    """An archive that reads the metadata alone knows what has to be there."""
    listed = listed_in(sealed, "manifest-sha256.txt")
    files = {each["@id"]: each for each in _graph(sealed).values() if each["@type"] == "File"}

    assert {f"data/{name}": each["sha256"] for name, each in files.items()} == {
        path: digest for path, digest in listed.items() if path != f"data/{crate.NAME}"
    }


def test_the_run_leads_from_images_and_labels_to_the_files(sealed):
    """Instrument, objects and results are those of the evidence."""
    graph, full = _graph(sealed), made_up.made_up_evidence()
    run = graph["#run"]

    assert graph["#reetrace"]["softwareVersion"] == full.reetrace_version
    assert run["instrument"] == {"@id": "#reetrace"}
    objects = {each["@id"] for each in run["object"]}
    scenes = {scene.id for epoch in full.epochs for scene in epoch.scenes}
    scenes |= {scene.id for scene in full.spectral_scenes}
    assert {f"#scene-{each}" for each in scenes} <= objects
    assert {f"#labels-{each.epoch}-{each.purpose}" for each in full.labels} <= objects
    assert {f"#site-{full.site.id}", f"#site-{full.study_area.id}"} <= objects
    assert {"@id": "evidence.json"} in run["result"]


def test_whoever_read_the_labels_is_named(sealed):
    """Who takes part in a run is who read the images."""
    graph, full = _graph(sealed), made_up.made_up_evidence()
    people = {each["name"] for each in graph.values() if each["@type"] == "Person"}

    assert people == {name for each in full.labels for name in each.interpreters if name}


def test_the_date_is_that_of_the_evidence(sealed):
    """No clock stands in the metadata."""
    assert _graph(sealed)["./"]["datePublished"] == made_up.made_up_evidence().issue_date


def test_metadata_of_drawn_imagery_say_so(sealed_simulated):
    """A catalogue shows the description, whatever else it leaves out."""
    graph = _graph(sealed_simulated)

    assert graph["./"]["description"].startswith(SIMULATED_NOTICE)
    assert graph["#run"]["description"].startswith(SIMULATED_NOTICE)


def test_a_bag_sealed_anew_has_the_same_metadata(sealed, tmp_path):
    """Same files, same bytes; the metadata do not describe themselves."""
    again = Path(shutil.copytree(sealed, tmp_path / "again"))

    evidence.seal(again, evidence.load(again))

    before, after = ((each / "tagmanifest-sha256.txt").read_bytes() for each in (sealed, again))
    assert before == after


def test_whole_metadata_pass(sealed):
    """Nothing is found where nothing was done."""
    crate_check.check(
        (sealed / "data" / crate.NAME).read_bytes(), listed_in(sealed, "manifest-sha256.txt")
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda graph: graph["./"].pop("license"), "its root is not described once"),
        (lambda graph: graph["evidence.json"].update(sha256="0" * 64), "evidence.json has the SHA"),
        (
            lambda graph: graph["evidence.json"].update({"@id": "../../etc/passwd"}),
            "does not match",
        ),
        (lambda graph: graph["evidence.json"].update({"@id": "no.json"}), "describes no such file"),
        (lambda graph: graph["#run"].update(instrument={"@id": "#word"}), "its run is not"),
        (lambda graph: graph["#reetrace"].update({"@id": "#other"}), "refers to #reetrace"),
        (lambda graph: graph["#run"].update(result=["evidence.json"]), "its run is not"),
        (lambda graph: graph["#reetrace"].update({"@type": "Spell"}), "is not one of"),
        (lambda graph: graph["#reetrace"].update({"deep": [[["deeper"]]]}), "is not valid"),
        (lambda graph: graph["#software-numpy"].update({"@id": "#reetrace"}), "something twice"),
    ],
)
def test_metadata_that_were_changed_are_refused(sealed, change, told):
    """The schema holds their shape, the manifest their digests."""
    with pytest.raises(EvidenceError, match=told):
        crate_check.check(_spoilt(sealed, change), listed_in(sealed, "manifest-sha256.txt"))
