"""A folder is made again from what lies in it, and whatever differs is told."""

from __future__ import annotations

import json
import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

import pikepdf
import pytest

from reetrace import evidence
from reetrace.core.errors import (
    AccountError,
    EvidenceError,
    NoImagery,
    OutputError,
    SettingError,
)
from reetrace.core.evidence import SIMULATED_NOTICE
from reetrace.drawn import DEFAULT_SEED, edition
from reetrace.evidence.bag import CMS_SIGNATURE, SSH_SIGNATURE
from reetrace.evidence.keys import KeyFile
from reetrace.evidence.trust import Trust
from reetrace.pipeline import Order, carry_out
from reetrace.pipeline.checking import examine
from reetrace.pipeline.custody import sign_bag
from reetrace.pipeline.inputs import read_run
from reetrace.pipeline.order import render_bag
from reetrace.pipeline.reproducing import reproduce
from reetrace.pipeline.set_with import SetWith, set_with
from reetrace.report.template import load_template
from reetrace.shipped import shipped
from tests.evidence import signers


def _silent(_step: str, _share: float) -> None:
    pass


@pytest.fixture(scope="module")
def drawn_bag(tmp_path_factory: pytest.TempPathFactory, drawn_world: Path) -> Path:
    """One year of the demonstration, without documents, that no test may change."""
    folder = tmp_path_factory.mktemp("reproduced")
    cache = folder / "cache"
    shutil.copytree(drawn_world, cache / f"drawn-{edition()}-{DEFAULT_SEED}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REETRACE_CACHE", str(cache))
        order = Order(site="mine-A", years="2020", out=folder / "reports", trees=10)
        return carry_out(order, documents=False, progress=_silent).bag


