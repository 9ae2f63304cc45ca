"""The computed counterparts of published figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reetrace.core.results import Accuracy, Measure, PublishedComparison
from reetrace.pipeline.counting import Counted, Ground
from reetrace.pipeline.plan import Plan
from reetrace.registry import Registry
from reetrace.registry.comparison import compare_published


def compare(
    plan: Plan,
    ground: Ground,
    counted: Counted,
    accuracies: tuple[Accuracy, ...],
    registry: Registry,
) -> tuple[PublishedComparison, ...]:
    """Every published figure of the study area beside what this run computed."""
    figures = _Figures(ground, plan.legend.target, counted, accuracies)
    return tuple(
        replace(comparison, note=figures.note(comparison))
        for study in registry.published(plan.study.id)
        for comparison in compare_published(study, figures.find)
    )


@dataclass(frozen=True)
class _Figures:
    ground: Ground
    target: str
    counted: Counted
    accuracies: tuple[Accuracy, ...]

    def find(self, zone: str, epochs: tuple[str, ...], what: str) -> Measure | None:
        """The computed measure; None where this run does not judge it."""
        if what in {"overall accuracy", "kappa"}:
            return self._accuracy(epochs[0], what)
        kind, _, rest = what.partition(" ")
        if kind == "area":
            return self._area(zone, epochs[0], rest)
        if kind == "from":
            before, _, after = rest.partition(" to ")
            return self._transition(zone, epochs, before, after)
        return self._growth(zone, epochs, kind) if rest == f"of {self.target}" else None

    def note(self, comparison: PublishedComparison) -> str:
        """What kind of number the computed one is, and by which border."""
        if comparison.what in {"overall accuracy", "kappa"}:
            return "held-out labels"
        kind = "mapped" if comparison.computed.low is None else "error-adjusted"
        zone_set = next(
            each for each in self.ground.zone_sets if each.id == self._zone_set(comparison.zone)
        )
        return f"{kind}; border: {zone_set.edition}" if zone_set.edition else kind

    def _accuracy(self, epoch: str, what: str) -> Measure | None:
        for each in self.accuracies:
            if (each.epoch, each.basis) == (epoch, "held-out"):
                return each.kappa if what == "kappa" else each.overall
        return None

    def _zone_set(self, zone: str) -> str:
        """Where a published zone is looked up: countries by the most precise borders."""
        if zone == "all":
            return "study-area"
        holding = (
            zone_set.id
            for zone_set in self.ground.zone_sets
            if zone in {each.id for each in zone_set.zones}
        )
        return next(holding, "")

    def _area(self, zone: str, epoch: str, landcover: str) -> Measure | None:
        wanted = (self._zone_set(zone), zone, epoch, landcover)
        for each in self.counted.areas:
            if (each.zone_set, each.zone, each.epoch, each.landcover) == wanted:
                return _best(each.adjusted, each.mapped)
        return None

    def _transition(
        self, zone: str, epochs: tuple[str, ...], before: str, after: str
    ) -> Measure | None:
        wanted = (self._zone_set(zone), zone, *epochs)
        for matrix in self.counted.changes:
            if (matrix.zone_set, matrix.zone, matrix.first, matrix.last) == wanted:
                for cell in matrix.cells:
                    if (cell.before, cell.after) == (before, after):
                        return _best(cell.adjusted, cell.mapped)
        return None

    def _growth(self, zone: str, epochs: tuple[str, ...], kind: str) -> Measure | None:
        wanted = (self._zone_set(zone), zone, *epochs)
        for each in self.counted.growth:
            if (each.zone_set, each.zone, each.first, each.last) == wanted:
                return each.percent if kind == "growth" else each.change
        return None


def _best(adjusted: Measure, mapped: Measure) -> Measure:
    return adjusted if adjusted.value is not None else mapped
