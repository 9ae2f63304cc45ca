"""Reducers: statistics with named outputs, combined, repeated and grouped."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.standin.faults import Refused, Unmodelled
from tests.standin.pixel_types import Array
from tests.standin.registering import models
from tests.standin.statistics import STATISTICS, Statistic, percentile

Inputs = Sequence[Array]
"""Values of each input, shape (values,) each."""


@dataclass(frozen=True)
class Reducer:
    """From values of one or more inputs to one or more outputs."""

    inputs: int
    outputs: tuple[str, ...]
    weighted: bool
    values: Callable[[Inputs, Array], list[Any]]
    """Inputs and weights to one answer an output."""
    statistics: tuple[Statistic, ...] = ()
    """Of each output, where each is a plain statistic of the only input."""

    def named(self, *outputs: str) -> Reducer:
        """The same with other names."""
        return dataclasses.replace(self, outputs=outputs)


def _plain(output: str, statistic: Statistic) -> Reducer:
    def values(inputs: Inputs, weights: Array) -> list[Any]:
        return [statistic.of_values(inputs[0], weights)]

    return Reducer(1, (output,), statistic.weighted, values, (statistic,))


_SIMPLE = {
    **{name: name for name in ("sum", "mean", "median", "count", "first", "last", "stdDev")},
    "frequencyHistogram": "histogram",
}


@models(*(f"Reducer.{name}" for name in _SIMPLE))
def simple(*, algorithm_name: str) -> Reducer:
    """One statistic of one input."""
    name = _SIMPLE[algorithm_name.removeprefix("Reducer.")]
    return _plain(name, STATISTICS[name])


@models("Reducer.min", "Reducer.max")
def extreme(num_inputs: int, *, algorithm_name: str) -> Reducer:
    """Least or greatest value."""
    if num_inputs != 1:
        raise Unmodelled(f"{algorithm_name} of {num_inputs} inputs")
    return simple_named(algorithm_name.removeprefix("Reducer."))


def simple_named(name: str) -> Reducer:
    """A statistic under its own name."""
    return _plain(name, STATISTICS[name])


@models("Reducer.minMax")
def least_and_greatest() -> Reducer:
    """Both at once."""
    return combine(simple_named("min"), simple_named("max"), "", shared_inputs=True)


@models("Reducer.toList")
def to_list(tuple_size: int | None, num_optional: int) -> Reducer:
    """All values."""
    if tuple_size not in {None, 1} or num_optional:
        raise Unmodelled("Reducer.toList of tuples")
    return _plain("list", STATISTICS["list"])


@models("Reducer.percentile")
def percentiles(percentiles: list[float], output_names: list[str] | None) -> Reducer:
    """Percentiles as outputs p0, p50, p100."""
    reducer = _plain(f"p{percentiles[0]:g}", percentile(float(percentiles[0])))
    for share in percentiles[1:]:
        other = _plain(f"p{share:g}", percentile(float(share)))
        reducer = combine(reducer, other, "", shared_inputs=True)
    return reducer.named(*output_names) if output_names else reducer


@models("Reducer.unweighted")
def unweighted(reducer: Reducer) -> Reducer:
    """Every pixel whose centre is inside counts as one."""

    def values(inputs: Inputs, weights: Array) -> list[Any]:
        return reducer.values(inputs, np.ones_like(weights))

    return dataclasses.replace(reducer, weighted=False, values=values)


@models("Reducer.setOutputs")
def set_outputs(reducer: Reducer, outputs: list[str]) -> Reducer:
    """Other names of the outputs."""
    if len(outputs) != len(reducer.outputs):
        raise Refused(f"Reducer.setOutputs: {len(reducer.outputs)} names are needed.")
    return reducer.named(*outputs)


@models("Reducer.getOutputs")
def get_outputs(reducer: Reducer) -> list[str]:
    """Names of the outputs."""
    return list(reducer.outputs)


@models("Reducer.repeat")
def repeat(reducer: Reducer, count: int) -> Reducer:
    """The same reducer for several inputs; each output is the list of theirs."""

    def values(inputs: Inputs, weights: Array) -> list[Any]:
        each = [
            reducer.values(inputs[k * reducer.inputs : (k + 1) * reducer.inputs], weights)
            for k in range(count)
        ]
        return [list(answers) for answers in zip(*each, strict=True)]

    return Reducer(reducer.inputs * count, reducer.outputs, reducer.weighted, values)


@models("Reducer.combine")
def combine(
    reducer1: Reducer,
    reducer2: Reducer,
    output_prefix: str,
    shared_inputs: bool,  # noqa: FBT001 - called by name
) -> Reducer:
    """Two reducers beside each other, of the same inputs or of those after the first's."""
    if reducer1.weighted != reducer2.weighted:
        raise Unmodelled("weighted and unweighted reducers combined; say .unweighted() of both")
    names = (*reducer1.outputs, *(output_prefix + name for name in reducer2.outputs))
    if len(set(names)) != len(names):
        raise Refused(f"Reducer.combine: Duplicate output names: {names}.")
    if shared_inputs and reducer1.inputs != reducer2.inputs:
        raise Refused("Reducer.combine: Reducers must have the same number of inputs to share.")
    start = 0 if shared_inputs else reducer1.inputs

    def values(inputs: Inputs, weights: Array) -> list[Any]:
        first = reducer1.values(inputs[: reducer1.inputs], weights)
        return first + reducer2.values(inputs[start : start + reducer2.inputs], weights)

    shared = reducer1.statistics and reducer2.statistics and shared_inputs
    statistics = reducer1.statistics + reducer2.statistics if shared else ()
    total = start + reducer2.inputs
    return Reducer(total, names, reducer1.weighted, values, statistics)


@models("Reducer.group")
def group(reducer: Reducer, group_field: int, group_name: str) -> Reducer:
    """The reducer's outputs for each value of one input, as a list `groups` by rising value."""
    if not 0 <= group_field <= reducer.inputs:
        raise Refused(
            f"Reducer.group: Group input index {group_field} is out of range: the reducer has "
            f"{reducer.inputs} other inputs."
        )

    def values(inputs: Inputs, weights: Array) -> list[Any]:
        keys = inputs[group_field]
        others = [each for k, each in enumerate(inputs) if k != group_field]
        groups = []
        for key in np.unique(keys):
            here = keys == key
            answers = reducer.values([each[here] for each in others], weights[here])
            groups.append(
                {group_name: key.item(), **dict(zip(reducer.outputs, answers, strict=True))}
            )
        return [groups]

    return Reducer(reducer.inputs + 1, ("groups",), reducer.weighted, values)
