"""A forest that Earth Engine grew, or any forest in its text format, as our `Model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reetrace.core.errors import ServiceError
from reetrace.core.model import Knobs, Model
from reetrace.core.training import ForestArrays
from reetrace.engines.earthengine.reading import Leaf, Split, read_trees
from reetrace.engines.earthengine.trees import band_names

_NEXT = "Train the forest on this computer instead (--trainer local)."


def from_explanation(
    explanation: Mapping[str, Any],
    *,
    features: Sequence[str],
    classes: Sequence[str],
    codes: Sequence[int],
    knobs: Knobs,
    labels: Sequence[int] | None = None,
    sensor_family: str = "",
    trained_on: Sequence[str] = (),
    training_points: int = 0,
    simulated: bool = False,
) -> Model:
    """The trained forest out of what `Classifier.explain()` answers.

    Args:
        explanation: Holds `trees`; its `classes`, if it has them, are checked.
        features: Band roles in order.
        classes: Class names by rising code.
        codes: Their codes.
        knobs: What the forest was asked to be.
        labels: The numbers the classes were trained under, in the same order; the codes if not
            given.
        sensor_family: For the record, as the rest.
        trained_on: Digests of the label files.
        training_points: How many.
        simulated: Whether any of them was.

    Raises:
        ServiceError: The answer is not such a forest, or not the one that was asked for.
    """
    sent = tuple(codes if labels is None else labels)
    texts = explanation.get("trees") if isinstance(explanation, Mapping) else None
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ServiceError(f"Earth Engine explained the forest without its trees. {_NEXT}")
    known = explanation.get("classes", sent)
    if not isinstance(known, list | tuple) or tuple(known) != sent:
        raise ServiceError(
            f"Earth Engine trained on the classes {_listed(known)}; {_listed(sent)} were sent. "
            f"{_NEXT}"
        )
    trees = read_trees(texts)
    if len(trees) != knobs.trees:
        raise ServiceError(
            f"Earth Engine sent {len(trees)} trees; {knobs.trees} were asked for. {_NEXT}"
        )
    return Model(
        features=tuple(features),
        classes=tuple(classes),
        codes=tuple(codes),
        **vars(_arrays(trees, features, _positions(trees, sent))),
        knobs=knobs,
        sensor_family=sensor_family,
        trained_on=tuple(trained_on),
        training_points=training_points,
        simulated=simulated,
    )


def _positions(trees: Sequence[Split | Leaf], sent: Sequence[int]) -> dict[int, int]:
    """What the printed labels stand for: position among the classes of each.

    Whether Earth Engine prints the labels that it was given or their positions is documented
    nowhere; the labels themselves, and the shares beside them, tell.
    """
    readings = [
        {label: position for position, label in enumerate(sent)},
        {position: position for position in range(len(sent))},
    ]
    leaves = {leaf for tree in trees for leaf in _leaves(tree)}
    fitting = [
        reading
        for reading in readings
        if all(
            leaf.label in reading and leaf.likeliest in (None, reading[leaf.label])
            for leaf in leaves
        )
    ]
    meanings = {tuple(reading[leaf.label] for leaf in leaves) for reading in fitting}
    if len(meanings) != 1:
        printed = _listed(sorted({leaf.label for leaf in leaves}))
        doubt = "none of which was sent" if not meanings else "which may be classes or positions"
        raise ServiceError(
            f"Earth Engine's leaves say {printed}, {doubt} ({_listed(sent)} were sent). {_NEXT}"
        )
    return fitting[0]


def _leaves(tree: Split | Leaf) -> Sequence[Leaf]:
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Leaf):
            found.append(node)
        else:
            waiting += [node.left, node.right]
    return found


def _arrays(
    trees: Sequence[Split | Leaf], features: Sequence[str], positions: Mapping[int, int]
) -> ForestArrays:
    """The trees one after the other, each depth first."""
    named = {name: index for index, name in enumerate(band_names(features))}
    rows: list[list[int]] = []
    starts = [0]
    for tree in trees:
        # (node, row of its parent, column of the parent that points to it)
        waiting: list[tuple[Split | Leaf, int, int]] = [(tree, -1, 0)]
        while waiting:
            node, parent, column = waiting.pop()
            here = len(rows)
            if parent >= 0:
                rows[parent][column] = here
            rows.append(_row(node, named, positions))
            if isinstance(node, Split):
                waiting += [(node.right, here, _RIGHT), (node.left, here, _LEFT)]
        starts.append(len(rows))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return ForestArrays(
        tree_start=np.array(starts, dtype=np.int32),
        feature=table[:, 0].astype(np.int8),
        threshold=table[:, 1].astype(np.uint16),
        left=table[:, _LEFT].astype(np.int32),
        right=table[:, _RIGHT].astype(np.int32),
        leaf_class=table[:, 4].astype(np.int16),
    )


_LEFT, _RIGHT = 2, 3


def _row(node: Split | Leaf, named: Mapping[str, int], positions: Mapping[int, int]) -> list[int]:
    """Feature, threshold, left, right, class, as `Model` has them."""
    if isinstance(node, Leaf):
        if node.label not in positions:
            raise ServiceError(
                f"a tree votes for class {node.label}; the classes are {_listed(positions)}. "
                f"{_NEXT}"
            )
        return [-1, 0, -1, -1, positions[node.label]]
    if node.feature not in named:
        raise ServiceError(
            f"a tree asks for the band {node.feature!r}; the bands are {', '.join(named)}. {_NEXT}"
        )
    return [named[node.feature], node.largest_left, -1, -1, -1]


def _listed(numbers: object) -> str:
    if not isinstance(numbers, list | tuple | Mapping):
        return str(numbers)[:60]
    return ", ".join(str(number) for number in numbers)[:60]
