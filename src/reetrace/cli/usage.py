"""A command that was not understood, in one line: typed, needed, where to look."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Literal

import typer

# What typer raises has public names for its ends alone; they lead to the ones between.
WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]
"""An option, argument or command that cannot be understood."""

Unasked: type[Exception] = typer.Abort
"""A question on the terminal that nobody answered."""


def is_value(fault: Any) -> bool:  # noqa: ANN401 - typer's class is not public
    """Whether the command was understood, but for a value: bad input as in any file."""
    return type(fault) is typer.BadParameter and getattr(fault, "param", None) is not None


def told(fault: Any, typed: Sequence[str]) -> str:  # noqa: ANN401 - typer's class is not public
    """One line for a command that was not understood; empty where its help was shown instead.

    Args:
        fault: A `WrongUsage`.
        typed: The words after `reetrace`.
    """
    context = fault.ctx
    path = context.command_path if context else "reetrace"
    pointer = f"`{path} --help` shows what there is."
    if type(fault).__name__ == "NoArgsIsHelpError":
        return ""
    if hasattr(fault, "possibilities"):
        return _unknown_option(fault.option_name, context, path, pointer)
    if is_value(fault):
        param = fault.param
        kind = kind_of(param)
        if kind in {"int", "float"}:
            return f"{path}: {_number(param, kind, typed)} {pointer}"
    said = fault.format_message().strip()
    if said.startswith("Got unexpected extra argument"):
        # What typer shows in brackets are the words themselves.
        said = f"does not take {said.partition('(s) ')[2].strip('()')!r}."
    said = said[:1].lower() + said[1:] + ("" if said.endswith((".", "?")) else ".")
    return f"{path}: {said} {pointer}" if context else said


def _unknown_option(name: str, context: Any, path: str, pointer: str) -> str:  # noqa: ANN401 - see above
    known = [each for param in context.command.params for each in param.opts if each[:2] == "--"]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"{path}: no such option: {name}.{hint} {pointer}"


def kind_of(param: Any) -> Literal["bool", "int", "float", "path", ""]:  # noqa: ANN401 - see above
    """What an option or argument takes; empty for words."""
    # Where versions of typer keep it.
    told = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    text = str(told if told is not None else getattr(param, "type", "")).casefold()
    kinds: tuple[Literal["bool", "int", "float", "path"], ...] = ("bool", "int", "float", "path")
    return next((each for each in kinds if each in text), "")


def range_of(param: Any) -> str:  # noqa: ANN401 - see above
    """` from 1 to 40`, ` of at least 0`; empty where any number will do."""
    home = param if hasattr(param, "min") else getattr(param, "type", None)
    low, high = getattr(home, "min", None), getattr(home, "max", None)
    if low is None:
        return ""
    return f" of at least {low:,}" if high is None else f" from {low:,} to {high:,}"


def _number(param: Any, kind: str, typed: Sequence[str]) -> str:  # noqa: ANN401 - see above
    """What was needed instead of what was typed behind an option."""
    needed = "a whole number" if kind == "int" else "a number"
    needed += f"{range_of(param)} is needed."
    if param.nargs > 1:
        needed = f"{param.nargs} numbers with a space between them are needed."
    name = max(param.opts, key=len)
    return f"{name} {_value(name, param.nargs, typed)!r}: {needed}"


def _value(name: str, words: int, typed: Sequence[str]) -> str:
    """What was typed behind an option: the last time, which is the one that counts."""
    for place in reversed(range(len(typed))):
        if typed[place].startswith(f"{name}="):
            return typed[place].partition("=")[2]
        if typed[place] == name:
            return " ".join(typed[place + 1 : place + 1 + words])
    return ""
