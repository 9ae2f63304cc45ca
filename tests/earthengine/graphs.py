"""Graphs of the client in a form that people can read and files can be compared in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]


def canonical(expression: Node) -> str:
    """The graph as numbered statements, each before it is used; equal graphs give equal text."""
    lines: list[str] = []
    names: dict[str, str] = {}

    known: dict[str, str] = {}

    def write(node: Node) -> str:
        reference = node.get("valueReference")
        if reference is not None:
            if reference not in known:
                known[reference] = write(expression["values"][reference])
            return known[reference]
        text = _statement(node, write)
        if "functionInvocationValue" not in node and "functionDefinitionValue" not in node:
            return text
        if text not in names:
            lines.append(f"%{len(lines) + 1} = {text}")
            names[text] = f"%{len(lines)}"
        return names[text]

    root = write({"valueReference": expression["result"]})
    return "\n".join([*lines, f"return {root}", ""])


def _statement(node: Node, write: Callable[[Node], str]) -> str:
    (kind,) = node
    return _WRITERS[kind](node[kind], write)


def _invocation(call: Node, write: Callable[[Node], str]) -> str:
    name = call.get("functionName") or write({"valueReference": call["functionReference"]})
    given = (f"{key}={write(value)}" for key, value in sorted(call["arguments"].items()))
    return f"{name}({', '.join(given)})"


def _definition(made: Node, write: Callable[[Node], str]) -> str:
    body = write({"valueReference": made["body"]})
    return f"({', '.join(made['argumentNames'])}) -> {body}"


def _array(node: Node, write: Callable[[Node], str]) -> str:
    return f"[{', '.join(write(each) for each in node.get('values', []))}]"


def _dictionary(node: Node, write: Callable[[Node], str]) -> str:
    entries = sorted(node["values"].items())
    return "{" + ", ".join(f"{key}: {write(value)}" for key, value in entries) + "}"


_WRITERS: dict[str, Callable[[Any, Callable[[Node], str]], str]] = {
    "functionInvocationValue": _invocation,
    "functionDefinitionValue": _definition,
    "arrayValue": _array,
    "dictionaryValue": _dictionary,
    "argumentReference": lambda name, _: f"${name}",
    "integerValue": lambda number, _: str(number),
    "constantValue": lambda value, _: json.dumps(value, sort_keys=True),
}


def calls(expression: Node, name: str) -> Iterator[Node]:
    """The arguments of every call of a function, with constants as plain values."""
    for each in _invocations(expression["values"], name):
        given = each["arguments"].items()
        yield {key: _plain(value, expression["values"]) for key, value in given}


def _invocations(node: Any, name: str) -> Iterator[Node]:
    if isinstance(node, dict):
        if node.get("functionName") == name:
            yield node
        for value in node.values():
            yield from _invocations(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _invocations(value, name)


def _plain(node: Node, values: dict[str, Node]) -> Any:
    (kind,) = node
    content = node[kind]
    if kind == "valueReference":
        return _plain(values[content], values)
    if kind == "integerValue":
        return int(content)
    if kind == "arrayValue":
        return [_plain(each, values) for each in content.get("values", [])]
    if kind == "functionInvocationValue":
        given = {key: _plain(value, values) for key, value in content["arguments"].items()}
        return {"call": content.get("functionName"), **given}
    return content
