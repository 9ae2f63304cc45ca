"""Several sites in one go: what fails for one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from reetrace.core.errors import AccountError, ReetraceError, SettingError, UnknownSite
from reetrace.core.faults import OUT_OF_MEMORY, plain_fault
from reetrace.pipeline.job import prepare_shared
from reetrace.pipeline.order import Order, Outcome, Progress, carry_out
from reetrace.pipeline.writable import refuse_unwritable
from reetrace.registry import Registry, load_registry

if TYPE_CHECKING:
    from reetrace.pipeline.outlook import Forecast

T = TypeVar("T")

USUAL_AT_ONCE = 4
"""Sites at once with Earth Engine: each keeps one processor of this machine busy now and then."""

SiteProgress = Callable[[str, str, float], None]
"""Site, what is being done, share done 0-1."""


@dataclass(frozen=True)
class SiteOutcome:
    """What became of one site."""

    site: str
    """As asked for."""
    outcome: Outcome | None
    fault: str = ""
    """One line; empty where evidence was made."""
    hopeless: bool = False
    """True where the fault would stop every other site as well."""

    @property
    def state(self) -> str:
        """In a word."""
        return "failed" if self.outcome is None else "made"

    def lines(self) -> tuple[str, ...]:
        """For a terminal."""
        if self.outcome is None:
            return (f"{self.state:<7} {self.site}: {self.fault}",)
        asked = (f"{'':<7} {line}" for line in self.outcome.cost)
        return (f"{self.state:<7} {self.site}: {self.outcome.bag}", *asked)

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        if self.outcome is None:
            return {"site": self.site, "error": self.fault}
        return self.outcome.as_dict()


@dataclass(frozen=True)
class SiteForecast:
    """What a run on one site would come to."""

    site: str
    forecast: Forecast | None
    fault: str = ""
    """One line; empty where it can be told."""

    def lines(self) -> tuple[str, ...]:
        """For a terminal, with an empty line at the end."""
        if self.forecast is None:
            return (f"{'failed':<11} {self.site}: {self.fault}", "")
        return (*self.forecast.lines(), "")

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        if self.forecast is None:
            return {"site": self.site, "error": self.fault}
        return self.forecast.as_dict()


def carry_out_many(
    orders: Sequence[Order],
    *,
    documents: bool,
    at_once: int | None = None,
    progress: SiteProgress,
) -> tuple[SiteOutcome, ...]:
    """Carry out one order a site; the outcomes come in the order of the orders.

    Sites of one study area follow each other, since they share its images and maps.

    Args:
        orders: Alike but for the site.
        documents: Whether to render the PDF and the workbook too.
        at_once: Study areas under way at once, in processes of their own; None is one with the
            embedded engine and `USUAL_AT_ONCE` with Earth Engine.
        progress: Told what is done at which site.

    Raises:
        ReetraceError: Something is wrong for all of them.
    """
    from reetrace.pipeline.abreast import run_abreast

    settings = prepare_shared(orders[0], documents=documents)
    refuse_unwritable(settings.reports)
    registry = load_registry(settings.registry)
    refuse_twins(orders, registry)
    groups = _by_study_area(orders, registry)
    remote = settings.engine == "earthengine"
    abreast = min(_abreast(at_once, settings.concurrency, remote=remote), len(groups))
    if remote:
        # Together they may ask no more of the service than one alone.
        share = max(1, settings.concurrency // abreast)
        groups = [[replace(order, concurrency=share) for order in group] for group in groups]
    if abreast == 1:
        found = _one_by_one(groups, documents=documents, progress=progress)
    else:
        found = run_abreast(groups, documents=documents, at_once=abreast, progress=progress)
    made = {each.site: each for each in found}
    return tuple(made[order.site] for order in orders)


def refuse_twins(orders: Sequence[Order], registry: Registry) -> None:
    """Refuses a site that is asked for twice, be it by another name.

    Raises:
        SettingError: Both would write the same evidence folder.
    """
    asked: dict[str, str] = {}
    for order in orders:
        with suppress(UnknownSite):
            known = registry.site(order.site).id
            if known in asked:
                raise SettingError(
                    f"--site {order.site}: {known} is asked for twice"
                    f"{'' if asked[known] == order.site else f' (also as {asked[known]})'}. "
                    "Name every site once."
                )
            asked[known] = order.site


def _abreast(at_once: int | None, concurrency: int, *, remote: bool) -> int:
    if at_once is None:
        return min(USUAL_AT_ONCE, concurrency) if remote else 1
    if at_once < 1:
        raise SettingError(f"--at-once {at_once}: at least 1 is needed.")
    if remote and at_once > concurrency:
        raise SettingError(
            f"--at-once {at_once}: each site needs a request of its own, and concurrency allows "
            f"{concurrency} at once. Lower the one or raise the other."
        )
    return at_once


def _by_study_area(orders: Sequence[Order], registry: Registry) -> list[list[Order]]:
    groups: dict[str, list[Order]] = {}
    for order in orders:
        try:
            area = registry.study_area(registry.site(order.site)).id
        except ReetraceError:
            # Its own failure, to be told when its turn comes.
            area = f"?{order.site}"
        groups.setdefault(area, []).append(order)
    return list(groups.values())


def _one_by_one(
    groups: Sequence[Sequence[Order]], *, documents: bool, progress: SiteProgress
) -> list[SiteOutcome]:
    waiting = [order for group in groups for order in group]
    made: list[SiteOutcome] = []
    while waiting:
        order = waiting.pop(0)
        found = carry_out_one(order, documents=documents, progress=partial(progress, order.site))
        progress(order.site, found.state, 1.0)
        made.append(found)
        if found.hopeless:
            return [*made, *not_begun(waiting, found)]
    return made


def carry_out_one(order: Order, *, documents: bool, progress: Progress) -> SiteOutcome:
    """One site; whatever stops it is told, and stops nothing else."""
    made, fault, hopeless = _attempted(
        order.site, lambda: carry_out(order, documents=documents, progress=progress)
    )
    return SiteOutcome(order.site, made, fault, hopeless=hopeless)


def forecast_many(orders: Sequence[Order], *, progress: SiteProgress) -> tuple[SiteForecast, ...]:
    """What carrying out one order a site would come to, site by site.

    Raises:
        ReetraceError: Something is wrong for all of them.
    """
    from reetrace.pipeline.forecast import forecast_order

    settings = prepare_shared(orders[0], documents=False)
    refuse_twins(orders, load_registry(settings.registry))
    found = []
    for order in orders:
        foretold, fault, _ = _attempted(
            order.site, partial(forecast_order, order, partial(progress, order.site))
        )
        found.append(SiteForecast(order.site, foretold, fault))
    return tuple(found)


def _attempted(site: str, work: Callable[[], T]) -> tuple[T | None, str, bool]:
    """What came of it; else why not in one line, and whether all others would fail as well."""
    try:
        return work(), "", False
    except ReetraceError as fault:
        return None, str(fault), isinstance(fault, AccountError)
    except MemoryError:
        return None, OUT_OF_MEMORY, False
    except Exception as fault:  # noqa: BLE001 - a fault of the program at one site must not lose the others
        told = plain_fault(fault) if isinstance(fault, OSError) else None
        return None, told or _unforeseen(site, fault), False


def not_begun(orders: Sequence[Order], hopeless: SiteOutcome) -> Iterator[SiteOutcome]:
    """Sites whose turn never came."""
    for order in orders:
        yield SiteOutcome(order.site, None, f"not begun; {hopeless.site} failed as all would.")


def _unforeseen(site: str, fault: Exception) -> str:
    return (
        f"{type(fault).__name__}: {fault}. This is a fault of the program: run {site} alone to see "
        "where."
    )
