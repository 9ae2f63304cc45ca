"""What the page for strangers says is done here to the letter, without reetrace at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from reetrace.evidence.agreement.pages import blocks
from reetrace.evidence.keys import KeyFile
from reetrace.pipeline.custody import sign_bag
from tests.evidence import signers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verify-by-hand.md"

_TOOLS = ("sh", "cat", "cmp", "cut", "find", "head", "openssl", "sed", "sha256sum", "sort",
          "mkdir", "ssh-keygen", "test")  # fmt: skip

_POPPLER = "pdfdetach"
"""Named on the page as one way of two; its block is run where it is installed."""


def _commands() -> list[tuple[str, str]]:
    """(signature that is needed, commands) of every block that the page marks to be run."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- run(?:: (\w+))? -->\n```sh\n(.*?)```\n", text, flags=re.DOTALL)
    assert len(blocks) == len(re.findall(r"```sh", text)), "a block of the page is not run"
    there = [each for each in blocks if each[0] != "poppler" or shutil.which(_POPPLER)]
    return [(needs, commands) for needs, commands in there]


@pytest.fixture(scope="module")
def desk(sealed_with_report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with a signed bag, what the issuer handed over, and a few tools."""
    folder = tmp_path_factory.mktemp("desk")
    keys = tmp_path_factory.mktemp("keys")
    shutil.copytree(sealed_with_report, folder / "bag")
    ssh_key = signers.ssh_key(keys)
    sign_bag(
        folder / "bag",
        key=KeyFile(signers.issued("Ann Auditor").p12(keys, signers.authority().certificate)),
        ask=lambda _: signers.PASSPHRASE,
        ssh_key=ssh_key,
    )
    shutil.copyfile(signers.allowed_signers(ssh_key), folder / "allowed_signers")
    shutil.copyfile(signers.authority().pem(keys), folder / "issuer.pem")
    (folder / "tools").mkdir()
    for tool in _TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not installed"
        (folder / "tools" / tool).symlink_to(found)
    if found := shutil.which(_POPPLER):
        (folder / "tools" / _POPPLER).symlink_to(found)
    return folder


def _run(desk: Path, commands: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [desk / "tools" / "sh", "-e", "-c", commands],
        cwd=desk / "bag",
        env={"PATH": str(desk / "tools"), "HOME": str(desk), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("needs", "commands"), _commands())
def test_the_page_says_what_works(desk, needs, commands):
    """Each block, exactly as written; nothing of ours is on the path."""
    done = _run(desk, commands)

    assert done.returncode == 0, done.stdout + done.stderr
    assert not (desk / "tools" / "reetrace").exists()
    said = {"ssh": 'Good "file" signature for', "certificate": "CN ?= ?Ann Auditor|^$"}
    assert re.search(said.get(needs, ""), done.stdout + done.stderr)


def test_the_page_has_every_attached_file_compared(desk):
    """The attachments of the report are as many as lie in the folder's tables and outlines."""
    if not shutil.which(_POPPLER):
        pytest.skip("pdfdetach (poppler-utils) is not installed")
    (commands,) = (each for needs, each in _commands() if needs == "poppler")

    assert _run(desk, commands).returncode == 0

    data = desk / "bag" / "data"
    wanted = {"evidence.json", *(path.name for path in data.glob("tables/*.csv"))}
    wanted |= {path.name for path in data.glob("vectors/*.geojson")}
    assert {path.name for path in (desk / "attached").iterdir()} == wanted


def test_the_page_prints_the_digest_at_the_foot_of_the_report(desk):
    """The stranger compares these digits by eye."""
    printed = _run(desk, "sha256sum data/evidence.json").stdout[:64]

    with pikepdf.open(desk / "bag" / "data" / "report.pdf") as pdf:
        pages = {block.page for block in blocks(pdf) if printed in block.squeezed}
        assert pages == set(range(1, len(pdf.pages) + 1))


@pytest.mark.parametrize(
    "harm",
    [
        "data/tables/areas.csv",
        "data/report.pdf",
        "data/evidence.json",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "tagmanifest-sha256.txt.sig",
        "added",
        "link",
    ],
)
def test_the_page_finds_what_was_done(desk, tmp_path, harm):
    """At least one block of it fails for each harm."""
    spoilt = tmp_path / "desk"
    shutil.copytree(desk, spoilt, symlinks=True)
    bag = spoilt / "bag"
    if harm == "added":
        (bag / "data" / "extra.txt").write_text("more")
    elif harm == "link":
        (bag / "data" / "extra").symlink_to("/etc/hostname")
    else:
        content = bytearray((bag / harm).read_bytes())
        content[len(content) // 2] ^= 1
        (bag / harm).write_bytes(content)

    assert any(_run(spoilt, commands).returncode for _, commands in _commands())
