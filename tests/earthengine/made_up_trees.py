"""A plain reader of tree texts to hold ours against, and forests explained as Smile does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reetrace.core.model import Knobs, Model
from reetrace.engines.earthengine import explaining
from reetrace.engines.earthengine.reading import read_trees
from reetrace.engines.earthengine.trees import band_names


def label_of(text: str, pixel: dict[str, float], *, left: str) -> int:
    """Follows one text the plain way, in float32; `left` is what "<=" is taken for."""
    lines = {}
    for raw in text.splitlines():
        number, split, _, _, label, *star = raw.split()
        lines[int(number.rstrip(")"))] = split, label, star
    here = 1
    while not lines[here][2]:
        (child,) = [
            number
            for number in (2 * here, 2 * here + 1)
            if _holds(lines[number][0], pixel, left=left)
        ]
        here = child
    return int(lines[here][1])


def _holds(split: str, pixel: dict[str, float], *, left: str) -> bool:
    sign = "<=" if "<=" in split else ">"
    name, value = split.split(sign)
    seen, limit = np.float32(pixel[name]), np.float32(value)
    below = seen < limit if left == "<" else seen <= limit
    return bool(below) == (sign == "<=")


def majority(
    texts: Sequence[str], model: Model, pixels: NDArray[np.uint16], *, tie: str, left: str
) -> list[int]:
    """Winning labels of pixels, shape (features, pixels); `tie` is "highest" or "lowest"."""
    winners = []
    for pixel in pixels.T.tolist():
        named = dict(zip(band_names(model.features), pixel, strict=True))
        votes = [label_of(text, named, left=left) for text in texts]
        ranked = sorted(set(votes), reverse=tie == "highest")
        winners.append(max(ranked, key=votes.count))
    return winners


def explained(model: Model, labels: Sequence[int]) -> dict[str, Any]:
    """What `explain()` answers for a forest, in Smile's manner; each leaf holds seven points."""
    texts = [_smile(model, root, labels) for root in model.tree_start[:-1].tolist()]
    return {
        "classes": list(labels),
        "importance": dict.fromkeys(band_names(model.features), 6.341197370425813),
        "numberOfTrees": len(texts),
        "outOfBagErrorEstimate": 0.016283524904214558,
        "trees": texts,
    }


def _smile(model: Model, root: int, labels: Sequence[int]) -> str:
    counts = np.zeros((len(model.feature), len(labels)), dtype=int)
    for node in reversed(range(len(model.feature))):
        if model.feature[node] < 0:
            counts[node, model.leaf_class[node]] = 7
        else:
            counts[node] = counts[model.left[node]] + counts[model.right[node]]
    names = band_names(model.features)
    lines = [
        f"n= {counts[root].sum()}",
        "node), split, n, loss, yval, (yprob)",
        "* denotes terminal node",
    ]

    def print_node(node: int, number: int, split: str, depth: int) -> None:
        shares = (counts[node] + 1) / (counts[node].sum() + len(labels))
        line = f"{' ' * depth}{number}) {split} {counts[node].sum()} 0.0000 "
        line += (
            f"{labels[int(counts[node].argmax())]} ({' '.join(f'{each:#.5g}' for each in shares)})"
        )
        lines.append(line + (" *" if model.feature[node] < 0 else ""))
        if model.feature[node] >= 0:
            name, value = names[model.feature[node]], f"{model.threshold[node] + 0.5:#.6g}"
            print_node(int(model.left[node]), 2 * number, f"{name}<={value}", depth + 1)
            print_node(int(model.right[node]), 2 * number + 1, f"{name}>{value}", depth + 1)

    print_node(root, 1, "root", 0)
    return "\n".join(lines) + "\n"


def from_strings(
    texts: Sequence[str],
    *,
    features: Sequence[str],
    classes: Sequence[str],
    codes: Sequence[int],
    simulated: bool = False,
) -> Model:
    """A forest out of tree texts whose leaves name class codes, with every tree it finds.

    Raises:
        ServiceError: The texts are not such trees.
    """
    trees = read_trees(texts)
    positions = {code: position for position, code in enumerate(codes)}
    return Model(
        features=tuple(features),
        classes=tuple(classes),
        codes=tuple(codes),
        **vars(explaining._arrays(trees, features, positions)),
        knobs=Knobs(trees=len(trees)),
        sensor_family="",
        trained_on=(),
        training_points=0,
        simulated=simulated,
    )
