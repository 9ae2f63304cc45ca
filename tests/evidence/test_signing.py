"""A folder is signed with its owner's key, and whoever checks it is told what that is worth."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import bagit
import pikepdf
import pytest

from reetrace import evidence
from reetrace.core.errors import EvidenceError, SettingError, SigningError
from reetrace.evidence.keys import KeyFile
from reetrace.evidence.trust import Trust, read_anchors
from reetrace.pipeline import custody
from reetrace.pipeline.checking import examine
from reetrace.pipeline.custody import sign_bag
from tests.evidence import signers, stamping
from tests.report import preflight


def _never(locked: str) -> str:
    raise AssertionError(f"asked for the passphrase of {locked}")


def _files(bag: Path) -> dict[str, bytes]:
    return {
        path.relative_to(bag).as_posix(): path.read_bytes()
        for path in bag.rglob("*")
        if path.is_file()
    }


def _key(folder: Path, name: str = "Ann Auditor") -> KeyFile:
    return KeyFile(signers.issued(name).p12(folder, signers.authority().certificate))


def _sign(bag: Path, folder: Path, **options):
    return sign_bag(bag, key=_key(folder), ask=lambda _: signers.PASSPHRASE, **options)


def _anchors(folder: Path, identity: signers.Identity | None = None) -> Trust:
    return Trust(read_anchors([(identity or signers.authority()).pem(folder)]))


def test_the_unsigned_report_is_the_beginning_of_the_signed_one(report_bag, tmp_path):
    """Signed bytes are never the same twice; the report within them can still be made again."""
    before = (report_bag / "data" / "report.pdf").read_bytes()

    _sign(report_bag, tmp_path)

    after = (report_bag / "data" / "report.pdf").read_bytes()
    told = json.loads((report_bag / "data" / "signatures.json").read_text())["unsigned_report"]
    assert after.startswith(before)
    assert len(after) > len(before) == told["bytes"]
    assert told["sha256"] == hashlib.sha256(before).hexdigest()


def test_signing_leaves_the_report_what_it_says_it_is(report_bag, tmp_path):
    """Its two records of itself still agree, it is PDF 1.7, and it holds the same files.

    The library for signing would name itself in one record and not in the other, and for this
    kind of key declare the file to be PDF 2.0, on which PDF/A-3 is not built.
    """
    report = report_bag / "data" / "report.pdf"
    before = pikepdf.open(io.BytesIO(report.read_bytes()))

    _sign(report_bag, tmp_path)

    with before, pikepdf.open(report) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(after.trailer.Info) == dict(before.trailer.Info)
        assert after.pdf_version == "1.7"
        assert set(after.Root.keys()) - set(before.Root.keys()) == {
            "/AcroForm",
            "/Extensions",
            "/Perms",
        }
        assert len(after.Root.AF) == len(before.Root.AF) == len(after.attachments)


def test_qpdf_and_preflight_find_a_signed_report_fit_but_for_its_field(report_bag, tmp_path):
    """PDF/A-1 wants a picture of every field.

    PDF/A-3 wants none of a field without extent (ISO 19005-3, 6.3.3), which is what ours is.
    """
    _sign(report_bag, tmp_path)
    report = report_bag / "data" / "report.pdf"

    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", report], check=True, capture_output=True)
    told = preflight.judged(preflight.twin(report, tmp_path / "twin.pdf"))

    faults = [line for line in told.splitlines() if re.match(r"\d", line)]
    assert {re.sub(" on page 1$", "", line) for line in faults} == {
        (
            "5.3.1 : Invalid field value in an annotation definition, widget annotation lacks an "
            "appearance dictionary"
        )
    }
    with pikepdf.open(report) as pdf:
        assert [int(edge) for edge in pdf.Root.AcroForm.Fields[0].Rect] == [0, 0, 0, 0]


def test_a_signed_folder_is_still_a_bag(report_bag, tmp_path):
    """Signatures beside the manifest of tags harm neither coreutils nor another program."""
    _sign(report_bag, tmp_path, ssh_key=signers.ssh_key(tmp_path))

    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "tagmanifest-sha256.txt",
         "manifest-sha256.txt"],
        cwd=report_bag,
        check=True,
    )  # fmt: skip
    assert bagit.Bag(str(report_bag)).validate()


def test_whoever_names_nobody_learns_that_signatures_fit_and_no_more(report_bag, tmp_path):
    """Anybody can make a key in anybody's name."""
    _sign(report_bag, tmp_path, ssh_key=signers.ssh_key(tmp_path))

    found = examine(report_bag, Trust())

    assert found.broken is None
    assert {each.kind: each.trusted for each in found.seals} == {
        "PAdES B-B": None,
        "CMS": None,
        "SSH": None,
    }
    assert "intact, signer not trusted by you" in "\n".join(found.lines())


