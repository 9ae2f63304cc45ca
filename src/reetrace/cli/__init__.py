"""The command line: each command parses, calls one library function and prints."""

from __future__ import annotations

import errno
import json
import sys

import typer

from reetrace.cli.doctor import doctor
from reetrace.cli.labels import labels_app
from reetrace.cli.reporting import render, report, run, verify
from reetrace.cli.scenes import scenes_app
from reetrace.cli.sites import sites_app
from reetrace.core.errors import ReetraceError

app = typer.Typer(
    name="reetrace",
    help=(
        "Evidence reports on rare-earth mines, from satellite imagery.\n\n"
        "Start here:  reetrace report --site mine-A --years 2005-2020"
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(report)
app.command()(run)
app.command()(render)
app.command()(verify)
app.add_typer(sites_app, name="sites")
app.add_typer(scenes_app, name="scenes")
app.add_typer(labels_app, name="labels")
app.command()(doctor)

_PLAIN_FAULTS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk is read-only",
    errno.EFBIG: "the file would be too large for this disk",
}


@app.callback(invoke_without_command=True)
def _top(
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),  # noqa: FBT003 - typer's way to name a flag's default
) -> None:
    if version:
        from reetrace import __version__

        typer.echo(f"reetrace {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; a user's mistake is one line and exit code 1, never a traceback."""
    try:
        app()
    except ReetraceError as fault:
        _stop(str(fault))
    except BrokenPipeError:
        # The reader of our output went away (`| head`); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        _stop("stopped. Nothing half-written was left; the same command goes on.", code=130)
    except OSError as fault:
        if fault.errno not in _PLAIN_FAULTS:
            raise
        where = f"{fault.filename}: " if fault.filename else ""
        _stop(f"{where}{_PLAIN_FAULTS[fault.errno]}. Make room or choose another folder.")


def _stop(message: str, *, code: int = 1) -> None:
    # One line, whatever a file name or a library's message may hold.
    plain = " ".join(message.split())
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": plain}, ensure_ascii=False))
    typer.echo(f"error: {plain}", err=True)
    sys.exit(code)
