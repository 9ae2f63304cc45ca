"""`sign`, `verify` and `reproduce`: the chain of custody of an evidence folder."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from reetrace.cli import engine_options, options
from reetrace.cli.console import notice, progress
from reetrace.core.errors import SigningError

PASSPHRASE_VARIABLE = "REETRACE_PASSPHRASE"  # noqa: S105 - the name of a variable, no secret

_CERTIFICATE = "Sign with a certificate: the report and the folder"
_SSH = "Sign with an SSH key: the folder"

P12 = Annotated[
    Path | None,
    typer.Option(
        "--p12",
        metavar="FILE",
        help="Your PKCS#12 file (.p12, .pfx) with key and certificate. Its passphrase is asked for "
        f"on the terminal, unless {PASSPHRASE_VARIABLE} or --passphrase-file holds it.",
        rich_help_panel=_CERTIFICATE,
    ),
]
Library = Annotated[
    Path | None,
    typer.Option(
        "--pkcs11-lib",
        metavar="FILE",
        help="Library of your token or smart card (PKCS#11), instead of --p12. Its PIN is asked "
        "for as a passphrase is. Needs reetrace[token].",
        rich_help_panel=_CERTIFICATE,
    ),
]
TokenLabel = Annotated[
    str | None,
    typer.Option("--token-label", help="Label of the token.", rich_help_panel=_CERTIFICATE),
]
KeyLabel = Annotated[
    str | None,
    typer.Option(
        "--key-label",
        help="Label of the key on the token, and of its certificate.",
        rich_help_panel=_CERTIFICATE,
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=f"File whose first line is the passphrase or PIN. (env: {PASSPHRASE_VARIABLE} holds "
        "the passphrase itself)",
        rich_help_panel=_CERTIFICATE,
    ),
]
TimestampUrl = Annotated[
    str | None,
    typer.Option(
        "--timestamp-url",
        metavar="URL",
        help="Timestamp service (RFC 3161) that confirms when you signed. It sees digests only.",
        rich_help_panel=_CERTIFICATE,
    ),
]
SshKey = Annotated[
    Path | None,
    typer.Option(
        "--ssh-key",
        metavar="FILE",
        help="Your private SSH key, or the public one of a key that an agent holds.",
        rich_help_panel=_SSH,
    ),
]
Again = Annotated[
    bool, typer.Option("--again", help="Take earlier signatures off first, then sign.")
]
TrustCertificates = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust",
        metavar="FILE",
        help="Certificate (PEM or DER) that the signer or their authority must lead up to; "
        "repeatable, for timestamps too.",
    ),
]
AllowedSigners = Annotated[
    Path | None,
    typer.Option(
        "--allowed-signers",
        metavar="FILE",
        help="SSH keys you trust, as ssh-keygen's ALLOWED SIGNERS lists them.",
    ),
]

Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        "--templates",
        metavar="NAME|FOLDER",
        help="Your own template, where the report was set with one. (default: the one that the "
        "report names, if it is a shipped one; env: REETRACE_TEMPLATES)",
    ),
]


def sign(
    *,
    bag: options.Bag,
    p12: P12 = None,
    pkcs11_lib: Library = None,
    token_label: TokenLabel = None,
    key_label: KeyLabel = None,
    passphrase_file: PassphraseFile = None,
    timestamp_url: TimestampUrl = None,
    ssh_key: SshKey = None,
    again: Again = False,
    as_json: options.Json = False,
) -> None:
    """Sign an evidence folder with your own key; none is ever made for you.

    Example:  reetrace sign reports/mine-A_2005-2020 --p12 issuer.p12
    """
    from reetrace.evidence.keys import KeyFile, Token
    from reetrace.pipeline.custody import sign_bag

    key: KeyFile | Token | None = KeyFile(p12) if p12 else None
    if pkcs11_lib or token_label or key_label:
        if key is not None or not (pkcs11_lib and token_label and key_label):
            raise SigningError(
                "--pkcs11-lib, --token-label and --key-label go together, and without --p12."
            )
        key = Token(pkcs11_lib, token_label, key_label)
    signed = sign_bag(
        bag,
        key=key,
        ask=lambda locked: _passphrase(locked, passphrase_file),
        ssh_key=ssh_key,
        timestamp_url=timestamp_url,
        again=again,
    )
    if as_json:
        typer.echo(json.dumps(signed.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in signed.lines():
            typer.echo(line)
    if signed.notice:
        notice(signed.notice)


def _passphrase(locked: str, file: Path | None) -> str:
    """From the file, else the environment, else the terminal; never from an argument."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as fault:
            raise SigningError(f"--passphrase-file: {file}: cannot be read.") from fault
        return lines[0] if lines else ""
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    if not sys.stdin.isatty():
        raise SigningError(
            f"{locked}: is locked, and there is no terminal to ask for its passphrase. Put it into "
            f"{PASSPHRASE_VARIABLE} or a file (--passphrase-file)."
        )
    asked: str = typer.prompt(f"Passphrase of {locked}", hide_input=True, err=True)
    return asked


def verify(
    *,
    bag: options.Bag,
    trust: TrustCertificates = None,
    allowed_signers: AllowedSigners = None,
    as_json: options.Json = False,
) -> None:
    """Check that an evidence folder is whole, unchanged, and says one thing throughout.

    Without --trust or --allowed-signers, signatures are checked, but not whose they are.

    Example:  reetrace verify reports/mine-A_2005-2020 --trust issuer.pem
    """
    from reetrace.evidence.trust import Trust, read_anchors
    from reetrace.pipeline.checking import examine

    found = examine(bag, Trust(read_anchors(trust or ()), allowed_signers))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    for line in () if as_json else found.lines():
        typer.echo(line)
    if found.notice:
        notice(found.notice)
    if found.broken is not None:
        typer.echo(f"error: {found.fault}", err=True)
        raise typer.Exit(1)


def reproduce(
    *,
    bag: options.Bag,
    scenes: options.Scenes = None,
    registry: options.Registry = None,
    templates: Template = None,
    project: engine_options.Project = None,
    key: engine_options.Key = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="FOLDER",
            help="Keep the second evidence folder in this folder. (default: it is thrown away)",
        ),
    ] = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Run the method again from what an evidence folder holds, and compare every byte.

    Its own order, sites, labels, list of images, language and shipped template are used. Exit
    code 1 where anything differs. What was made on Earth Engine is made again there.

    Example:  reetrace reproduce reports/mine-A_2005-2020 --scenes landsat
    """
    from reetrace.pipeline.reproducing import reproduce as run_again

    with progress(quiet=quiet or as_json) as follow:
        found = run_again(
            bag,
            scenes=scenes,
            registry=registry,
            templates=templates,
            project=project,
            key=key,
            keep=keep,
            progress=follow,
        )
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    for line in () if as_json else found.lines():
        typer.echo(line)
    if found.notice:
        notice(found.notice)
    if not found.equal:
        raise typer.Exit(1)
