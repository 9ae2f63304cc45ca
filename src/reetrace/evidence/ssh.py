"""A signature over the manifest of tags that `ssh-keygen` makes and checks, beside it."""

from __future__ import annotations

import base64
import binascii
import re
import subprocess
from pathlib import Path

from reetrace.core.errors import EvidenceError, SettingError, SigningError
from reetrace.evidence.trust import Seal, Trust

NAMESPACE = "file"
"""What ssh-keygen's manual has for signed files, so that a stranger guesses it."""

LARGEST_BYTES = 64 * 1024

_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)-----END SSH SIGNATURE-----\n"
)
_GOOD = re.compile(r'Good "file" signature with (\S+) key (SHA256:\S+)')
_COLUMNS = 70


def sign_file(path: Path, key: Path) -> None:
    """Writes `<path>.sig` with a user's SSH key; ssh-keygen itself asks for its passphrase.

    Raises:
        SigningError: ssh-keygen is missing, or the key did not sign.
    """
    if not key.is_file():
        raise SigningError(f"--ssh-key: {key}: no such file. Name your SSH key.")
    done = _run("-Y", "sign", "-f", str(key.absolute()), "-n", NAMESPACE, str(path))
    if done.returncode or not path.with_name(f"{path.name}.sig").is_file():
        raise SigningError(f"--ssh-key: {key}: did not sign ({_said(done)}).")


def check_file(content: bytes, signature: Path, trust: Trust) -> Seal:
    """What a signature says.

    Args:
        content: What was signed.
        signature: The file beside it.
        trust: Whom the reader trusts.

    Raises:
        EvidenceError: It cannot be read, or does not fit.
        SettingError: The list of allowed signers cannot be used.
    """
    _refuse_unusual(signature)
    signed_by = _run("-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(signature), given=content)
    found = _GOOD.search(signed_by.stdout)
    if signed_by.returncode or not found:
        raise EvidenceError(
            f"{signature.name}: the signature is of other content, or not made with the key it "
            f"names ({_said(signed_by)})."
        )
    key = f"{found.group(1)} key {found.group(2)}"
    if trust.allowed_signers is None:
        return Seal("SSH", key, None)
    allowed = _allowed(trust.allowed_signers)
    named = _run("-Y", "find-principals", "-f", allowed, "-s", str(signature))
    for name in named.stdout.splitlines() if not named.returncode else ():
        options = ("-f", allowed, "-I", name, "-n", NAMESPACE, "-s", str(signature))
        if not _run("-Y", "verify", *options, given=content).returncode:
            return Seal("SSH", f"{name}, {key}", trusted=True)
    return Seal("SSH", key, trusted=False, why_not=f"{trust.allowed_signers} does not allow it")


def _refuse_unusual(signature: Path) -> None:
    """Refuses any spelling but ssh-keygen's own: no byte may change unseen."""
    if signature.stat().st_size > LARGEST_BYTES:
        raise EvidenceError(f"{signature.name}: is far too large for a signature.")
    content = signature.read_bytes()
    found = _ARMOUR.fullmatch(content)
    try:
        inner = (
            base64.b64decode(found.group(1).replace(b"\n", b""), validate=True) if found else b""
        )
    except binascii.Error:
        inner = b""
    text = base64.b64encode(inner)
    lines = b"".join(text[at : at + _COLUMNS] + b"\n" for at in range(0, len(text), _COLUMNS))
    if not found or lines != found.group(1):
        raise EvidenceError(f"{signature.name}: is no signature as ssh-keygen writes it.")


def _allowed(path: Path) -> str:
    if not path.is_file():
        raise SettingError(
            f"--allowed-signers: {path}: no such file. Name a list as ssh-keygen reads it."
        )
    return str(path.absolute())


def _run(*arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[str]:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every argument is ours or a path
            ["ssh-keygen", *arguments],  # noqa: S607 - wherever the user's OpenSSH lies
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as fault:
        raise SigningError(
            "ssh-keygen: is not installed. Install OpenSSH (openssh-client) for SSH signatures."
        ) from fault
    return subprocess.CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
    )


def _said(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return lines[-1].rstrip(".\r") if lines else f"exit code {done.returncode}"