def test_a_signer_who_leads_up_to_a_named_certificate_is_trusted(report_bag, tmp_path):
    """The reader names the authority; the chain came with the signature."""
    key = signers.ssh_key(tmp_path)
    _sign(report_bag, tmp_path, ssh_key=key)

    trust = Trust(_anchors(tmp_path).anchors, signers.allowed_signers(key))
    found = examine(report_bag, trust)

    assert found.broken is None
    assert [each.trusted for each in found.seals] == [True, True, True]
    assert {each.signer for each in found.seals if each.kind != "SSH"} == {"Ann Auditor, Made Up"}


def test_a_signer_may_be_trusted_by_their_own_certificate(report_bag, tmp_path):
    """A certificate handed over in person needs no authority."""
    _sign(report_bag, tmp_path)

    found = examine(report_bag, _anchors(tmp_path, signers.issued("Ann Auditor")))

    assert found.broken is None
    assert all(each.trusted for each in found.seals)


def test_a_signer_of_another_authority_is_refused(report_bag, tmp_path):
    """Whoever names whom they trust is told when it was somebody else."""
    _sign(report_bag, tmp_path)

    found = examine(report_bag, _anchors(tmp_path, signers.authority("Another Authority")))

    assert found.broken is not None
    assert "signed by Ann Auditor, Made Up, not trusted" in found.fault


def test_an_ssh_key_that_is_not_on_the_list_is_refused(report_bag, tmp_path):
    """The list decides, not the name in the key."""
    sign_bag(report_bag, ssh_key=signers.ssh_key(tmp_path), ask=_never)
    (tmp_path / "other").mkdir()
    allowed = signers.allowed_signers(signers.ssh_key(tmp_path / "other"))

    found = examine(report_bag, Trust(allowed_signers=allowed))

    assert "does not allow it" in found.fault


@pytest.mark.parametrize("which", ["anchors", "allowed_signers"])
def test_a_signature_that_was_taken_away_is_missed(report_bag, tmp_path, which):
    """Naming whom one trusts asks for a signature: an unsigned folder does not do."""
    key = signers.ssh_key(tmp_path)
    trust = {
        "anchors": _anchors(tmp_path),
        "allowed_signers": Trust(allowed_signers=signers.allowed_signers(key)),
    }

    found = examine(report_bag, trust[which])

    assert "the folder is not signed with" in found.fault


def test_taking_away_the_signature_of_the_folder_alone_is_found(report_bag, tmp_path):
    """The folder itself says that it was signed with a certificate."""
    _sign(report_bag, tmp_path)
    (report_bag / "tagmanifest-sha256.txt.p7s").unlink()

    found = examine(report_bag, Trust())

    assert "tagmanifest-sha256.txt.p7s is missing" in found.fault


def test_signing_with_ssh_changes_no_file(report_bag, tmp_path):
    """The digest of the folder stays the one that can be made again."""
    before = _files(report_bag)

    sign_bag(report_bag, ssh_key=signers.ssh_key(tmp_path), ask=_never)

    after = _files(report_bag)
    assert set(after) - set(before) == {"tagmanifest-sha256.txt.sig"}
    assert before.items() <= after.items()


def test_taking_signatures_off_gives_the_unsigned_folder_back(report_bag, tmp_path):
    """Nothing is lost by signing, whoever signs."""
    before, key = _files(report_bag), signers.ssh_key(tmp_path)
    _sign(report_bag, tmp_path, ssh_key=key)

    sign_bag(report_bag, ssh_key=key, ask=_never, again=True)

    after = _files(report_bag)
    after.pop("tagmanifest-sha256.txt.sig")
    assert after == before


