"""The plain part of Markdown as paragraphs: headings, lists, bold, italic, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import TemplateError
from reetrace.report.fonts import Face, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

    from reetrace.report.press import Press


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list."""

    kind: str
    """`paragraph`, `heading`, `bullet`, or the number of an item, e.g. `2.`."""
    spans: tuple[Span, ...]


def blocks(text: str, where: str) -> list[Block]:
    """The blocks of a text.

    Raises:
        TemplateError: It holds an image, a link, HTML or anything else that may not be printed.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    return list(_walk(parser.parse(text), where))


def _walk(  # noqa: C901 - one case a kind of token
    tokens: list[Token], where: str
) -> Iterator[Block]:
    lists: list[int | None] = []
    heading = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)) - 1)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                if lists[-1] is not None:
                    lists[-1] += 1
            case "heading_open":
                heading = True
            case "heading_close":
                heading = False
            case "paragraph_open" | "paragraph_close" | "list_item_close":
                pass
            case "inline":
                kind = "heading" if heading else _kind(lists)
                yield Block(kind, tuple(_spans(token.children or [], where)))
            case other:
                raise TemplateError(f"{where}: {other!r} may not stand in a text. Use plain words.")


def _kind(lists: list[int | None]) -> str:
    if not lists:
        return "paragraph"
    return "bullet" if lists[-1] is None else f"{lists[-1]}."


def _spans(children: list[Token], where: str) -> Iterator[Span]:
    faces: list[Face] = ["regular"]
    for child in children:
        match child.type:
            case "text" | "code_inline":
                if child.content:
                    yield Span(child.content, faces[-1])
            case "softbreak" | "hardbreak":
                yield Span(" ", faces[-1])
            case "strong_open":
                faces.append("bold")
            case "em_open":
                faces.append("italic")
            case "strong_close" | "em_close":
                faces.pop()
            case other:
                raise TemplateError(
                    f"{where}: {other.removesuffix('_open')!r} may not stand in a text. "
                    "Use words, lists, bold and italic."
                )


def set_markdown(press: Press, text: str, where: str) -> list[Any]:
    """The blocks of a text as flowables."""
    made: list[Any] = []
    for block in blocks(text, where):
        if block.kind == "heading":
            made.append(press.heading("".join(span.text for span in block.spans), 1))
        elif block.kind == "paragraph":
            made.append(press.text(block.spans))
        else:
            made.append(press.item(block.spans, "" if block.kind == "bullet" else block.kind))
    return made
