"""Words with gaps for facts: a small part of Jinja, in which nothing but the facts is in reach.

What a text may do is listed here; everything else is refused by name before anything is filled in.
There is no call, no arithmetic and no way to another file, so a text can neither look around nor
run on: its size and its loops bound what it can make.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import TemplateError

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

FILTERS = ("first", "join", "last", "length", "lower", "upper")
"""What may stand behind a `|`."""

TESTS = ("defined", "even", "none", "odd")
"""What may stand behind `is`."""

LOOP = ("first", "index", "last", "length")
"""What may be asked of `loop`."""

MOST_CHARACTERS = 40_000
"""Of the words that a text makes."""

MOST_STEPS = 20_000
"""Pieces that a text may be made of."""

DEEPEST_LOOPS = 2

DEEPEST_MARKS = 60
"""Marks within marks."""

_TOO_DEEP = "too deeply nested; write it plainly"

_LONGEST_BETWEEN = 10
"""Characters that may stand between what is joined."""

_NODES = frozenset({
    "Template", "Output", "TemplateData", "Name", "Const", "If", "For", "CondExpr", "Compare",
    "Operand", "And", "Or", "Not", "Filter", "Test", "Getitem", "Getattr", "Tuple", "List",
})  # fmt: skip

_PLAIN_NAMES = {
    "Call": "a call such as f()",
    "Include": "include",
    "Import": "import",
    "FromImport": "import",
    "Extends": "extends",
    "Macro": "macro",
    "CallBlock": "call",
    "FilterBlock": "filter",
    "Assign": "set",
    "AssignBlock": "set",
    "Block": "block",
    "Slice": "a slice such as [1:2]",
    "Concat": "~",
}

# Markdown lets a backslash stand before every mark of ASCII, and then takes it for a letter.
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Text:
    """One text of a template, as it was read."""

    name: str
    """As messages call it: its file, and the folder where that helps."""
    source: str

    def check(self, known: Collection[str]) -> None:
        """Looks at the marks of a text, without facts.

        Args:
            known: Names of the facts.

        Raises:
            TemplateError: A mark is misspelt, a fact is not known, or it does what it may not.
        """
        from jinja2.exceptions import TemplateError as JinjaError

        try:
            tree = _environment().parse(self.source)
            self._refuse_deep(tree)
            self._look(tree, frozenset(known), depth=0)
        except TemplateError:
            raise
        except JinjaError as fault:
            line = getattr(fault, "lineno", None) or 1
            raise TemplateError(self._at(line, f"{fault}".rstrip("."))) from fault
        except (RecursionError, MemoryError, ValueError) as fault:
            raise TemplateError(self._at(1, _TOO_DEEP)) from fault

    def filled(self, facts: Mapping[str, Any]) -> str:
        """The words with the facts filled in.

        Raises:
            TemplateError: As of `check`; or the words grow beyond all measure.
        """
        from jinja2.exceptions import TemplateError as JinjaError

        self.check(facts)
        try:
            return self._bounded(_environment().from_string(self.source).generate(**facts))
        except TemplateError:
            raise
        except JinjaError as fault:
            raise TemplateError(self._at(None, f"{fault}".rstrip("."))) from fault
        except (
            ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, SyntaxError,
            TypeError, ValueError,
        ) as fault:  # fmt: skip
            raise TemplateError(self._at(None, f"{fault}".rstrip("."))) from fault

    def _bounded(self, pieces: Iterator[str]) -> str:
        made: list[str] = []
        size = 0
        for steps, piece in enumerate(pieces, start=1):
            made.append(piece)
            size += len(piece)
            if size > MOST_CHARACTERS or steps > MOST_STEPS:
                raise TemplateError(
                    self._at(None, f"makes more than {MOST_CHARACTERS:,} characters; shorten it")
                )
        return "".join(made)

    def _refuse_deep(self, tree: nodes.Node) -> None:
        """Counted without a call within a call: how deep those may go differs between programs."""
        level, depth = [tree], 0
        while level:
            depth += 1
            if depth > DEEPEST_MARKS:
                raise TemplateError(self._at(1, _TOO_DEEP))
            level = [child for node in level for child in node.iter_child_nodes()]

    def _look(self, node: nodes.Node, known: frozenset[str], depth: int) -> None:
        """One node and all beneath it."""
        from jinja2 import nodes

        kind = type(node).__name__
        if kind not in _NODES:
            what = _PLAIN_NAMES.get(kind, kind.lower())
            raise TemplateError(
                self._at(
                    node.lineno,
                    f"{what!r} may not stand in a text. Use facts in {{{{ }}}}, if, for, and the "
                    f"filters {', '.join(FILTERS)}",
                )
            )
        if isinstance(node, nodes.Name):
            self._refuse_unknown(node, known)
        elif isinstance(node, nodes.Filter):
            self._refuse_filter(node)
        elif isinstance(node, nodes.Test):
            self._refuse(node.lineno, node.name, TESTS, "test")
        elif isinstance(node, nodes.Getattr):
            self._refuse_attribute(node)
            return
        elif isinstance(node, nodes.Getitem):
            self._refuse_item(node)
        if isinstance(node, nodes.For):
            self._look_at_loop(node, known, depth + 1)
            return
        for each in node.iter_child_nodes():
            self._look(each, known, depth)

    def _look_at_loop(self, node: nodes.For, known: frozenset[str], depth: int) -> None:
        from jinja2 import nodes

        if isinstance(node.target, nodes.Name) and node.target.name in known:
            raise TemplateError(
                self._at(node.lineno, f"{node.target.name!r} is a fact; a loop needs a new name")
            )
        if depth > DEEPEST_LOOPS or node.recursive:
            raise TemplateError(
                self._at(node.lineno, f"loops stand more than {DEEPEST_LOOPS} deep; write fewer")
            )
        if not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name):
            raise TemplateError(
                self._at(node.lineno, "a loop goes over one fact: {% for epoch in epochs %}")
            )
        self._look(node.iter, known, depth)
        inside = known | {node.target.name}
        for each in (*([node.test] if node.test else []), *node.body):
            self._look(each, inside, depth)
        for each in node.else_:
            self._look(each, known, depth)

    def _refuse_unknown(self, node: nodes.Name, known: frozenset[str]) -> None:
        if node.name in known:
            return
        nearest = difflib.get_close_matches(node.name, sorted(known), n=1, cutoff=0.5)
        hint = f"did you mean {nearest[0]!r}? " if nearest else ""
        raise TemplateError(
            self._at(
                node.lineno,
                f"{node.name[:60]!r} is no fact of the evidence; {hint}Known: "
                f"{', '.join(sorted(known))}",
            )
        )

    def _refuse_filter(self, node: nodes.Filter) -> None:
        """Only `join` takes a word, and only it can make a text grow: so never upon another."""
        from jinja2 import nodes

        self._refuse(node.lineno, node.name, FILTERS, "filter")
        plainly = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if node.name != "join":
            if not plainly or node.args:
                raise TemplateError(
                    self._at(node.lineno, f"{node.name!r} takes nothing in brackets")
                )
            return
        between = node.args[0] if len(node.args) == 1 else None
        short = (
            isinstance(between, nodes.Const)
            and isinstance(between.value, str)
            and len(between.value) <= _LONGEST_BETWEEN
        )
        if not plainly or not short or not isinstance(node.node, nodes.Name):
            raise TemplateError(
                self._at(node.lineno, "'join' stands behind a fact, as in epochs|join(\", \")")
            )

    def _refuse(self, line: int, name: str, known: Collection[str], what: str) -> None:
        if name not in known:
            raise TemplateError(
                self._at(line, f"{name!r} is no {what} here. Use {', '.join(sorted(known))}")
            )

    def _refuse_attribute(self, node: nodes.Getattr) -> None:
        from jinja2 import nodes

        # Outside of a loop there is none, which is told when the text is filled in.
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in LOOP:
            return
        raise TemplateError(
            self._at(node.lineno, f"nothing lies behind a dot (.{node.attr[:40]}); name a fact")
        )

    def _refuse_item(self, node: nodes.Getitem) -> None:
        from jinja2 import nodes

        if isinstance(node.arg, nodes.Const) and type(node.arg.value) is int:
            return
        raise TemplateError(
            self._at(node.lineno, "square brackets take a whole number, e.g. epochs[0]")
        )

    def _at(self, line: int | None, what: str) -> str:
        where = f"{self.name}, line {line}" if line else self.name
        return f"{where}: {what}."


def _environment() -> Environment:
    """Jinja with nothing in it but the filters and tests that are named here."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        finalize=plain,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    comparisons = ("eq", "ne", "lt", "le", "gt", "ge", "in")
    made.tests = {name: made.tests[name] for name in (*TESTS, *comparisons)}
    return made


def plain(value: Any) -> str:  # noqa: ANN401 - whatever a text prints
    r"""A fact as words that Markdown leaves alone.

    >>> plain("*Pit*\n# 3")
    '\\*Pit\\* \\# 3'
    """
    return _MARKS.sub(r"\\\1", " ".join(str(value).split()))
