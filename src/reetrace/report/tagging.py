"""What each mark on a page is: the logical structure of a report, kept while it is drawn.

Every flowable carries a node. As it draws itself, the marks of the canvas note on which page and
in which order its pieces lie; whatever belongs to no node is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

ArtifactKind = Literal["Pagination", "Layout", "Background"]


@dataclass(eq=False)
class Node:
    """One element of the structure; its tag is one of ISO 32000-1, 14.8.4."""

    tag: str
    parent: Node | None = None
    alt: str = ""
    """What a figure shows, in words."""
    language: str = ""
    """Where it differs from that of the document, e.g. `zh-Hans`."""
    scope: Literal["", "Row", "Column"] = ""
    """What a head cell heads."""
    row_span: int = 1
    numbering: Literal["", "Disc", "Decimal"] = ""
    """How the items of a list are marked."""
    declared: list[Node] = field(default_factory=list)
    """Children known before anything is drawn, such as the cells of a table."""

    def child(self, tag: str, **attributes: Any) -> Node:  # noqa: ANN401 - fields of a node
        """A declared child: it stands in its place even where nothing is drawn of it."""
        made = Node(tag, self, **attributes)
        self.declared.append(made)
        return made


class Piece(NamedTuple):
    """Marked content of a node."""

    page: int
    """From 0."""
    number: int
    """The marked-content identifier on its page."""


class Annotation(NamedTuple):
    """A link of a node."""

    page: int
    place: int
    """In the order of the annotations of its page."""
    contents: str
    """What a reader is told before following it."""


Box = tuple[float, float, float, float]
"""(left, bottom, right, top) on the page, in points."""


class Marks:
    """What one pass over the pages has drawn."""

    def __init__(self) -> None:
        self.kids: dict[Node, list[Node | Piece | Annotation]] = {}
        """In reading order."""
        self.roots: list[Node] = []
        self.boxes: dict[Node, Box] = {}
        """Where figures lie."""
        self.letters: dict[int, str] = {}
        """What shaped glyphs stand for, by their private characters."""
        self._numbers: dict[int, int] = {}

    def pieces(self, node: Node) -> list[Piece]:
        """What has been drawn of a node so far."""
        return [each for each in self.kids.get(node, []) if isinstance(each, Piece)]

    @contextmanager
    def content(self, canvas: Any, node: Node) -> Iterator[None]:  # noqa: ANN401 - reportlab's canvas
        """Marks what is drawn within as a piece of a node."""
        page = _page(canvas)
        if node.scope == "Column" and any(each.page < page for each in self.pieces(node)):
            # The head of a table, repeated on a later page.
            with artifact(canvas, "Pagination"):
                yield
            return
        self._attach(node)
        number = self._numbers.get(page, 0)
        self._numbers[page] = number + 1
        self.kids[node].append(Piece(page, number))
        canvas._code.append(f"/{node.tag} <</MCID {number}>> BDC")  # noqa: SLF001 - no other way in
        yield
        canvas._code.append("EMC")  # noqa: SLF001 - no other way in

    def annotation(self, canvas: Any, node: Node, contents: str) -> None:  # noqa: ANN401
        """Notes that the annotation made last belongs to a node."""
        self._attach(node)
        place = len(canvas._annotationrefs) - 1  # noqa: SLF001 - no other way in
        self.kids[node].append(Annotation(_page(canvas), place, contents))

    def _attach(self, node: Node) -> None:
        if node in self.kids:
            return
        if node.parent is None:
            self.roots.append(node)
        else:
            self._attach(node.parent)
            if node in self.kids:
                return
            self.kids[node.parent].append(node)
        self._fill(node)

    def _fill(self, node: Node) -> None:
        self.kids[node] = list(node.declared)
        for each in node.declared:
            self._fill(each)


@contextmanager
def content(canvas: Any, node: Node | None) -> Iterator[None]:  # noqa: ANN401 - reportlab's canvas
    """Marks what is drawn within as a piece of a node, where there are both marks and a node."""
    marks: Marks | None = getattr(canvas, "marks", None)
    if marks is None or node is None:
        yield
        return
    with marks.content(canvas, node):
        yield


@contextmanager
def artifact(
    canvas: Any,  # noqa: ANN401 - reportlab's canvas
    kind: ArtifactKind = "Layout",
) -> Iterator[None]:
    """Marks what is drawn within as no part of what the report says."""
    canvas._code.append(f"/Artifact <</Type /{kind}>> BDC")  # noqa: SLF001 - no other way in
    yield
    canvas._code.append("EMC")  # noqa: SLF001 - no other way in


def _grounds_and_rules(table: Any, command: str, *_details: object) -> None:  # noqa: ANN401
    if command in {"startBG", "startLines"}:
        table.canv._code.append("/Artifact <</Type /Layout>> BDC")  # noqa: SLF001 - no other way in
    elif command in {"endBG", "endLines"}:
        table.canv._code.append("EMC")  # noqa: SLF001 - no other way in


GROUNDS_AND_RULES: Any = _grounds_and_rules
"""The render callback of every table: its grounds and rules are artifacts."""


def _page(canvas: Any) -> int:  # noqa: ANN401 - reportlab's canvas
    return int(canvas.getPageNumber()) - 1
