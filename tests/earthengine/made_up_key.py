"""A service account's key that opens nothing but the loopback server."""

from __future__ import annotations

import functools
import json
from pathlib import Path

EMAIL = "robot-7@reetrace-test.iam.gserviceaccount.com"
KEY_ID = "0123456789abcdef0123456789abcdef01234567"
KEYS_PROJECT = "keys-own-project"


@functools.cache
def private_key() -> str:
    """Made anew for each run of the tests."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def write_key(file: Path, token_uri: str) -> Path:
    """The key as Google's console would give it."""
    document = {
        "type": "service_account",
        "project_id": KEYS_PROJECT,
        "private_key_id": KEY_ID,
        "private_key": private_key(),
        "client_email": EMAIL,
        "client_id": "123456789012345678901",
        "token_uri": token_uri,
    }
    file.write_text(json.dumps(document), "utf-8")
    return file


def secrets() -> tuple[str, ...]:
    """What may be read nowhere."""
    lines = private_key().splitlines()
    return (EMAIL, "robot-7", KEY_ID, "PRIVATE KEY", lines[1], lines[-2], "ya29.", "eyJ")
