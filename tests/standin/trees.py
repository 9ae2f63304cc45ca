"""Decision trees in the text format of R: read, run, and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.standin.faults import Refused
from tests.standin.pixel_types import Array
from tests.standin.session import session

_LINE = re.compile(r"^\s*(?P<number>\d+)\)\s*(?P<rest>.*?)\s*$")
_SPLIT = re.compile(
    r"^(?P<name>[^<>=\s]+)\s*(?P<sign><=|>=|<|>)\s*(?P<value>[-+\d.eE]+)\s+(?P<tail>.*)$"
)
_SIGNS: dict[str, Any] = {
    "<=": np.less_equal,
    "<": np.less,
    ">": np.greater,
    ">=": np.greater_equal,
}


@dataclass(frozen=True)
class Node:
    """One line: the condition that leads here, and the class if it goes no further."""

    name: str
    """Of the band; empty at the root."""
    sign: str
    value: float
    label: float
    starred: bool
    """Whether the line says that it is a leaf."""

    def holds(self, values: Array) -> NDArray[np.bool_]:
        """Where the condition holds."""
        held: NDArray[np.bool_] = _SIGNS[self.sign](values, self.value)
        return held


@dataclass(frozen=True)
class Tree:
    """Nodes by number: the children of k are 2 k and 2 k + 1."""

    nodes: Mapping[int, Node]

    @property
    def names(self) -> list[str]:
        """Bands that are asked for, in the order they first come."""
        return list(dict.fromkeys(node.name for node in self.nodes.values() if node.name))

    def labels(self, values: Mapping[str, Array]) -> Array:
        """The class of each pixel, shape (pixels,)."""
        pixels = len(next(iter(values.values()))) if values else 0
        labels = np.full(pixels, np.nan)
        waiting = [(1, np.arange(pixels))]
        while waiting:
            number, here = waiting.pop()
            left, right = self.nodes.get(2 * number), self.nodes.get(2 * number + 1)
            if left is None or right is None:
                labels[here] = self.nodes[number].label
                continue
            goes_left = left.holds(values[left.name][here])
            if not (goes_left ^ right.holds(values[right.name][here])).all():
                raise Refused(
                    f"Classifier.decisionTree: nodes {2 * number} and {2 * number + 1} are not "
                    "each other's opposite."
                )
            waiting += [(2 * number, here[goes_left]), (2 * number + 1, here[~goes_left])]
        return labels


def read_trees(text: str) -> list[Tree]:
    """All trees of a text, each starting with node 1."""
    trees: list[dict[int, Node]] = []
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            # R begins with a legend of three lines.
            continue
        number = int(found["number"])
        if number == 1:
            trees.append({})
        if not trees:
            raise _unreadable(line)
        trees[-1][number] = _node(number, found["rest"], line)
    if not trees:
        raise Refused("Classifier.decisionTree: Unable to parse the tree: no root was found.")
    return [_checked(nodes) for nodes in trees]


def _node(number: int, rest: str, line: str) -> Node:
    starred = rest.endswith("*")
    if number == 1:
        words = rest.removesuffix("*").split()
        if not words or words[0] != "root":
            raise _unreadable(line)
        return Node("", "", 0.0, _number(words[3], line) if len(words) > 3 else np.nan, starred)
    split = _SPLIT.match(rest)
    if split is None:
        raise _unreadable(line)
    # n, deviance, label, and the shares of the classes.
    tail = split["tail"].removesuffix("*").split()
    if len(tail) < 3:
        raise _unreadable(line)
    value = _number(split["value"], line)
    return Node(split["name"], split["sign"], value, _number(tail[2], line), starred)


def _number(word: str, line: str) -> float:
    try:
        return float(word)
    except ValueError as fault:
        raise _unreadable(line) from fault


def _unreadable(line: str) -> Refused:
    return Refused(f"Classifier.decisionTree: Unable to parse the tree line '{line.strip()}'.")


def _checked(nodes: dict[int, Node]) -> Tree:
    """The service reads depth first, and a node without a star has two children."""
    expected = [1]
    for number, node in nodes.items():
        if not expected or number != expected[-1]:
            wanted = expected[-1] if expected else "the end"
            raise Refused(f"Classifier.decisionTree: expected {wanted}, got {number}.")
        expected.pop()
        if not node.starred and len(nodes) > 1:
            expected += [2 * number + 1, 2 * number]
    if expected:
        raise Refused(f"Classifier.decisionTree: expected {expected[-1]}, got the end.")
    return Tree(nodes)


def write_tree(fitted: Any, names: Sequence[str], labels: Sequence[int]) -> str:
    """A fitted scikit-learn tree as `explain` is best known to print one.

    Smile prints as R does, thresholds to six significant digits; whether the service prints
    the labels it was given is not documented, here it does.
    """
    lines = []
    waiting = [(0, 1, "root", 0)]
    while waiting:
        node, number, condition, depth = waiting.pop()
        shares = fitted.value[node][0] / fitted.value[node][0].sum()
        leaf = fitted.children_left[node] < 0
        lines.append(
            f"{' ' * depth}{number}) {condition} {fitted.n_node_samples[node]} "
            f"{fitted.impurity[node]:.4f} {labels[int(shares.argmax())]} "
            f"({' '.join(f'{share:.4f}' for share in shares)})" + (" *" if leaf else "")
        )
        if not leaf:
            name = names[fitted.feature[node]]
            value = f"{fitted.threshold[node]:.6g}"
            waiting.append(
                (fitted.children_right[node], 2 * number + 1, f"{name}>{value}", depth + 1)
            )
            waiting.append((fitted.children_left[node], 2 * number, f"{name}<={value}", depth + 1))
    return "\n".join(lines) + "\n"


def majority(votes: Array) -> Array:
    """The label most trees give, shape (trees, pixels) to (pixels,).

    How the service breaks a tie is not documented: the highest label wins unless the readings say
    otherwise, on purpose, so that nothing comes to rely on the lowest.
    """
    labels = np.unique(votes)
    if session().readings.tie == "highest":
        labels = labels[::-1]
    counts = np.stack([(votes == label).sum(axis=0) for label in labels])
    return np.asarray(labels[counts.argmax(axis=0)])
