"""Serialised expressions: what each node is, computed once for each set of its variables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.standin import modelled  # noqa: F401 - fills the register of models
from tests.standin.coercion import coerce
from tests.standin.faults import Refused
from tests.standin.grids import Projection
from tests.standin.registering import call
from tests.standin.signatures import Signature, signatures

Node = Mapping[str, Any]
Variables = Mapping[str, Any]

_KINDS = {
    "constantValue",
    "integerValue",
    "bytesValue",
    "arrayValue",
    "dictionaryValue",
    "valueReference",
    "argumentReference",
    "functionDefinitionValue",
    "functionInvocationValue",
}
_DEEP = 20_000
"""Chains of a thousand calls are ordinary; each takes a handful of frames."""


@dataclass(frozen=True)
class Function:
    """A function defined in the graph, with the variables around it."""

    names: tuple[str, ...]
    body: str
    around: Variables
    graph: Graph

    def __call__(self, *values: Any) -> Any:
        """The function's answer."""
        if len(values) != len(self.names):
            raise Refused(f"A function of {len(self.names)} arguments was given {len(values)}.")
        bound = {**self.around, **dict(zip(self.names, values, strict=True))}
        return self.graph.reference(self.body, bound)


@dataclass(eq=False)
class Graph:
    """One expression."""

    values: Mapping[str, Node]
    _free: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], tuple[Variables, Any]] = field(default_factory=dict)

    def reference(self, name: str, variables: Variables) -> Any:
        """What a reference stands for, given the variables.

        Subtrees are shared and hoisted out of the functions whose arguments they use, so that what
        is known of one holds only for the same values of its free variables.
        """
        free = sorted(self.free(name))
        missing = [each for each in free if each not in variables]
        if missing:
            raise Refused(f"Argument reference '{missing[0]}' has no value.")
        key = (name, *((each, id(variables[each])) for each in free))
        if key not in self._known:
            answer = self.node(self.values[name], variables)
            # The variables are kept too: an id is one's own only while its owner lives.
            self._known[key] = ({each: variables[each] for each in free}, answer)
        return self._known[key][1]

    def free(self, name: str) -> frozenset[str]:
        """The arguments that a value depends on."""
        if name not in self._free:
            if name not in self.values:
                raise Refused(f"Value reference '{name}' is not among the values.")
            self._free[name] = frozenset()
            self._free[name] = self._free_of(self.values[name])
        return self._free[name]

    def _free_of(self, node: Node) -> frozenset[str]:
        kind, content = _only(node)
        found: frozenset[str] = frozenset()
        if kind == "argumentReference":
            found = frozenset({content})
        elif kind == "valueReference":
            found = self.free(content)
        elif kind == "functionDefinitionValue":
            found = self.free(content["body"]) - set(content["argumentNames"])
        elif kind == "arrayValue":
            found = _together(self._free_of(each) for each in content.get("values", []))
        elif kind == "dictionaryValue":
            found = _together(self._free_of(each) for each in content.get("values", {}).values())
        elif kind == "functionInvocationValue":
            found = _together(self._free_of(each) for each in content.get("arguments", {}).values())
            if "functionReference" in content:
                found |= self.free(content["functionReference"])
        return found

    def node(self, node: Node, variables: Variables) -> Any:
        """What a node stands for."""
        kind, content = _only(node)
        ways: dict[str, Callable[[Any, Variables], Any]] = {
            "constantValue": lambda constant, _: plain(constant),
            "integerValue": lambda digits, _: int(digits),
            "bytesValue": lambda content, _: content,
            "valueReference": self.reference,
            "argumentReference": _bound,
            "arrayValue": self._list,
            "dictionaryValue": self._dictionary,
            "functionDefinitionValue": self._function,
            "functionInvocationValue": self._invoke,
        }
        return ways[kind](content, variables)

    def _list(self, content: Node, variables: Variables) -> list[Any]:
        return [self.node(each, variables) for each in content.get("values", [])]

    def _dictionary(self, content: Node, variables: Variables) -> dict[str, Any]:
        inner = content.get("values", {})
        return {name: self.node(each, variables) for name, each in inner.items()}

    def _function(self, content: Node, variables: Variables) -> Function:
        return Function(tuple(content["argumentNames"]), content["body"], dict(variables), self)

    def _invoke(self, call_: Mapping[str, Any], variables: Variables) -> Any:
        given = {
            name: self.node(each, variables) for name, each in call_.get("arguments", {}).items()
        }
        if "functionReference" in call_:
            function = self.reference(call_["functionReference"], variables)
            names = getattr(function, "names", ())
            if set(names) != set(given):
                raise Refused(f"A function of {list(names)} was given {sorted(given)}.")
            return function(*(given[name] for name in names))
        return invoke(call_["functionName"], given)


def invoke(name: str, given: Mapping[str, Any]) -> Any:
    """Calls an algorithm, its arguments checked against the service's own list."""
    signature = signatures().get(name)
    if signature is None:
        raise Refused(f"Algorithm '{name}' not found.")
    return call(name, _arguments(signature, given), signature.defaults)


def _arguments(signature: Signature, given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(given) - {each.name for each in signature.arguments}
    if unknown:
        raise Refused(f"{signature.name}: Unrecognized argument '{min(unknown)}'.")
    arguments = {}
    for each in signature.arguments:
        value = given.get(each.name)
        if value is None and not each.optional:
            raise Refused(f"{signature.name}: Parameter '{each.name}' is required.")
        if value is None:
            arguments[each.name] = _default(each.default)
        else:
            arguments[each.name] = coerce(value, each.type, f"{signature.name}, '{each.name}'")
    return arguments


def _default(value: Any) -> Any:
    if isinstance(value, dict) and value.get("type") == "Projection":
        a, b, c, d, e, f = value["transform"]
        return Projection(value["crs"], (a, b, c, d, e, f))
    return plain(value)


def plain(value: Any) -> Any:
    """A constant: numbers without a fraction are whole, since the wire has only doubles."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _only(node: Node) -> tuple[str, Any]:
    if len(node) != 1 or next(iter(node)) not in _KINDS:
        raise Refused(f"Not a value node: {str(dict(node))[:80]}")
    return next(iter(node.items()))


def _bound(name: str, variables: Variables) -> Any:
    if name not in variables:
        raise Refused(f"Argument reference '{name}' has no value.")
    return variables[name]


def _together(parts: Any) -> frozenset[str]:
    return frozenset().union(*parts)


def evaluate(expression: Mapping[str, Any]) -> Any:
    """The result of an expression `{"result": …, "values": {…}}`."""
    if set(expression) != {"result", "values"}:
        raise Refused("An expression needs 'result' and 'values'.")
    if sys.getrecursionlimit() < _DEEP:
        sys.setrecursionlimit(_DEEP)
    return Graph(expression["values"]).reference(expression["result"], {})
