"""Functions of numbers, texts, lists and dictionaries."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from tests.standin.faults import Refused, Unmodelled
from tests.standin.reducers import Reducer
from tests.standin.registering import models

Number = int | float

_PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else 0,
    "max": max,
    "min": min,
    "mod": math.fmod,
    "pow": pow,
    "eq": lambda a, b: int(a == b),
    "neq": lambda a, b: int(a != b),
    "gt": lambda a, b: int(a > b),
    "gte": lambda a, b: int(a >= b),
    "lt": lambda a, b: int(a < b),
    "lte": lambda a, b: int(a <= b),
    "and": lambda a, b: int(bool(a) and bool(b)),
    "or": lambda a, b: int(bool(a) or bool(b)),
}


@models(*(f"Number.{name}" for name in _PAIRS))
def of_two(left: Number, right: Number, *, algorithm_name: str) -> Number:
    """A number of two."""
    answer: Number = _PAIRS[algorithm_name.removeprefix("Number.")](left, right)
    return answer


_SINGLES: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": lambda a: math.floor(a + 0.5),
    "sqrt": math.sqrt,
    "not": lambda a: int(not a),
    "int": math.trunc,
    "toInt": math.trunc,
    "long": math.trunc,
    "float": float,
    "double": float,
    "toFloat": float,
    "toDouble": float,
}


@models(*(f"Number.{name}" for name in _SINGLES))
def of_one(input_: Number, *, algorithm_name: str) -> Number:
    """A number of one."""
    answer: Number = _SINGLES[algorithm_name.removeprefix("Number.")](input_)
    return answer


@models("Number.parse")
def parse(input_: str, radix: int) -> Number:
    """A number of its digits."""
    try:
        return int(input_, radix)
    except ValueError:
        return float(input_)


@models("Number.format")
def format_number(number: Number, pattern: str) -> str:
    """A number in a printf pattern."""
    return pattern % number


@models("String")
def string(input_: Any) -> str:
    """A text."""
    if not isinstance(input_, str):
        raise Unmodelled(f"String of {input_!r}")
    return input_


@models("String.cat")
def joined(string1: str, string2: str) -> str:
    """One text after another."""
    return string1 + string2


@models("String.slice")
def sliced_text(string: str, start: int, end: int | None) -> str:
    """Part of a text."""
    return string[start:end]


@models("List.get", "List.getNumber", "List.getString")
def item(list_: list[Any], index: int) -> Any:
    """One element, counted from the end if negative."""
    if not -len(list_) <= index < len(list_):
        raise Refused(f"List.get: List index must be between 0 and {len(list_) - 1}, got {index}.")
    return list_[index]


@models("List.map")
def mapped(
    list_: list[Any],
    base_algorithm: Callable[[Any], Any],
    drop_nulls: bool,  # noqa: FBT001 - called by name
) -> list[Any]:
    """A function of each element."""
    answers = [base_algorithm(each) for each in list_]
    return [each for each in answers if each is not None] if drop_nulls else answers


@models("List.iterate")
def iterated(list_: list[Any], function: Callable[[Any, Any], Any], first: Any) -> Any:
    """A function of each element and of what came before."""
    answer = first
    for each in list_:
        answer = function(each, answer)
    return answer


@models("List.size", "List.length")
def size(list_: list[Any]) -> int:
    """How many."""
    return len(list_)


@models("List.slice")
def sliced(list_: list[Any], start: int, end: int | None, step: int | None) -> list[Any]:
    """Some of a list."""
    return list_[start:end:step]


@models("List.sequence")
def sequence(start: Number, end: Number | None, step: Number, count: int | None) -> list[Number]:
    """Numbers at equal steps, the end included."""
    if count is not None:
        raise Unmodelled("List.sequence of a count")
    if end is None:
        raise Refused("List.sequence: either end or count is needed.")
    steps = math.floor((end - start) / step + 1e-9)
    return [start + k * step for k in range(steps + 1)]


@models("List.zip")
def zipped(list_: list[Any], other: list[Any]) -> list[list[Any]]:
    """Pairs, as many as the shorter list has."""
    return [list(pair) for pair in zip(list_, other, strict=False)]


@models("List.add")
def added(list_: list[Any], element: Any) -> list[Any]:
    """One element more."""
    return [*list_, element]


@models("List.cat")
def concatenated(list_: list[Any], other: list[Any]) -> list[Any]:
    """One list after another."""
    return [*list_, *other]


@models("List.flatten")
def flattened(list_: list[Any]) -> list[Any]:
    """Elements of lists within the list, however deep."""
    return [
        inner for each in list_ for inner in (flattened(each) if isinstance(each, list) else [each])
    ]


@models("List.distinct")
def distinct(list_: list[Any]) -> list[Any]:
    """Each element once, where it first comes."""
    kept: list[Any] = []
    for each in list_:
        if each not in kept:
            kept.append(each)
    return kept


@models("List.sort")
def sorted_list(list_: list[Any]) -> list[Any]:
    """By rising value."""
    return sorted(list_)


@models("List.reverse")
def reversed_list(list_: list[Any]) -> list[Any]:
    """From the end to the start."""
    return list_[::-1]


@models("List.contains")
def contains(list_: list[Any], element: Any) -> bool:
    """Whether an element is there."""
    return element in list_


@models("List.indexOf")
def index_of(list_: list[Any], element: Any) -> int:
    """Where an element first comes, -1 where it does not."""
    return list_.index(element) if element in list_ else -1


@models("List.reduce")
def reduced(list_: list[Any], reducer: Reducer) -> Any:
    """The answer of a reducer of one output, or all of them by name."""
    import numpy as np

    if reducer.inputs != 1:
        raise Unmodelled("List.reduce with several inputs")
    answers = reducer.values([np.asarray(list_)], np.ones(len(list_)))
    if len(answers) == 1:
        return answers[0]
    return dict(zip(reducer.outputs, answers, strict=True))


@models("If")
def choose(condition: Any, true_case: Any, false_case: Any) -> Any:
    """One of two by a condition; the service evaluates both."""
    return true_case if condition else false_case


@models("String.encodeJSON")
def encode_json(object_: Any) -> str:
    """A value as text."""
    return json.dumps(object_, default=float)
