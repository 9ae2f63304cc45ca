"""`sign`, `verify` and `reproduce` as a user runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from reetrace import evidence
from reetrace.core.evidence import SIMULATED_NOTICE
from tests import made_up
from tests.evidence import signers
from tests.running import reetrace, succeed

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag without documents, and keys beside it; no test may change them."""
    folder = tmp_path_factory.mktemp("custody")
    with evidence.draft(folder / "bag") as draft:
        evidence.seal(draft, made_up.made_up_bag(draft, made_up.single_epoch()))
    signers.issued("Ann Auditor").p12(folder, signers.authority().certificate)
    signers.authority().pem(folder).rename(folder / "issuer.pem")
    signers.allowed_signers(signers.ssh_key(folder))
    (folder / "passphrase").write_text(f"{signers.PASSPHRASE}\n")
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(whole, tmp_path / "custody"))


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.splitlines()
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]


def test_a_folder_is_signed_and_then_trusted(folder):
    """The passphrase comes from the environment; verify names who signed."""
    told = succeed("sign", "bag", "--p12", "signer.p12", "--ssh-key", "id_ed25519", folder=folder,
                   REETRACE_PASSPHRASE=signers.PASSPHRASE)  # fmt: skip
    assert "CMS by Ann Auditor, Made Up" in told

    told = succeed("verify", "bag", folder=folder)
    assert "intact, signer not trusted by you" in told
    assert "bag: whole." in told

    told = succeed("verify", "bag", "--trust", "issuer.pem", "--allowed-signers",
                   "allowed_signers", folder=folder)  # fmt: skip
    assert "CMS by Ann Auditor, Made Up: trusted" in told
    assert "SSH by auditor@example.org" in told


def test_the_passphrase_may_lie_in_a_file(folder):
    """For machines that sign at night; --json says what was signed."""
    told = json.loads(succeed("sign", "bag", "--p12", "signer.p12", "--passphrase-file",
                              "passphrase", "--json", folder=folder))  # fmt: skip

    assert [each["file"] for each in told["signatures"]] == ["tagmanifest-sha256.txt.p7s"]
    assert told["signatures"][0]["signer"] == "Ann Auditor, Made Up"


def test_a_locked_key_without_a_terminal_is_one_line(folder):
    """Nothing is asked where nobody can answer."""
    done = reetrace("sign", "bag", "--p12", "signer.p12", folder=folder)

    assert "there is no terminal to ask for its passphrase" in _one_line(done)


def test_signing_without_a_key_is_one_line(folder):
    """None is ever made."""
    assert "no key was named" in _one_line(reetrace("sign", "bag", folder=folder))


def test_half_of_a_token_is_one_line(folder):
    """Library, token and key are named together."""
    done = reetrace("sign", "bag", "--pkcs11-lib", "x.so", folder=folder)

    assert "go together" in _one_line(done)


def test_a_token_without_its_package_is_one_line(folder):
    """The package is an extra that most do without."""
    (folder / "pkcs11.py").write_text("raise ImportError('not here')\n")

    done = reetrace("sign", "bag", "--pkcs11-lib", "x.so", "--token-label", "t", "--key-label",
                    "k", folder=folder, PYTHONPATH=str(folder))  # fmt: skip

    assert "pip install 'reetrace[token]'" in _one_line(done)


def test_a_token_whose_library_is_not_there_is_one_line(folder):
    """A misspelt path."""
    done = reetrace("sign", "bag", "--pkcs11-lib", "x.so", "--token-label", "t", "--key-label",
                    "k", folder=folder)  # fmt: skip

    assert "x.so: no such file" in _one_line(done)


