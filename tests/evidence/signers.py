"""Keys and certificates of nobody, made for one run of the tests."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "open sesame"  # noqa: S105 - of a key of nobody

_BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Identity:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    def pem(self, folder: Path) -> Path:
        """The certificate in a file."""
        path = folder / f"{self.certificate.serial_number}.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def p12(self, folder: Path, *chain: x509.Certificate, passphrase: str = PASSPHRASE) -> Path:
        """Key, certificate and those above it in a file."""
        path = folder / "signer.p12"
        locked = (
            serialization.BestAvailableEncryption(passphrase.encode())
            if passphrase
            else serialization.NoEncryption()
        )
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"signer", self.key, self.certificate, chain or None, locked
            )
        )
        return path


@lru_cache
def authority(name: str = "Made-up Authority") -> Identity:
    """Somebody who issues certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Identity(key, _certificate(name, key, None, authority_itself=True))


@lru_cache
def issued(name: str, *, stamps: bool = False, end: dt.datetime = _END) -> Identity:
    """Somebody with a certificate from the authority."""
    # The timestamp service of the tests signs with RSA alone.
    key = (
        rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    )
    return Identity(key, _certificate(name, key, authority(), stamps=stamps, end=end))


def _certificate(
    name: str,
    key: Key,
    issuer: Identity | None,
    *,
    authority_itself: bool = False,
    stamps: bool = False,
    end: dt.datetime = _END,
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Made Up"),
        ]
    )
    above = issuer.certificate.subject if issuer else subject
    signing_key = issuer.key if issuer else key
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority_itself, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority_itself,
                content_commitment=not authority_itself,
                key_cert_sign=authority_itself,
                crl_sign=authority_itself,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(signing_key, hashes.SHA256())


def ssh_key(folder: Path, passphrase: str = "") -> Path:
    """A private SSH key; the public one lies beside it."""
    path = folder / "id_ed25519"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "nobody", "-f", path],
        check=True,
        capture_output=True,
    )
    return path


def allowed_signers(key: Path, principal: str = "auditor@example.org") -> Path:
    """A list that allows one key."""
    path = key.with_name("allowed_signers")
    public = key.with_name(f"{key.name}.pub").read_text()
    path.write_text(f'{principal} namespaces="file" {public}')
    return path
