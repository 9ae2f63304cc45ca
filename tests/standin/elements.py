"""Features and collections, and the functions of an element's properties."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.standin.faults import Refused
from tests.standin.geometry import Geometry
from tests.standin.layers import Image
from tests.standin.registering import models


@dataclass(frozen=True)
class Feature:
    """A place, if any, with properties."""

    geometry: Geometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> Geometry:
        """The geometry, which must be there."""
        if self.geometry is None:
            index = self.properties.get("system:index")
            raise Refused(f"Feature '{index}': has no geometry.")
        return self.geometry

    def having(self, properties: Mapping[str, Any]) -> Feature:
        """The same with more properties."""
        return Feature(self.geometry, {**self.properties, **properties})


Element = Feature | Image


@dataclass(frozen=True)
class Collection:
    """Features or images in order."""

    items: tuple[Element, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""

    def images(self) -> list[Image]:
        """Its items, which must be images."""
        images = [item for item in self.items if isinstance(item, Image)]
        if len(images) != len(self.items):
            raise Refused("Expected an image collection, but it holds features.")
        return images

    def features(self) -> list[Feature]:
        """Its items, which must be features."""
        features = [item for item in self.items if isinstance(item, Feature)]
        if len(features) != len(self.items):
            raise Refused("Expected a feature collection, but it holds images.")
        return features


def indexed(items: list[Element]) -> tuple[Element, ...]:
    """Items of a list made a collection: their `system:index` is their place in it."""
    return tuple(changed(item, {"system:index": str(k)}) for k, item in enumerate(items))


T = TypeVar("T", bound=Feature | Image | Collection)


def changed(element: T, properties: Mapping[str, Any]) -> T:
    """The element with properties set; a null removes one."""
    merged = {**element.properties, **properties}
    kept = {name: value for name, value in merged.items() if value is not None}
    return dataclasses.replace(element, properties=kept)


@models("Feature")
def feature(geometry: Geometry | None, metadata: dict[str, Any]) -> Feature:
    """A feature of its parts."""
    return changed(Feature(geometry), metadata)


@models("Element.set")
def set_property(object_: T, key: str, value: Any) -> T:
    """One property set."""
    return changed(object_, {key: value})


@models("Element.setMulti")
def set_properties(object_: T, properties: dict[str, Any]) -> T:
    """Several properties set."""
    return changed(object_, properties)


@models("Element.get", "Element.getNumber", "Element.getString")
def get_property(object_: Element | Collection, property_: str) -> Any:
    """One property, null where there is none."""
    return object_.properties.get(property_)


@models("Element.propertyNames")
def property_names(element: Element | Collection) -> list[str]:
    """Names of the properties; of images the service lists its own ones too."""
    return sorted(element.properties)


@models("Element.toDictionary")
def to_dictionary(element: Element, properties: list[str] | None) -> dict[str, Any]:
    """Properties as a dictionary: those named, or all that are not the system's."""
    if properties is None:
        return {
            name: value
            for name, value in element.properties.items()
            if not name.startswith("system:")
        }
    missing = [name for name in properties if name not in element.properties]
    if missing:
        raise Refused(f"Element.toDictionary: Property '{missing[0]}' is missing.")
    return {name: element.properties[name] for name in properties}


@models("Element.copyProperties", "Image.copyProperties")
def copy_properties(
    destination: T, source: Element, properties: list[str] | None, exclude: list[str] | None
) -> T:
    """Properties of another element: those named, or all that are not the system's."""
    if properties is None:
        taken = [name for name in source.properties if not name.startswith("system:")]
    else:
        taken = [name for name in properties if name in source.properties]
    return changed(
        destination,
        {name: source.properties[name] for name in taken if name not in (exclude or [])},
    )


@models("Image.id", "Feature.id")
def identifier(element: Element) -> str | None:
    """The index within the collection, as `id()` gives it."""
    index = element.properties.get("system:index")
    return None if index is None else str(index)


@models("Feature.select")
def select_properties(
    input_: Element,
    property_selectors: list[str],
    new_properties: list[str] | None,
    retain_geometry: bool,  # noqa: FBT001 - called by name
) -> Feature:
    """Some of the properties, renamed if names are given."""
    if not isinstance(input_, Feature):
        raise Refused("Feature.select: a feature is needed.")
    names = new_properties or property_selectors
    kept = {
        new: input_.properties[old]
        for old, new in zip(property_selectors, names, strict=True)
        if old in input_.properties
    }
    if "system:index" in input_.properties:
        kept["system:index"] = input_.properties["system:index"]
    return Feature(input_.geometry if retain_geometry else None, kept)


@models("Feature.setGeometry")
def set_geometry(feature: Feature, geometry: Geometry | None) -> Feature:
    """Another geometry."""
    return Feature(geometry, feature.properties)


@models("Element.geometry", "Image.geometry", "Feature.geometry")
def geometry(feature: Element) -> Geometry:
    """Where a feature or an image lies."""
    if isinstance(feature, Feature):
        return feature.place
    if feature.footprint is None:
        raise Refused("Image.geometry: The image is unbounded.")
    return feature.footprint