@pytest.mark.skipif(not SOFTHSM.is_file(), reason="softhsm2 is not installed")
def test_a_key_on_a_token_signs(folder):
    """A token of software alone stands for one of hardware: the key never leaves it."""
    config = folder / "softhsm2.conf"
    (folder / "tokens").mkdir()
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    at = {"SOFTHSM2_CONF": str(config)}
    _fill_token(folder, at)

    card = ("--pkcs11-lib", SOFTHSM, "--token-label", "card", "--key-label")
    pin, wrong = {"REETRACE_PASSPHRASE": "1234"}, {"REETRACE_PASSPHRASE": "9999"}

    told = succeed("sign", "bag", *card, "signer", folder=folder, **pin, **at)
    assert "CMS by Ann Auditor, Made Up" in told
    succeed("verify", "bag", "--trust", "issuer.pem", folder=folder)

    done = reetrace("sign", "bag", "--again", *card, "signer", folder=folder, **wrong, **at)
    assert "refused this PIN" in _one_line(done)
    done = reetrace("sign", "bag", "--again", *card, "other", folder=folder, **pin, **at)
    assert "key other" in _one_line(done)


def _fill_token(folder: Path, at: dict[str, str]) -> None:
    """Put key and certificate on a token, as its owner's own program would."""
    signer = signers.issued("Ann Auditor")
    (folder / "key.pem").write_bytes(
        signer.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    der = signer.certificate.public_bytes(serialization.Encoding.DER)
    everywhere = {**os.environ, **at}
    for command in (
        ["--init-token", "--free", "--label", "card", "--pin", "1234", "--so-pin", "4321"],
        ["--import", str(folder / "key.pem"), "--token", "card", "--label", "signer", "--id", "01",
         "--pin", "1234"],
    ):  # fmt: skip
        subprocess.run(["softhsm2-util", *command], env=everywhere, check=True, capture_output=True)
    script = (
        "import sys, pkcs11\n"
        f"token = pkcs11.lib({str(SOFTHSM)!r}).get_token(token_label='card')\n"
        "with token.open(user_pin='1234', rw=True) as session:\n"
        "    session.create_object({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,\n"
        "        pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,\n"
        "        pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: 'signer',\n"
        "        pkcs11.Attribute.ID: b'\\x01', pkcs11.Attribute.SUBJECT: b'',\n"
        "        pkcs11.Attribute.VALUE: sys.stdin.buffer.read()})\n"
    )
    subprocess.run(
        [sys.executable, "-c", script], env=everywhere, input=der, check=True, capture_output=True
    )


def test_a_changed_folder_is_one_line_and_a_list_of_checks(folder):
    """Exit code 1, the first broken link by name; --json has every check."""
    (folder / "bag" / "data" / "model.json").write_text("{}\n")

    done = reetrace("verify", "bag", folder=folder)
    assert "data/model.json was changed" in _one_line(done)
    assert "First broken link: files." in _one_line(done)

    done = reetrace("verify", "bag", "--json", folder=folder)
    told = json.loads(done.stdout)
    assert (done.returncode, told["whole"], told["broken"]) == (1, False, "files")
    assert [each["link"] for each in told["checks"]][:4] == [
        "folder",
        "signatures",
        "tag files",
        "files",
    ]


def test_naming_whom_one_trusts_asks_for_a_signature(folder):
    """An unsigned folder must not pass for a signed one."""
    done = reetrace("verify", "bag", "--trust", "issuer.pem", folder=folder)

    assert "not signed with a certificate" in _one_line(done)


def test_a_file_of_trust_that_is_not_there_is_one_line(folder):
    """It must not end in trusting nobody."""
    done = reetrace("verify", "bag", "--trust", "nope.pem", folder=folder)

    assert "nope.pem: cannot be read" in _one_line(done)


def test_the_notice_of_drawn_images_stands_beside_a_sound_chain(tmp_path):
    """Whole and signed does not mean that it is evidence."""
    with evidence.draft(tmp_path / "bag") as draft:
        full = made_up.simulated(made_up.made_up_evidence())
        evidence.seal(draft, made_up.made_up_bag(draft, full))

    done = reetrace("verify", "bag", folder=tmp_path)

    assert done.returncode == 0
    assert SIMULATED_NOTICE in done.stderr


def test_a_folder_that_cannot_be_made_again_is_one_line(folder):
    """It says what is missing."""
    assert "data/inputs/run.json" in _one_line(reetrace("reproduce", "bag", folder=folder))
