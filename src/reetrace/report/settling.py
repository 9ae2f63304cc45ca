"""Where a page ends: no heading alone at its foot, no half page left white by a tall figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LEAST_ROWS = 3
"""Rows of a table, its head included, that must fit before it may begin on a page."""

_ROUNDING = 1.0


def settle(flowables: list[Any], *, width: float, room: float) -> bool:
    """Looks at what comes next and at the room left on the page.

    A figure that does not fit lets what follows it in its section go first. Flowables carry a
    `part` (`heading`, `figure`, `table` or `text`) and a `group` that stays together.

    Args:
        flowables: Still to be set; changed in place where something is moved forward.
        width: Of the text, in points.
        room: Height left on the page, in points.

    Returns:
        Whether a new page should begin first.
    """
    first = flowables[0]
    part = getattr(first, "part", "")
    if part == "heading":
        return _needed_by_heading(flowables, width) > room
    if part == "table" and not _is_grid(first):
        return _least(flowables, 0, width) > room
    if part == "figure" and _least(flowables, 0, width) > room:
        _move_forward(flowables, width, room)
    elif part == "figure":
        first.grow(_growth(flowables, width, room))
    return False


def _growth(flowables: list[Any], width: float, room: float) -> float:
    """By how much the figure that comes next had better be drawn taller, or lower."""
    figure, *rest = flowables
    left = room - float(figure.usual_height(width)) - _ROUNDING
    if left < 0:
        return left
    spare = float(figure.spare(width)) - _ROUNDING
    lacking = _needed_by_next(rest, width) - left
    parted = _height_of_table(rest, width) - left
    # A little lower, if that brings what follows onto the page, or keeps a table in one piece.
    if 0 < parted < spare:
        return -parted - _ROUNDING
    if 0 < lacking < spare:
        return -lacking - _ROUNDING
    return left if lacking > 0 else 0.0


def _height_of_table(flowables: list[Any], width: float) -> float:
    """Height of the table that comes next, with its title; 0 where none does."""
    if not flowables or getattr(flowables[0], "part", "") != "table":
        return 0.0
    group = getattr(flowables[0], "group", None)
    return sum(_height(each, width) for each in flowables if getattr(each, "group", None) == group)


def _needed_by_next(flowables: list[Any], width: float) -> float:
    """Room without which the page ends here, whatever may go first; none at the end."""
    rest = [each for each in flowables if getattr(each, "part", "") != "space"]
    if not rest or not hasattr(rest[0], "part"):
        return 0.0
    if rest[0].part == "heading":
        return _needed_by_heading(rest, width)
    movable = _movable(rest, 0, width) if rest[0].part == "figure" else None
    needed = _least(rest, 0, width)
    return needed if movable is None else min(needed, _least(rest, movable, width))


def _needed_by_heading(flowables: Sequence[Any], width: float) -> float:
    """Room for a heading, the words beneath it and the beginning of what they lead to."""
    total = 0.0
    for index, each in enumerate(flowables):
        part = getattr(each, "part", "")
        if part in {"heading", "text", "space"} and not _is_grid(each):
            if part == "heading" and index and each.outline_level == 0:
                break
            total += _height(each, width)
            if part == "text" and total > _ENOUGH:
                break
            continue
        if part == "figure" and _movable(flowables, index, width) is not None:
            movable = _movable(flowables, index, width) or 0
            return total + min(_least(flowables, index, width), _least(flowables, movable, width))
        return total + _least(flowables, index, width)
    return total


_ENOUGH = 90.0
"""Points of words beneath a heading that look well at the foot of a page by themselves."""


def _move_forward(flowables: list[Any], width: float, room: float) -> None:
    start = _movable(flowables, 0, width)
    if start is None or _least(flowables, start, width) > room:
        return
    end = start + 1
    group = getattr(flowables[start], "group", None)
    while end < len(flowables) and getattr(flowables[end], "group", None) == group:
        end += 1
    block = flowables[start:end]
    del flowables[start:end]
    flowables[0:0] = block


def _movable(flowables: Sequence[Any], figure: int, width: float) -> int | None:
    """Index of the first text or table behind a figure, before the next heading."""
    del width
    for index in range(figure + 1, len(flowables)):
        part = getattr(flowables[index], "part", "")
        if part == "heading" or not part:
            return None
        if part in {"table", "text"}:
            return index
    return None


def _least(flowables: Sequence[Any], index: int, width: float) -> float:
    """Room that must be there for a block to begin."""
    first = flowables[index]
    if getattr(first, "part", "") == "figure":
        return float(first.least_height(width)) + _ROUNDING
    total = 0.0
    group = getattr(first, "group", None)
    for each in flowables[index:]:
        if getattr(each, "group", None) != group:
            break
        if _is_grid(each):
            each.wrap(width, 10_000)
            rows = getattr(each, "least_rows", _LEAST_ROWS)
            return total + float(sum(each._rowHeights[:rows]))  # noqa: SLF001 - no other way
        total += _height(each, width)
    return total


def _is_grid(flowable: Any) -> bool:  # noqa: ANN401 - any flowable
    return hasattr(flowable, "_rowHeights")


def _height(flowable: Any, width: float) -> float:  # noqa: ANN401 - any flowable
    _, height = flowable.wrap(width, 10_000)
    return float(height + flowable.getSpaceBefore() + flowable.getSpaceAfter())
