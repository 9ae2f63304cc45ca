"""A forest as the tree texts that Earth Engine reads, with ties made impossible.

The format is that of R's `rpart`, one line a node: number, split, two figures that nobody reads,
class, and a star at a leaf. The children of node n are 2n and 2n + 1. Earth Engine reads depth
first and refuses any other order ("expected 8, got 3").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reetrace.core.errors import SettingError
from reetrace.core.model import Model

if TYPE_CHECKING:
    import ee

# Size, deviance and an inner node's class decide nothing: the service reads past them.
_UNREAD = "9999"

# Requests end at 10 MB (developers.google.com/earth-engine/guides/usage); the rest of the graph,
# the composite with its scenes, travels in the same request.
REQUEST_BYTES_LIMIT = 9_500_000

_UNSAFE = re.compile(r"[^A-Za-z0-9_]")

# Any value splits: both sides of a tree without a question vote alike.
_ANYWHERE = 32_767


def band_names(features: Sequence[str]) -> tuple[str, ...]:
    """The features' names as an image that is classified must carry them.

    A line of a tree is split at signs and blanks, so the names are kept to letters, digits and
    the underscore.

    Raises:
        SettingError: Two features would get one name.

    >>> band_names(["red", "red-edge-1", "ndvi"])
    ('red', 'red_edge_1', 'ndvi')
    """
    names = tuple(_UNSAFE.sub("_", feature) for feature in features)
    if len(set(names)) < len(names):
        raise SettingError(
            f"bands {', '.join(features)}: two of them are called alike once signs are left out. "
            "Give every band a name of its own letters and digits."
        )
    return names


def to_strings(model: Model) -> tuple[str, ...]:
    """The texts of the trees, such that their majority is the model's winner and never a tie.

    How Earth Engine breaks a tie is not documented, so it must not meet one: see `tie_breakers`.

    Returns:
        The trees in order, as many rounds of them as it takes, then trees that vote for one class
        wherever they stand. Leaves name class codes.
    """
    names = band_names(model.features)
    trees = [_text(model, names, root) for root in model.tree_start[:-1].tolist()]
    voted = sorted({*model.leaf_class[model.feature < 0].tolist()})
    rounds, extra = tie_breakers(len(trees), len(voted))
    constant = [
        _constant(names[0], model.codes[position])
        for position, votes in zip(voted, extra, strict=True)
        for _ in range(votes)
    ]
    return (*trees * rounds, *constant)


def tie_breakers(trees: int, classes: int) -> tuple[int, tuple[int, ...]]:
    """How often to repeat the trees, and the votes to add, so that a tie goes to the lower code.

    With r rounds and extra votes e, class c has r * votes(c) + e(c). A lower class must win an
    even count, so e falls strictly from class to class; it must lose when it is one vote short, so
    e falls by less than r from first to last. Hence r = classes and e = classes - 1, ..., 1, 0 in
    general. Between two classes an even number of trees splits evenly or by two votes at least:
    one extra vote does; an odd number, and a single tree, cannot tie.

    Returns:
        Rounds, and extra votes by rising code; from four trees upwards no fewer would do.
    """
    if trees == 1 or classes == 1:
        return 1, (0,) * classes
    if classes == 2:  # noqa: PLR2004 - two classes
        return 1, (1 - trees % 2, 0)
    return classes, tuple(reversed(range(classes)))


def as_classifier(model: Model) -> ee.Classifier:
    """The model as a classifier of images whose bands are called `band_names(model.features)`.

    Raises:
        SettingError: The forest is too large to travel in a request.
    """
    import ee

    texts = to_strings(model)
    size = _request_bytes(texts)
    if size > REQUEST_BYTES_LIMIT:
        raise SettingError(
            f"a forest of {len(model.tree_start) - 1} trees and {len(model.feature):,} nodes makes "
            f"a request of {size / 1e6:.1f} MB; Earth Engine takes 10 MB. "
            "Lower --trees or --max-nodes, or raise --min-leaf-population."
        )
    return ee.Classifier.decisionTreeEnsemble(list(texts))


def _request_bytes(texts: Sequence[str]) -> int:
    """Bytes of the texts within a request: ASCII, a line end is two signs, quotes and comma."""
    return sum(len(text) + text.count("\n") + 3 for text in texts)


def _text(model: Model, names: Sequence[str], root: int) -> str:
    if model.feature[root] < 0:
        return _constant(names[0], model.codes[model.leaf_class[root]])
    lines = [f"1) root {_UNREAD} {_UNREAD} {_UNREAD}"]
    waiting = list(reversed(_children(model, names, root, 1)))
    while waiting:
        node, number, split = waiting.pop()
        if model.feature[node] < 0:
            code = model.codes[model.leaf_class[node]]
            lines.append(f"{number}) {split} {_UNREAD} {_UNREAD} {code} *")
        else:
            lines.append(f"{number}) {split} {_UNREAD} {_UNREAD} {_UNREAD}")
            waiting.extend(reversed(_children(model, names, node, number)))
    return "\n".join(lines)


def _children(
    model: Model, names: Sequence[str], node: int, number: int
) -> tuple[tuple[int, int, str], tuple[int, int, str]]:
    """Node, number and condition of both children, left first."""
    name = names[model.feature[node]]
    # Halfway to the next integer: neither float32 nor "<" for "<=" can move a pixel.
    between = int(model.threshold[node]) + 0.5
    return (
        (int(model.left[node]), 2 * number, f"{name}<={between}"),
        (int(model.right[node]), 2 * number + 1, f"{name}>{between}"),
    )


def _constant(name: str, code: int) -> str:
    """A tree with one class everywhere: two equal leaves, as a bare root may not be readable."""
    between = _ANYWHERE + 0.5
    return "\n".join(
        (
            f"1) root {_UNREAD} {_UNREAD} {_UNREAD}",
            f"2) {name}<={between} {_UNREAD} {_UNREAD} {code} *",
            f"3) {name}>{between} {_UNREAD} {_UNREAD} {code} *",
        )
    )
