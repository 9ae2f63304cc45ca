"""A page taken apart, so that a test can look at its elements and at nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "link", "img"}


@dataclass
class Element:
    """One element with its attributes and the text right within it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page, in order."""

    source: str
    elements: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Texts that a reader may see."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps it."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps it; it holds no text."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Closes the last one of that name."""
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Belongs to the innermost element."""
        if self._open:
            self._open[-1].text += data
            if self._open[-1].tag not in {"script", "style"}:
                self.words.append(data)

    def all(self, tag: str) -> list[Element]:
        """The elements of one name."""
        return [each for each in self.elements if each.tag == tag]

    def with_attribute(self, name: str, value: str | None = None) -> list[Element]:
        """The elements that have an attribute, or have it with a value."""
        return [
            each
            for each in self.elements
            if name in each.attributes and value in {None, each.attributes[name]}
        ]

    @property
    def read(self) -> str:
        """Everything a reader may see, as one line."""
        return " ".join(" ".join(self.words).split())


HOSTILE = (
    "<script>window.pwned=1</script>\"'><img src=x onerror=window.pwned=1>{{7*7}}&lt;\u202eabc"
)
"""What somebody might call a mine to take over the browser of whoever opens the page."""
