"""What a run that is stopped had finished by then: whole evidence folders, which stay."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reetrace import evidence
from reetrace.core.errors import ReetraceError
from reetrace.pipeline.order import Order
from reetrace.pipeline.publication import SUFFIX
from reetrace.registry import load_registry


@contextmanager
def finished_noted(orders: Sequence[Order]) -> Iterator[None]:
    """Whoever stops the work in this block hears which evidence was finished, and what is left.

    It is looked for on the disk: a site may be finished and its process stopped before it tells.

    Args:
        orders: Alike but for the site.
    """
    reports = orders[0].settings.reports
    before = _folders(reports)
    try:
        yield
    except BaseException as stop:
        if not isinstance(stop, Exception):
            for note in _notes(orders, reports, before):
                stop.add_note(note)
        raise


def _folders(reports: Path) -> dict[str, int]:
    """Names of folders; a folder that took the place of another has another number."""
    with suppress(OSError), os.scandir(reports) as found:
        return {each.name: each.inode() for each in found if each.name[:1] != "."}
    return {}


def _notes(orders: Sequence[Order], reports: Path, before: Mapping[str, int]) -> Iterator[str]:
    made = {
        name
        for name, number in _folders(reports).items()
        if before.get(name) != number and evidence.is_ours(reports / name)
    }
    finished: list[str] = []
    left: list[str] = []
    for order in orders:
        names = _of_site(order, made)
        finished += (str(reports / name) for name in names)
        if len(names) < (2 if order.edition == "public" else 1):
            left.append(order.site)
    if finished:
        yield f"Finished by then: {', '.join(finished)}."
    if finished and left:
        alone = f"with {' '.join(f'--site {site}' for site in left)} alone"
        again = "again" if len(left) == len(orders) else alone
        yield f"For the rest, run the same command {again}."


def _of_site(order: Order, names: Collection[str]) -> list[str]:
    """The evidence of an order's site among folders, its public edition last."""
    try:
        site = load_registry(order.settings.registry).site(order.site).id
    except ReetraceError:
        return []
    ours = (
        name
        for name in names
        if name.removeprefix(evidence.SIMULATED_PREFIX).startswith(f"{site}_")
    )
    return sorted(ours, key=lambda name: (name.endswith(SUFFIX), name))