def test_the_record_of_signing_keeps_the_digest_of_the_folder_before(report_bag, tmp_path):
    """Whoever kept those digits of the unsigned folder finds them again, twice signed too."""
    before = hashlib.sha256((report_bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()

    _sign(report_bag, tmp_path)
    _sign(report_bag, tmp_path, again=True)

    told = json.loads((report_bag / "data" / "signatures.json").read_text())
    assert told["unsigned_tagmanifest_sha256"] == before


def test_a_signed_folder_is_not_signed_over_unasked(report_bag, tmp_path):
    """A new signature in the report would break the one over the folder."""
    sign_bag(report_bag, ssh_key=signers.ssh_key(tmp_path), ask=_never)

    with pytest.raises(SigningError, match="is signed already"):
        _sign(report_bag, tmp_path)
    assert examine(report_bag, Trust()).broken is None


def test_ssh_may_sign_what_a_certificate_signed(report_bag, tmp_path):
    """Two people may sign: the second changes no file."""
    _sign(report_bag, tmp_path)

    sign_bag(report_bag, ssh_key=signers.ssh_key(tmp_path), ask=_never)

    assert [each.kind for each in examine(report_bag, Trust()).seals] == ["CMS", "SSH", "PAdES B-B"]


def test_a_folder_without_a_report_can_be_signed(bag, tmp_path):
    """`reetrace run` makes none."""
    _sign(bag, tmp_path)

    found = examine(bag, _anchors(tmp_path))

    assert found.broken is None
    assert [each.kind for each in found.seals] == ["CMS"]


def test_rendering_again_leaves_an_unsigned_folder(report_bag, tmp_path):
    """New documents are not what was signed."""
    _sign(report_bag, tmp_path)

    with evidence.unseal(report_bag) as folder:
        evidence.seal(folder, evidence.load(folder))

    assert examine(report_bag, Trust()).seals == ()


def test_openssl_accepts_the_signature_of_the_folder(report_bag, tmp_path):
    """An auditor needs no program of ours."""
    _sign(report_bag, tmp_path)

    subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER",
         "-in", "tagmanifest-sha256.txt.p7s", "-content", "tagmanifest-sha256.txt",
         "-CAfile", signers.authority().pem(tmp_path), "-out", tmp_path / "same.txt"],
        cwd=report_bag,
        check=True,
        capture_output=True,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_another_reader_calls_the_whole_report_signed(report_bag, tmp_path):
    """Poppler finds the signature valid and nothing outside of it."""
    _sign(report_bag, tmp_path)

    told = subprocess.run(
        ["pdfsig", "-nocert", report_bag / "data" / "report.pdf"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    assert "Total document signed" in told
    assert "Signature is Valid" in told
    assert "ETSI.CAdES.detached" in told


def test_a_timestamp_is_kept_and_trusted_by_its_authority(report_bag, tmp_path):
    """A third party confirms that the signatures were there."""
    with stamping.service() as url:
        signed = _sign(report_bag, tmp_path, timestamp_url=url)

    found = examine(report_bag, _anchors(tmp_path))
    assert {each.kind for each in signed.seals} == {"PAdES B-T", "CMS"}
    assert found.broken is None
    assert all(each.timestamp_trusted and each.timestamp.endswith("Z") for each in found.seals)


def test_a_certificate_that_expired_since_is_trusted_by_a_timestamp(
    report_bag, tmp_path, monkeypatch
):
    """It was there when the timestamp was given; without one, nobody can tell."""
    soon = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    now = dt.datetime.now(dt.UTC)
    assert now < soon, "the made-up certificate of this test has expired: move its end"
    signer = signers.issued("Brief Ben", end=soon)
    key = KeyFile(signer.p12(tmp_path, signers.authority().certificate))
    with stamping.service() as url:
        sign_bag(report_bag, key=key, ask=lambda _: signers.PASSPHRASE, timestamp_url=url)

    seen = []
    from reetrace.evidence import trust

    plain = trust._context

    def later(trusted, moment=None):
        seen.append(moment)
        return plain(trusted, moment or dt.datetime(2031, 1, 1, tzinfo=dt.UTC))

    monkeypatch.setattr(trust, "_context", later)
    found = examine(report_bag, _anchors(tmp_path))

    assert found.broken is None
    assert all(each.trusted for each in found.seals)
    assert any(seen)


@pytest.mark.parametrize("answer", ["refuses", "nonsense"])
def test_a_timestamp_service_that_fails_leaves_the_folder_unsigned(report_bag, tmp_path, answer):
    """No half-signed folder, and one line that says what to do."""
    before = _files(report_bag)

    with stamping.service(answer) as url, pytest.raises(SigningError, match="--timestamp-url"):
        _sign(report_bag, tmp_path, timestamp_url=url)

    assert _files(report_bag) == before


def test_a_timestamp_service_that_is_not_there_is_named(report_bag, tmp_path):
    """Nothing listens on port 1."""
    with pytest.raises(SigningError, match=r"--timestamp-url: http\S+ gave no timestamp"):
        _sign(report_bag, tmp_path, timestamp_url="http://127.0.0.1:1/")


def test_no_key_is_ever_made(report_bag):
    """A signature by nobody is worth nothing."""
    with pytest.raises(SigningError, match="no key was named"):
        sign_bag(report_bag, ask=_never)


def test_a_wrong_passphrase_is_said_in_one_line(report_bag, tmp_path):
    """And nothing is changed."""
    before = _files(report_bag)

    with pytest.raises(SigningError, match="does not open with this passphrase"):
        sign_bag(report_bag, key=_key(tmp_path), ask=lambda _: "close")

    assert _files(report_bag) == before


def test_a_key_without_a_passphrase_asks_for_none(bag, tmp_path):
    """Some keys lie in folders that are locked themselves."""
    plain = signers.issued("Ann Auditor").p12(tmp_path, passphrase="")

    sign_bag(bag, key=KeyFile(plain), ask=_never)

    assert examine(bag, Trust()).seals[0].signer == "Ann Auditor, Made Up"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no such file"),
        (b"no key at all", "is no PKCS#12 file"),
        (b"\0" * 2_000_000, "too large"),
    ],
)
def test_a_file_that_is_no_key_is_refused(bag, tmp_path, content, told):
    """One line, whatever it is."""
    path = tmp_path / "key.p12"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SigningError, match=told):
        sign_bag(bag, key=KeyFile(path), ask=lambda _: "x")