@pytest.fixture(scope="module")
def lettered(drawn_bag: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its documents: a letter in French, over which a user laid a footer."""
    folder = tmp_path_factory.mktemp("lettered")
    bag = Path(shutil.copytree(drawn_bag, folder / drawn_bag.name))
    (folder / "own").mkdir()
    (folder / "own" / "template.toml").write_text(
        'schema = 1\nextends = "audit-letter"\nfooter = "For the file"\n', encoding="utf-8"
    )
    render_bag(bag, templates=folder / "own", language="fr")
    return bag


@pytest.fixture
def cached(drawn_bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawn world lies there already."""
    monkeypatch.setenv("REETRACE_CACHE", str(drawn_bag.parents[1] / "cache"))


def _resealed(bag: Path, name: str, change) -> None:
    path = bag / "data" / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    evidence.seal(bag, evidence.load(bag))


@pytest.mark.parametrize(
    ("asked", "dress"),
    [({}, ("own", "fr")), ({"language": "en"}, ("own", "en"))],
    ids=["as it was", "in another language"],
)
def test_documents_are_made_again_as_they_were_set(lettered, tmp_path, monkeypatch, asked, dress):
    """A letter in French does not become a report in English unasked."""
    bag = Path(shutil.copytree(lettered, tmp_path / lettered.name))
    made = {}
    monkeypatch.setattr(
        "reetrace.pipeline.documents.make_documents", lambda *_, **kinds: made.update(kinds) or ()
    )

    with pytest.raises(SettingError, match=r"Pass it with --template FOLDER\."):
        render_bag(bag)
    render_bag(bag, templates=lettered.parent / "own", **asked)

    assert (made["templates"].name, made["language"]) == dress


def test_a_run_keeps_what_was_asked_for(drawn_bag):
    """To the last knob, with the registry's files as they were read."""
    asked = read_run(drawn_bag)

    assert (asked.site, asked.years, asked.choices.knobs.trees) == ("mine-A", (2020,), 10)
    assert asked.notice == SIMULATED_NOTICE
    for name in ("kachin-nujiang", "mine-A", "mine-B"):
        kept = drawn_bag / "data" / "inputs" / "sites" / f"{name}.geojson"
        assert kept.read_bytes() == (shipped("registry") / "sites" / kept.name).read_bytes()


@pytest.mark.usefixtures("cached")
def test_a_signed_folder_comes_out_byte_for_byte(lettered, tmp_path):
    """With its documents, in their language, by the template that they were set with.

    Its signature is set aside; today's registry may say otherwise and changes nothing.
    """
    bag = Path(shutil.copytree(lettered, tmp_path / lettered.name))
    key = KeyFile(signers.issued("Ann Auditor").p12(tmp_path))
    sign_bag(bag, key=key, ask=lambda _: signers.PASSPHRASE)
    today = tmp_path / "registry"
    (today / "sites").mkdir(parents=True)
    text = (shipped("registry") / "sites" / "mine-A.geojson").read_text(encoding="utf-8")
    (today / "sites" / "mine-A.geojson").write_text(text + "\n", encoding="utf-8")

    found = reproduce(
        bag,
        registry=today,
        templates=lettered.parent / "own",
        keep=tmp_path / "kept",
        progress=_silent,
    )

    assert [each.told for each in found.differences] == []
    assert found.equal
    assert re.fullmatch(
        r"the template is the one of then, by the digests of its \d+ files", found.notes[0]
    )
    assert found.notes[1:] == (
        "today's registry has another mine-A; the one kept in the folder was used",
    )
    assert found.kept is not None
    evidence.verify(found.kept)
    with pikepdf.open(found.kept / "data" / "report.pdf") as report:
        assert str(report.Root.Lang) == "fr"


@pytest.mark.usefixtures("cached")
def test_what_differs_is_told_by_file_table_and_pixel(drawn_bag, tmp_path):
    """Another seed grows other trees; packages of other versions are named beside."""
    bag = Path(shutil.copytree(drawn_bag, tmp_path / drawn_bag.name))
    numpy = next(each.version for each in evidence.load(bag).software if each.name == "numpy")

    def change(text: str) -> str:
        document = json.loads(text)
        document["choices"]["knobs"]["seed"] = 99
        return json.dumps(document)

    _resealed(bag, "inputs/run.json", change)
    _resealed(bag, "evidence.json", lambda text: text.replace(f'"{numpy}"', '"0.1"'))

    found = reproduce(bag, progress=_silent)

    told = {each.file: each.told for each in found.differences}
    assert not found.equal
    assert "pixels differ by at most" in told["data/rasters/2020_landcover.tif"]
    assert "first at" in told["data/tables/areas.csv"]
    assert "evidence.run_id" in told["data/evidence.json"]
    assert "data/rasters/2020_composite.tif" not in told
    assert f"numpy was 0.1, and is {numpy}" in found.notes


@pytest.mark.parametrize(
    ("name", "words", "others", "told"),
    [
        ("run.json", '"seed": 0', '"seed": 7', r"choices\.knobs\.seed is '7', .* '0'"),
        ("run.json", "[2020]", "[2015]", "years is '2015', .* '2020'"),
        (
            "run.json",
            '"engine": "local"',
            '"engine": "earthengine"',
            "engine is 'earthengine', .* 'local'",
        ),
        ("run.json", SIMULATED_NOTICE, "", "notice is ''"),
        ("sites/mine-A.geojson", "Mine A", "Mine B", "is not the site file"),
    ],
)
def test_an_order_that_is_not_that_of_the_evidence_is_found(
    drawn_bag, tmp_path, name, words, others, told
):
    """Whoever makes it again would make something else, and call the first folder wrong."""
    bag = Path(shutil.copytree(drawn_bag, tmp_path / drawn_bag.name))
    _resealed(bag, f"inputs/{name}", lambda text: text.replace(words, others, 1))

    fault = examine(bag, Trust()).fault

    assert re.search(f"inputs/{name}: {told}", fault)
    assert "First broken link: record." in fault


def test_a_folder_that_does_not_say_what_was_asked_is_refused(bag):
    """A public edition holds no order: it would give away what it withholds."""
    with pytest.raises(EvidenceError, match=r"has no data/inputs/run\.json"):
        reproduce(bag, progress=_silent)


def test_a_broken_folder_is_not_made_again(drawn_bag, tmp_path):
    """What was changed is no order of anybody."""
    bag = Path(shutil.copytree(drawn_bag, tmp_path / drawn_bag.name))
    (bag / "data" / "labels.geojson").write_text("{}")

    with pytest.raises(EvidenceError, match=r"labels\.geojson was changed"):
        reproduce(bag, progress=_silent)


def test_images_that_are_not_named_are_asked_for(drawn_bag, tmp_path):
    """Real images are not in the folder."""
    bag = Path(shutil.copytree(drawn_bag, tmp_path / drawn_bag.name))
    _resealed(
        bag,
        "inputs/run.json",
        lambda text: text.replace('"drawn_seed": 20230913', '"drawn_seed": null'),
    )

    with pytest.raises(SettingError, match="--scenes"):
        reproduce(bag, progress=_silent)


def test_a_folder_without_the_images_is_refused(drawn_bag, tmp_path):
    """Exactly the images of the first run, or none."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(NoImagery):
        reproduce(drawn_bag, scenes=tmp_path / "empty", progress=_silent)


def test_the_second_folder_does_not_take_the_place_of_the_first(drawn_bag):
    """`--keep reports` would overwrite what is to be compared."""
    with pytest.raises(OutputError, match=r"--keep: .* is there already"):
        reproduce(drawn_bag, keep=drawn_bag.parent, progress=_silent)


def test_a_template_that_is_not_in_the_folder_is_asked_for_by_its_files(lettered):
    """Said at once, not after the method ran."""
    with pytest.raises(
        SettingError, match=r"user's own \(template\.toml\), .* Pass it with --template FOLDER\."
    ):
        reproduce(lettered, progress=_silent)


def _said(bag: Path, **changes: object) -> None:
    record = bag / "data" / "template.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | changes))


def test_a_shipped_template_is_found_by_its_name(lettered, tmp_path):
    """Where another is given, or it is not what it was, the files that differ are named."""
    bag = Path(shutil.copytree(lettered, tmp_path / "bag"))
    full = evidence.load(bag)
    found = load_template(shipped("templates") / "audit-letter")
    (bag / "data" / "template.json").write_bytes(found.record(full, "fr"))

    assert set_with(bag, full, given=None) == SetWith(
        shipped("templates") / "audit-letter", "fr", ()
    )
    given = set_with(bag, full, given=lettered.parent / "own")
    assert given.notes == (
        "the template is not the one of then, by the digests of template.toml (own)",
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"template": "../own", "changed_by_user": False}, r"'\.\./own', which does not come with"),
        (
            {"language": "tlh", "changed_by_user": False},
            "in the language 'tlh', which this reetrace does not have",
        ),
        ({"files": 3}, r"Expected `array`.*files"),
    ],
)
def test_a_record_of_a_template_that_is_not_at_hand_is_refused(lettered, tmp_path, changes, told):
    """It comes from a stranger."""
    bag = Path(shutil.copytree(lettered, tmp_path / "bag"))
    _said(bag, **changes)

    with pytest.raises((SettingError, EvidenceError), match=told):
        set_with(bag, evidence.load(bag), given=None, usual=None)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"scenes": Path()}, r"does not see yours\. Leave --scenes out\."),
        ({}, "needs an account there, of whomever. .*--key"),
        ({"url": "http://127.0.0.1:9"}, "made again by Google's alone. Unset it."),
    ],
)
def test_what_was_made_on_earth_engine_says_what_it_needs(
    drawn_bag, tmp_path, monkeypatch, options, told
):
    """An account, and no images: Google has them. One line, before anything is done."""
    bag = Path(shutil.copytree(drawn_bag, tmp_path / "bag"))
    _resealed(
        bag,
        "inputs/run.json",
        lambda text: text.replace('"engine": "local"', '"engine": "earthengine"').replace(
            f'"drawn_seed": {DEFAULT_SEED}', '"drawn_seed": null'
        ),
    )
    for name in ("HOME", "CLOUDSDK_CONFIG", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    if "url" in options:
        monkeypatch.setenv("REETRACE_EARTHENGINE_URL", options["url"])

    with pytest.raises((AccountError, SettingError), match=told):
        reproduce(bag, scenes=options.get("scenes"), progress=_silent)


def test_the_page_on_the_evidence_folder_knows_every_file_of_one(lettered):
    """A folder with its documents and its inputs, and the names that signing adds."""
    page = Path(__file__).resolve().parents[2] / "docs" / "evidence-format.md"
    tree = page.read_text("utf-8").split("```")[1]
    known = [word for line in tree.splitlines()[2:] for word in re.split(r" {2,}", line)[1:2]]
    signed = (SSH_SIGNATURE, CMS_SIGNATURE, "signatures.json")
    found = {path.relative_to(lettered).as_posix() for path in lettered.rglob("*.*")}

    named = {each.removeprefix("data/") for each in (*found, *signed)}
    assert len(named) > 50
    assert {each for each in named if not any(fnmatch(each, one) for one in known)} == set()
    idle = {one for one in known if not any(fnmatch(each, one) for each in named)}
    assert idle == {"data/", "inputs/legends.toml"}
