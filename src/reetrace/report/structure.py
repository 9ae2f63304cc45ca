"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8), from the marks of its pages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from reetrace.report.tagging import Annotation, Marks, Node, Piece

if TYPE_CHECKING:
    from pikepdf import Pdf


def write_structure(pdf: Pdf, marks: Marks) -> None:
    """Writes the tree, and on every page where in it each of its pieces belongs."""
    from pikepdf import Array, Dictionary, Name

    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    writer = _Writer(pdf, marks)
    tree.K = Array([writer.element(each, tree) for each in marks.roots])
    numbers: list[Any] = []
    for index, page in enumerate(pdf.pages):
        page.StructParents = index
        page.Tabs = Name.S
        owners = writer.owners[index]
        numbers.extend([index, pdf.make_indirect(Array([owners[at] for at in sorted(owners)]))])
    for key, owner in enumerate(writer.link_owners, start=len(pdf.pages)):
        numbers.extend([key, owner])
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    tree.ParentTreeNextKey = len(pdf.pages) + len(writer.link_owners)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


class _Writer:
    """Writes elements, and keeps whose each piece is."""

    def __init__(self, pdf: Pdf, marks: Marks) -> None:
        self.pdf, self.marks = pdf, marks
        self.pages = [page.obj for page in pdf.pages]
        self.owners: dict[int, dict[int, Any]] = defaultdict(dict)
        """By page and number of the piece."""
        self.link_owners: list[Any] = []

    def element(self, node: Node, parent: Any) -> Any:  # noqa: ANN401 - an object of pikepdf
        """The element of a node with everything beneath it."""
        from pikepdf import Array, Dictionary, Name, String

        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{node.tag}"), P=parent)
        )
        pieces = self.marks.pieces(node)
        first = pieces[0].page if pieces else None
        if first is not None:
            made.Pg = self.pages[first]
        if node.alt:
            made.Alt = String(node.alt)
        if node.language:
            made.Lang = String(node.language)
        attributes = self._attributes(node)
        if attributes is not None:
            made.A = attributes
        kids = [self._kid(each, made, first) for each in self.marks.kids[node]]
        if kids:
            made.K = Array(kids)
        return made

    def _kid(self, kid: Node | Piece | Annotation, owner: Any, first: int | None) -> Any:  # noqa: ANN401
        from pikepdf import Dictionary, Name, String

        if isinstance(kid, Node):
            return self.element(kid, owner)
        if isinstance(kid, Piece):
            self.owners[kid.page][kid.number] = owner
            if kid.page == first:
                return kid.number
            return Dictionary(Type=Name.MCR, Pg=self.pages[kid.page], MCID=kid.number)
        link = self.pages[kid.page].Annots[kid.place]
        link.StructParent = len(self.pages) + len(self.link_owners)
        link.Contents = String(kid.contents)
        # Printed as it is shown, neither hidden nor changed: ISO 19005-3, 6.3.2.
        link.F = 4
        self.link_owners.append(owner)
        return Dictionary(Type=Name.OBJR, Pg=self.pages[kid.page], Obj=link)

    def _attributes(self, node: Node) -> Any:  # noqa: ANN401 - an object of pikepdf
        from pikepdf import Array, Dictionary, Name

        if node.tag in {"TH", "TD"} and (node.scope or node.row_span > 1):
            made = Dictionary(O=Name.Table)
            if node.scope:
                made.Scope = Name(f"/{node.scope}")
            if node.row_span > 1:
                made.RowSpan = node.row_span
            return made
        if node.numbering:
            return Dictionary(O=Name.List, ListNumbering=Name(f"/{node.numbering}"))
        if node in self.marks.boxes:
            box = Array([round(float(each), 2) for each in self.marks.boxes[node]])
            return Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
        return None
