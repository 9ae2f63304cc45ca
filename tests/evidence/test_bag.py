"""The evidence folder is a bag that anybody can check, and that shows what was done to it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reetrace import evidence
from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE
from tests import made_up


@pytest.mark.parametrize("manifest", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_sha256sum_passes(sealed, manifest):
    """Whoever has nothing but coreutils can check every file."""
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", manifest],
        cwd=sealed,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_another_program_calls_it_a_bag(sealed):
    """An independent implementation of the standard validates it, digests and all."""
    found = bagit.Bag(str(sealed))

    assert found.validate()
    assert found.version_info == (1, 0)
    assert found.info["External-Identifier"] == made_up.made_up_evidence().run_id


def test_the_manifest_is_sorted_and_lists_every_file(sealed):
    """Two manifests of one payload are the same text."""
    listed = [line[66:] for line in (sealed / "manifest-sha256.txt").read_text().splitlines()]

    lying = sorted(
        path.relative_to(sealed).as_posix()
        for path in (sealed / "data").rglob("*")
        if path.is_file()
    )
    assert listed == lying


def test_a_whole_bag_is_verified(sealed, sealed_simulated):
    """Nothing is found where nothing was done."""
    evidence.verify(sealed)
    evidence.verify(sealed_simulated)


def test_one_flipped_byte_is_named(bag):
    """The first broken file is named, not only that something is wrong."""
    table = bag / "data" / "tables" / "areas.csv"
    content = bytearray(table.read_bytes())
    content[-2] ^= 1
    table.write_bytes(content)

    with pytest.raises(EvidenceError, match=r"data/tables/areas\.csv was changed"):
        evidence.verify(bag)


_ANYWHERE = st.floats(0, 1, exclude_max=True)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(which=_ANYWHERE, where=_ANYWHERE, bit=st.integers(0, 7))
def test_any_flipped_bit_in_any_file_is_found(bag, which, where, bit):
    """There is no byte of the folder that nobody vouches for."""
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    path = files[int(which * len(files))]
    sound = path.read_bytes()
    spoilt = bytearray(sound)
    spoilt[int(where * len(spoilt))] ^= 1 << bit
    path.write_bytes(spoilt)

    with pytest.raises(EvidenceError):
        evidence.verify(bag)
    path.write_bytes(sound)


def test_a_capital_letter_in_the_last_manifest_is_found(bag):
    """The same digest in another case is another byte, and no other file vouches for this one."""
    tags = bag / "tagmanifest-sha256.txt"
    first = next(letter for letter in tags.read_text() if letter in "abcdef")
    tags.write_text(tags.read_text().replace(first, first.upper(), 1))

    with pytest.raises(EvidenceError, match="is no digest and path"):
        evidence.verify(bag)


def test_a_missing_file_is_named(bag):
    """A file taken away is named."""
    (bag / "data" / "model.json").unlink()

    with pytest.raises(EvidenceError, match=r"data/model\.json is missing"):
        evidence.verify(bag)


def test_a_file_put_in_is_named(bag):
    """What was not sealed is no evidence."""
    (bag / "data" / "rasters" / "extra.tif").write_bytes(b"II*")

    with pytest.raises(EvidenceError, match=r"data/rasters/extra\.tif was added after"):
        evidence.verify(bag)


def _relist(manifest: Path, name: str, path: Path) -> None:
    """Put the present digest of a file into a manifest."""
    line = f"{evidence.files.sha256_of(path)}  {name}"
    known = re.compile(rf"^[0-9a-f]{{64}}  {re.escape(name)}$", flags=re.MULTILINE)
    manifest.write_text(known.sub(line, manifest.read_text()))


def test_a_manifest_made_to_fit_is_found_by_the_manifest_of_tags(bag):
    """Who changes a file and its line in the manifest still has to change a third file."""
    (bag / "data" / "model.json").write_text("{}\n")
    manifest = bag / "manifest-sha256.txt"
    _relist(manifest, "data/model.json", bag / "data" / "model.json")

    with pytest.raises(EvidenceError, match=r"manifest-sha256\.txt was changed"):
        evidence.verify(bag)


@pytest.mark.parametrize(
    "line",
    ["0" * 64 + "  ../outside.txt", "0" * 64 + "  /etc/passwd", "abc  data/x", "no digest at all"],
)
def test_a_manifest_that_points_elsewhere_is_refused(bag, line):
    """A foreign manifest must not make us read what lies outside the folder."""
    manifest = bag / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + line + "\n")
    _relist(bag / "tagmanifest-sha256.txt", "manifest-sha256.txt", manifest)

    with pytest.raises(EvidenceError, match="is no digest and path"):
        evidence.verify(bag)


def test_a_link_in_the_payload_is_refused(bag):
    """A link can point to something else tomorrow."""
    (bag / "data" / "link.json").symlink_to(bag / "data" / "model.json")

    with pytest.raises(EvidenceError, match="is a link"):
        evidence.verify(bag)


@pytest.mark.parametrize("name", ["bagit.txt", "bag-info.txt", "tagmanifest-sha256.txt"])
def test_a_bag_without_a_tag_file_is_not_sealed(bag, name):
    """Each of the four files is needed."""
    (bag / name).unlink()

    with pytest.raises(EvidenceError, match=f"{name} is missing"):
        evidence.verify(bag)


def test_a_tag_manifest_that_forgets_a_tag_file_is_refused(bag):
    """Otherwise the notice could be taken out of bag-info.txt."""
    tags = bag / "tagmanifest-sha256.txt"
    kept = [line for line in tags.read_text().splitlines() if "bag-info" not in line]
    tags.write_text("\n".join(kept) + "\n")

    with pytest.raises(EvidenceError, match=r"does not list bag-info\.txt"):
        evidence.verify(bag)


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path):
    """A misspelt path is the commonest mistake."""
    with pytest.raises(EvidenceError, match="no such folder"):
        evidence.verify(tmp_path / "nowhere")


def test_the_bag_of_drawn_imagery_says_so_in_its_name_and_its_info(sealed_simulated):
    """The notice is read before anything is opened."""
    drawn = made_up.simulated(made_up.made_up_evidence())

    assert evidence.bag_name(drawn) == "SIMULATED_mine-A_2005-2020"
    assert evidence.bag_name(made_up.made_up_evidence()) == "mine-A_2005-2020"
    info = (sealed_simulated / "bag-info.txt").read_text(encoding="utf-8")
    assert f"Reetrace-Notice: {SIMULATED_NOTICE}\n" in info


def test_the_date_of_a_bag_is_that_of_its_evidence(sealed):
    """No clock stands in the output, or the same run would give other bytes tomorrow."""
    info = (sealed / "bag-info.txt").read_text(encoding="utf-8")

    assert f"Bagging-Date: {made_up.made_up_evidence().issue_date}\n" in info


def test_documents_are_made_again_and_the_bag_sealed_anew(bag):
    """Rendering replaces the documents and leaves the record byte for byte."""
    record = (bag / "data" / "evidence.json").read_bytes()
    with evidence.unseal(bag) as folder:
        (folder / "data" / "report.pdf").write_bytes(b"%PDF-old")
        evidence.seal(folder, evidence.load(folder))

    with evidence.unseal(bag) as folder:
        assert not (folder / "data" / "report.pdf").exists()
        (folder / "data" / "report.pdf").write_bytes(b"%PDF-new")
        evidence.seal(folder, evidence.load(folder))

    evidence.verify(bag)
    assert (bag / "data" / "report.pdf").read_bytes() == b"%PDF-new"
    assert (bag / "data" / "evidence.json").read_bytes() == record


def test_drawn_rasters_cannot_be_sealed_as_real_ones(sealed_simulated, tmp_path):
    """Whoever edits the record and every digest still has the rasters against them."""
    folder = Path(shutil.copytree(sealed_simulated, tmp_path / "bag"))

    with pytest.raises(EvidenceError, match=r"\.tif: is drawn, but the evidence says it is not"):
        evidence.seal(folder, made_up.made_up_evidence())


def test_a_broken_bag_is_not_rendered_again(bag):
    """Sealing it anew would launder the change."""
    (bag / "data" / "model.json").write_text("{}\n")

    with pytest.raises(EvidenceError, match=r"model\.json was changed"), evidence.unseal(bag):
        pass
    assert (bag / "data" / "model.json").read_text() == "{}\n"


def test_a_bag_keeps_its_seal_when_moved(sealed, tmp_path):
    """Paths in it are its own."""
    moved = Path(shutil.copytree(sealed, tmp_path / "elsewhere" / "renamed"))

    evidence.verify(moved)


def test_a_bag_says_which_run_it_is_from(sealed, tmp_path):
    """A folder that is no bag is from none."""
    assert evidence.run_id_of(sealed) == evidence.load(sealed).run_id
    assert not evidence.run_id_of(tmp_path)


def test_a_bag_of_drawn_imagery_carries_the_notice_for_whoever_verifies_it(
    sealed, sealed_simulated
):
    """Whole and unchanged does not mean that it is evidence."""
    assert evidence.notice_of(sealed_simulated) == SIMULATED_NOTICE
    assert not evidence.notice_of(sealed)