def test_a_locked_ssh_key_without_a_terminal_is_refused(bag, tmp_path, monkeypatch):
    """ssh-keygen asks on the terminal, and there is none."""
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/false")

    with pytest.raises(SigningError, match=r"--ssh-key: .* did not sign"):
        sign_bag(bag, ssh_key=signers.ssh_key(tmp_path, "locked"), ask=_never)


@pytest.mark.parametrize(
    "content", [None, b"no certificate", b"-----BEGIN CERTIFICATE-----\nAA==\n"]
)
def test_a_file_of_trust_that_is_none_is_refused(tmp_path, content):
    """A misspelt path must not end in trusting nobody."""
    path = tmp_path / "trust.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingError, match="--trust"):
        read_anchors([path])


def test_a_broken_folder_is_not_signed(report_bag, tmp_path):
    """A signature would vouch for what somebody else did to it."""
    (report_bag / "data" / "model.json").write_text("{}\n")

    with pytest.raises(EvidenceError, match=r"model\.json was changed"):
        _sign(report_bag, tmp_path)


def test_the_folder_before_signing_follows_from_the_signed_one(report_bag, tmp_path):
    """Whoever holds the signed folder alone can still tell the digest of the unsigned one."""
    before = hashlib.sha256((report_bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    _sign(report_bag, tmp_path)

    told = {each.link: each.told for each in examine(report_bag, Trust()).checks}

    assert before[:12] in told["unsigned"]


def test_another_digest_of_the_folder_before_is_found(report_bag, tmp_path):
    """A signer who claims to have signed something else is contradicted by the folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custody, "_tag_digest", lambda _: "0" * 64)
        _sign(report_bag, tmp_path)

    found = examine(report_bag, Trust())

    assert found.broken is not None
    assert found.broken.link == "unsigned"
