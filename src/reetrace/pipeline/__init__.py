"""The whole method, seen at once: the only place that knows every stage."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reetrace.pipeline.method import trace
    from reetrace.pipeline.order import Order, Outcome, carry_out, render_bag
    from reetrace.pipeline.plan import Choices

__all__ = ["Choices", "Order", "Outcome", "carry_out", "render_bag", "trace"]

_HOMES = {
    "Choices": "plan",
    "Order": "order",
    "Outcome": "order",
    "carry_out": "order",
    "render_bag": "order",
    "trace": "method",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"reetrace.pipeline.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
