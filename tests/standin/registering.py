"""The functions that the stand-in models, by their canonical names."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tests.standin.faults import Unmodelled

F = TypeVar("F", bound=Callable[..., Any])

MODELLED: dict[str, Callable[..., Any]] = {}
"""Filled when the modules of functions are imported."""


_EXACT = {"maxError"}
"""Margins of error have no effect where shapes are followed exactly."""


def models(*names: str) -> Callable[[F], F]:
    """Says that a function models these algorithms; its parameters are theirs, in snake case."""

    def register(function: F) -> F:
        for name in names:
            if name in MODELLED:
                raise ValueError(f"{name} is modelled twice")
            MODELLED[name] = function
        return function

    return register


def parameter_name(argument: str) -> str:
    """An argument's name in Python: `bandSelectors` is `band_selectors`, `from` is `from_`."""
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", argument).lower()
    taken = keyword.iskeyword(name) or hasattr(builtins, name)
    return f"{name}_" if taken else name


def call(name: str, arguments: Mapping[str, Any], defaults: Mapping[str, Any]) -> Any:
    """Calls the model of an algorithm.

    Args:
        name: Canonical.
        arguments: All of them, by the service's names.
        defaults: What the optional ones are when they are left out.

    Raises:
        Unmodelled: There is no model, or it leaves out an argument that was given.
    """
    function = MODELLED.get(name)
    if function is None:
        raise Unmodelled(name)
    known = inspect.signature(function).parameters
    passed = {}
    for argument, value in arguments.items():
        parameter = parameter_name(argument)
        if parameter in known:
            passed[parameter] = value
        elif argument in _EXACT:
            continue
        elif argument not in defaults or value != defaults[argument]:
            raise Unmodelled(f"{name} with {argument} = {value!r}")
    if "algorithm_name" in known:
        passed["algorithm_name"] = name
    return function(**passed)
