"""Keys that sign: the user's own, from a PKCS#12 file or a PKCS#11 token; never one made here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import SigningError

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

Ask = Callable[[str], str]
"""Given what is locked, its passphrase; only called when one is needed."""

LARGEST_KEY_BYTES = 1024 * 1024


@dataclass(frozen=True)
class KeyFile:
    """A PKCS#12 file (`.p12`, `.pfx`): key, certificate and the chain above it."""

    path: Path


@dataclass(frozen=True)
class Token:
    """A key that stays on its token."""

    library: Path
    """The PKCS#11 library that came with the token."""
    token_label: str
    key_label: str
    """Of the key and of its certificate."""


@contextmanager
def opened(key: KeyFile | Token, ask: Ask) -> Iterator[Signer]:
    """The key, ready to sign.

    Raises:
        SigningError: It is not there, locked, or has no certificate.
    """
    if isinstance(key, KeyFile):
        yield _from_file(key.path, ask)
        return
    with _from_token(key, ask) as signer:
        yield signer


def _from_file(path: Path, ask: Ask) -> Signer:
    from pyhanko.sign.signers import SimpleSigner

    content = _read(path)
    passphrase: bytes | None = None
    if not _opens(content, passphrase):
        passphrase = ask(str(path)).encode("utf-8")
        if not _opens(content, passphrase):
            raise SigningError(
                f"{path}: does not open with this passphrase, or is no PKCS#12 file. "
                "Try again, or name another file with --p12."
            )
    found: Signer = SimpleSigner.load_pkcs12_data(content, other_certs=(), passphrase=passphrase)
    return found


def _opens(content: bytes, passphrase: bytes | None) -> bool:
    """Whether a PKCS#12 file opens; one without key or certificate is refused."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, passphrase)
    except (ValueError, TypeError):
        return False
    if key is None or certificate is None:
        raise SigningError(
            "--p12: the file holds no key with its certificate. Export both into one file."
        )
    return True


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise SigningError(f"--p12: {path}: no such file. Name your PKCS#12 file.")
        if path.stat().st_size > LARGEST_KEY_BYTES:
            raise SigningError(
                f"--p12: {path}: is far too large for a key. Name your PKCS#12 file."
            )
        return path.read_bytes()
    except OSError as fault:
        raise SigningError(f"--p12: {path}: cannot be read ({fault.strerror}).") from fault


@contextmanager
def _from_token(key: Token, ask: Ask) -> Iterator[Signer]:
    try:
        import pkcs11
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as fault:
        raise SigningError(
            "--pkcs11-lib: the package python-pkcs11 is not installed. Run "
            "`pip install 'reetrace[token]'`, or sign with --p12."
        ) from fault
    if not key.library.is_file():
        raise SigningError(
            f"--pkcs11-lib: {key.library}: no such file. Name the library that came with the token."
        )
    pin = ask(f"token {key.token_label}")
    try:
        with open_pkcs11_session(
            str(key.library), token_criteria=TokenCriteria(label=key.token_label), user_pin=pin
        ) as session:
            labels: dict[str, Any] = {"cert_label": key.key_label, "key_label": key.key_label}
            certificate = PKCS11Signer(session, **labels).signing_cert
            # Elliptic curves: many tokens sign a digest, and cannot make it.
            raw = certificate is not None and certificate.public_key.algorithm == "ec"
            yield PKCS11Signer(session, **labels, use_raw_mechanism=raw)
    except pkcs11.exceptions.PinIncorrect as fault:
        raise SigningError(
            f"--token-label {key.token_label}: the token refused this PIN. Tokens lock themselves "
            "after a few wrong ones."
        ) from fault
    except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as fault:
        raise SigningError(
            f"--pkcs11-lib: token {key.token_label}, key {key.key_label}: "
            f"{str(fault) or type(fault).__name__}. Check both labels with the token's own program."
        ) from fault


def timestamper(url: str | None) -> TimeStamper | None:
    """The timestamp service at an address (RFC 3161), seen to answer; None where none is asked.

    Raises:
        SigningError: It is no address of the web, or what answers there gives no timestamps.
    """
    if url is None:
        return None
    if not url.startswith(("http://", "https://")):
        raise SigningError(
            f"--timestamp-url: {url!r} is no address of the web. It begins with https://."
        )
    import asyncio

    from pyhanko.sign.timestamps import HTTPTimeStamper

    service: TimeStamper = HTTPTimeStamper(url, timeout=30)
    try:
        # Asked once with a made-up digest, as signing does to learn the size of an answer.
        asyncio.run(service.async_dummy_response("sha256"))
    except Exception as fault:
        # Whatever answers there may send anything, and the library takes it as it comes.
        raise SigningError(
            f"--timestamp-url: {url} gave no timestamp ({_plain(fault)}). Nothing was signed. Try "
            "again, name another service, or leave it out."
        ) from fault
    return service


def _plain(fault: Exception) -> str:
    return " ".join(str(fault).split())[:200] or type(fault).__name__
