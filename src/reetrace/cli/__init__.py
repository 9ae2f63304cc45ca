"""The command line: each command parses, calls one library function and prints."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType


class _Stopped(BaseException):
    """A signal asked the program to end; typer would let KeyboardInterrupt end it wordlessly."""


def _stop_at_signal(number: int, _frame: FrameType | None) -> None:
    raise _Stopped(number)


def main() -> None:
    """Run the command line; a user's mistake is one line, never a traceback.

    Exit codes: 0 done; 1 a value is wrong, it could not be done, or something was found wrong; 2
    the command itself was not understood; 130 and 143 stopped by Ctrl-C or a kill.
    """
    with _signals():
        try:
            # Loaded here, where somebody answers for a Ctrl-C; so this module itself loads little.
            _run()
        except _Stopped as stopped:
            # What goes on elsewhere is noted where the signal was met.
            notes = getattr(stopped, "__notes__", ["The same command starts anew."])
            _stop(
                " ".join(["stopped. Nothing half-written was left.", *notes]),
                code=128 + int(stopped.args[0]),
            )


def _run() -> None:
    from reetrace.cli.commands import command_line
    from reetrace.cli.usage import Unasked, WrongUsage, is_value, told
    from reetrace.core.errors import ReetraceError
    from reetrace.core.faults import OUT_OF_MEMORY, plain_fault

    _print_anything()
    # What it remarks on a cache of its own is nothing that whoever asked for a report can use.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        code = command_line()(prog_name="reetrace", standalone_mode=False)
    except WrongUsage as fault:
        _stop(told(fault, sys.argv[1:]), code=1 if is_value(fault) else 2)
    except Unasked:
        _stop("no answer came. Nothing was changed.")
    except ReetraceError as fault:
        _stop(str(fault))
    except BrokenPipeError:
        # The reader of our output went away (`| head`); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except MemoryError:
        _stop(OUT_OF_MEMORY)
    except OSError as fault:
        plain = plain_fault(fault)
        if plain is None:
            raise
        _stop(plain)
    else:
        sys.exit(code if isinstance(code, int) else 0)


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


def _print_anything() -> None:
    """A terminal or pipe that has no letter for a name shows its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _stop(message: str, *, code: int = 1) -> None:
    # One line without escape codes, whatever a file name or a library's message may hold.
    plain = " ".join("".join(each if each.isprintable() else " " for each in message).split())
    if not plain:
        sys.exit(code)
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": plain}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"error: {plain}\n")
    sys.exit(code)
