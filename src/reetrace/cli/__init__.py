"""The command line: each command parses, calls one library function and prints."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from reetrace.cli.custody import reproduce, sign, verify
from reetrace.cli.doctor import doctor
from reetrace.cli.labels import labels_app
from reetrace.cli.map import map_
from reetrace.cli.publishing import publish
from reetrace.cli.reporting import render, report, run
from reetrace.cli.scenes import scenes_app
from reetrace.cli.sites import sites_app
from reetrace.cli.templates import templates_app
from reetrace.core.errors import ReetraceError
from reetrace.core.faults import OUT_OF_MEMORY, plain_fault

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
app.command()(publish)
app.command()(sign)
app.command()(verify)
app.command()(reproduce)
app.command("map")(map_)
app.add_typer(sites_app, name="sites")
app.add_typer(scenes_app, name="scenes")
app.add_typer(labels_app, name="labels")
app.add_typer(templates_app, name="templates")
app.command()(doctor)


class _Stopped(BaseException):
    """A signal asked the program to end; typer would let KeyboardInterrupt end it wordlessly."""


def _stop_at_signal(number: int, _frame: FrameType | None) -> None:
    raise _Stopped(number)


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
    with _signals():
        try:
            app()
        except ReetraceError as fault:
            _stop(str(fault))
        except BrokenPipeError:
            # The reader of our output went away (`| head`); there is nobody left to tell.
            sys.stderr.close()
            sys.exit(0)
        except _Stopped as stopped:
            # What goes on elsewhere is noted where the signal was met.
            notes = getattr(stopped, "__notes__", ["The same command starts anew."])
            _stop(
                " ".join(["stopped. Nothing half-written was left.", *notes]),
                code=128 + int(stopped.args[0]),
            )
        except MemoryError:
            _stop(OUT_OF_MEMORY)
        except OSError as fault:
            told = plain_fault(fault)
            if told is None:
                raise
            _stop(told)


@contextmanager
def _signals() -> Iterator[None]:
    """Ctrl-C and a polite kill end the work in order; who ignores them, as `nohup` does, may."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    ours = threading.current_thread() is threading.main_thread()
    for each, handler in before.items():
        if ours and handler is not signal.SIG_IGN:
            signal.signal(each, _stop_at_signal)
    try:
        yield
    finally:
        for each, handler in before.items():
            if ours:
                signal.signal(each, handler)


def _stop(message: str, *, code: int = 1) -> None:
    # One line without escape codes, whatever a file name or a library's message may hold.
    plain = " ".join("".join(each if each.isprintable() else " " for each in message).split())
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": plain}, ensure_ascii=False))
    typer.echo(f"error: {plain}", err=True)
    sys.exit(code)
