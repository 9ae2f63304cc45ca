"""Functions of collections, whatever they hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.standin.coercion import as_geometry
from tests.standin.elements import Collection, Element, Feature, changed, indexed
from tests.standin.faults import Refused, Unmodelled
from tests.standin.geometry import Geometry
from tests.standin.layers import Image
from tests.standin.reducers import Reducer
from tests.standin.registering import models
from tests.standin.session import session


@models("Collection")
def collection(features: list[Element]) -> Collection:
    """Elements of a list."""
    return Collection(indexed(features))


@models("Collection.loadTable")
def load_table(table_id: str) -> Collection:
    """A table of the archive."""
    table: Collection = session().archive.table(table_id)
    return table


@models("Collection.filter")
def filtered(collection: Collection, filter_: Any) -> Collection:
    """Those that pass."""
    if not callable(filter_):
        raise Refused("Collection.filter: a Filter is needed.")
    kept = tuple(item for item in collection.items if filter_(item))
    return Collection(kept, collection.properties, collection.id)


@models("Collection.map")
def mapped(
    collection: Collection,
    base_algorithm: Callable[[Any], Any],
    drop_nulls: bool,  # noqa: FBT001 - called by name
) -> Collection:
    """A function of each; the results keep the index of what they were made of."""
    items: list[Any] = []
    for item in collection.items:
        answer = base_algorithm(item)
        if answer is None and drop_nulls:
            continue
        if isinstance(answer, Geometry):
            answer = Feature(answer)
        if not isinstance(answer, Feature | Image | Collection):
            raise Refused("Collection.map: A mapped algorithm must return a Feature or Image.")
        index = item.properties.get("system:index")
        items.append(changed(answer, {} if index is None else {"system:index": index}))
    return Collection(tuple(items), collection.properties, collection.id)


@models("Collection.size")
def size(collection: Collection) -> int:
    """How many."""
    return len(collection.items)


@models("Collection.first")
def first(collection: Collection) -> Element | None:
    """The first, null where there is none."""
    return collection.items[0] if collection.items else None


@models("Collection.limit")
def limited(
    collection: Collection,
    limit: int | None,
    key: str | None,
    ascending: bool,  # noqa: FBT001 - called by name
) -> Collection:
    """The first few, by rising or falling property where one is named."""
    items = list(collection.items)
    if key is not None:
        if any(key not in item.properties for item in items):
            raise Unmodelled(f"sorting by property '{key}', which an element lacks")
        items.sort(key=lambda item: item.properties[key], reverse=not ascending)
    return Collection(tuple(items[:limit]), collection.properties, collection.id)


@models("Collection.toList")
def to_list(collection: Collection, count: int, offset: int) -> list[Element]:
    """Elements as a list."""
    return list(collection.items[offset : offset + count])


@models("Collection.merge", "ImageCollection.merge")
def merged(collection1: Collection, collection2: Collection) -> Collection:
    """Both, their indices marked 1 and 2."""
    items: list[Element] = []
    for number, each in ((1, collection1), (2, collection2)):
        items += [
            changed(item, {"system:index": f"{number}_{item.properties.get('system:index', k)}"})
            for k, item in enumerate(each.items)
        ]
    return Collection(tuple(items))


@models("Collection.flatten")
def flattened(collection: Collection) -> Collection:
    """Elements of a collection's collections, their indices joined."""
    items: list[Element] = []
    for outer in collection.items:
        if not isinstance(outer, Collection):
            raise Refused("Collection.flatten: a collection of collections is needed.")
        prefix = outer.properties.get("system:index", "")
        items += [
            changed(inner, {"system:index": f"{prefix}_{inner.properties.get('system:index', k)}"})
            for k, inner in enumerate(outer.items)
        ]
    return Collection(tuple(items))


@models("Collection.distinct")
def distinct(collection: Collection, properties: Any) -> Collection:
    """The first of each combination of properties."""
    names = [properties] if isinstance(properties, str) else list(properties)
    seen: dict[str, Element] = {}
    for item in collection.items:
        key = json.dumps([item.properties.get(name) for name in names], default=str)
        seen.setdefault(key, item)
    return Collection(tuple(seen.values()))


@models("Collection.iterate")
def iterated(collection: Collection, function: Callable[[Any, Any], Any], first: Any) -> Any:
    """A function of each element and of what came before."""
    answer = first
    for item in collection.items:
        answer = function(item, answer)
    return answer


@models("Collection.geometry")
def place(collection: Collection) -> Geometry:
    """Where all of them lie."""
    return as_geometry(collection)


@models("Collection.randomColumn")
def random_column(
    collection: Collection, column_name: str, seed: int, row_keys: list[str]
) -> Collection:
    """A number from 0 to 1 by a hash of the seed and the row's keys; the service's hash differs."""

    def number(item: Element) -> float:
        keys = [str(item.properties.get(key)) for key in row_keys]
        digest = hashlib.sha256("\n".join([str(seed), *keys]).encode()).digest()
        return int.from_bytes(digest[:7]) / 2**56

    items = tuple(changed(item, {column_name: number(item)}) for item in collection.items)
    return Collection(items, collection.properties, collection.id)


def _column(collection: Collection, name: str) -> list[Any]:
    return [item.properties[name] for item in collection.items if name in item.properties]


@models("AggregateFeatureCollection.array")
def aggregate_array(collection: Collection, property_: str) -> list[Any]:
    """A property of every element that has it."""
    return _column(collection, property_)


@models("AggregateFeatureCollection.count")
def aggregate_count(collection: Collection, property_: str) -> int:
    """How many have a property."""
    return len(_column(collection, property_))


@models("AggregateFeatureCollection.histogram")
def aggregate_histogram(collection: Collection, property_: str) -> dict[str, int]:
    """How often each value of a property comes."""
    column = [str(value) for value in _column(collection, property_)]
    return {value: column.count(value) for value in sorted(set(column))}


@models(*(f"AggregateFeatureCollection.{name}" for name in ("min", "max", "sum", "mean", "first")))
def aggregate(collection: Collection, property_: str, *, algorithm_name: str) -> Any:
    """One number of a property."""
    column = _column(collection, property_)
    name = algorithm_name.rsplit(".", 1)[1]
    if not column:
        return 0 if name == "sum" else None
    functions: dict[str, Callable[[Any], Any]] = {
        "min": min,
        "max": max,
        "sum": sum,
        "mean": lambda values: sum(values) / len(values),
        "first": lambda values: values[0],
    }
    return functions[name](column)


@models("Collection.reduceColumns")
def reduce_columns(
    collection: Collection, reducer: Reducer, selectors: list[str]
) -> dict[str, Any]:
    """A reducer over properties; elements that lack one are left out."""
    if len(selectors) != reducer.inputs:
        raise Refused(
            f"Collection.reduceColumns: {reducer.inputs} selectors are needed, got "
            f"{len(selectors)}."
        )
    rows = [
        [item.properties[name] for name in selectors]
        for item in collection.items
        if all(name in item.properties for name in selectors)
    ]
    columns = [np.asarray([row[k] for row in rows]) for k in range(len(selectors))]
    answers = reducer.values(columns, np.ones(len(rows)))
    return dict(zip(reducer.outputs, answers, strict=True))
