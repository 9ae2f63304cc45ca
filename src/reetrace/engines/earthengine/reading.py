"""Trees out of text: R's `rpart` format as Earth Engine, Smile, geemap and R itself write it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reetrace.core.errors import ServiceError

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_LINE = re.compile(
    rf"(?P<number>\d{{1,4000}})\)\s+"
    rf"(?:root|(?P<feature>[^\s<>=]+)\s*(?P<sign><=|>=|<|>)\s*(?P<value>{_NUMBER}))"
    rf"\s+\S+\s+\S+\s+(?P<label>{_NUMBER})"
    rf"(?:\s+\((?P<shares>[^()]*)\))?"
    rf"\s*(?P<star>\*)?"
)
_HEADING = re.compile(r"n\s*=\s*\d+.*|node\), split, n, .*|\* denotes terminal node")

_LARGEST = 65_535

# The other side of a split says the contrary of the first.
_CONTRARY = {"<=": ">", "<": ">=", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Leaf:
    """Where a path through a tree ends."""

    label: int
    """As printed: a class code, or a position among the classes."""
    likeliest: int | None
    """Position of the class with the greatest printed share; None without shares or in a tie."""


@dataclass(frozen=True)
class Split:
    """A question about one feature."""

    feature: str
    largest_left: int
    """Largest stored value that goes left, 0 to 65534."""
    left: Split | Leaf
    right: Split | Leaf


@dataclass(frozen=True)
class _Line:
    place: str
    number: int
    feature: str
    sign: str
    value: Decimal
    leaf: Leaf | None


def read_trees(texts: Sequence[str]) -> tuple[Split | Leaf, ...]:
    """Every tree of the texts, in order; one text may hold several.

    Splits that no stored integer can reach on one side are left out: nobody goes there.

    Raises:
        ServiceError: A line is not understood, or the lines are not a whole tree in depth-first
            order.
    """
    trees: list[Split | Leaf] = []
    for position, text in enumerate(texts, start=1):
        lines = list(_lines(text, f"tree text {position}"))
        starts = [at for at, line in enumerate(lines) if line.number == 1]
        if not starts or starts[0] != 0:
            raise _refusal(f"tree text {position}", "no root (node 1) to start from")
        ends = [*starts[1:], len(lines)]
        trees.extend(_tree(lines[start:end]) for start, end in zip(starts, ends, strict=True))
    return tuple(trees)


def _lines(text: str, place: str) -> Iterator[_Line]:
    for count, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if not stripped or _HEADING.fullmatch(stripped):
            continue
        here = f"{place}, line {count}"
        found = _LINE.fullmatch(stripped)
        if found is None or (found["feature"] is None) != (found["number"] == "1"):
            raise _refusal(here, f"{stripped[:60]!r} is no line of a tree")
        leaf = None
        if found["star"]:
            leaf = Leaf(_label(found["label"], here), _likeliest(found["shares"]))
        yield _Line(
            here,
            int(found["number"]),
            found["feature"] or "",
            found["sign"] or "",
            Decimal(found["value"] or 0),
            leaf,
        )


def _label(printed: str, place: str) -> int:
    label = Decimal(printed)
    if label != label.to_integral_value():
        raise _refusal(place, f"class {printed} is no whole number, so this is not a class tree")
    return int(label)


def _likeliest(printed: str | None) -> int | None:
    try:
        shares = [float(share) for share in (printed or "").split()]
    except ValueError:
        return None
    top = max(shares, default=0.0)
    return shares.index(top) if shares.count(top) == 1 else None


def _tree(lines: Sequence[_Line]) -> Split | Leaf:
    """One tree, put together from its last line to its first, so that children come before."""
    _check_order(lines)
    done: dict[int, tuple[_Line, Split | Leaf]] = {}
    for line in reversed(lines):
        if line.leaf is not None:
            done[line.number] = line, line.leaf
        else:
            left, right = done.pop(2 * line.number), done.pop(2 * line.number + 1)
            done[line.number] = line, _join(left, right)
    return done[1][1]


def _check_order(lines: Sequence[_Line]) -> None:
    """Whether the lines are a whole tree, depth first, left before right."""
    expected = [1]
    for line in lines:
        if not expected or line.number != expected[-1]:
            wanted = f"node {expected[-1]}" if expected else "the end of the tree"
            raise _refusal(line.place, f"node {line.number} stands where {wanted} was expected")
        expected.pop()
        if line.leaf is None:
            expected += [2 * line.number + 1, 2 * line.number]
    if expected:
        raise _refusal(lines[-1].place, f"the tree ends before node {expected[-1]}")


def _join(one: tuple[_Line, Split | Leaf], other: tuple[_Line, Split | Leaf]) -> Split | Leaf:
    (first, left), (second, right) = one, other
    same = (first.feature, first.value) == (second.feature, second.value)
    if not same or _CONTRARY[first.sign] != second.sign:
        raise _refusal(
            second.place, "its condition is not the contrary of the one on its sister's line"
        )
    sign = first.sign
    if sign.startswith(">"):
        left, right, sign = right, left, second.sign
    # Stored values are integers, so the threshold is the largest that still goes left.
    largest = math.floor(first.value) if sign == "<=" else math.ceil(first.value) - 1
    if largest < 0:
        return right
    if largest >= _LARGEST:
        return left
    return Split(first.feature, largest, left, right)


def _refusal(place: str, what: str) -> ServiceError:
    return ServiceError(
        f"Earth Engine's {place}: {what}. Train the forest on this computer instead "
        "(--trainer local), and report the line."
    )
