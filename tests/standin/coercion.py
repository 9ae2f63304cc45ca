"""What the service turns an argument into before it calls an algorithm."""

from __future__ import annotations

from typing import Any

from tests.standin.calendar import Moment, as_moment
from tests.standin.elements import Collection, Element, Feature, indexed
from tests.standin.faults import Refused
from tests.standin.geometry import Geometry
from tests.standin.grids import Projection
from tests.standin.layers import Image, constant_image
from tests.standin.reducers import Reducer


def coerce(value: Any, kind: str, what: str) -> Any:
    """A value as an argument's type, or a refusal that names the argument."""
    if value is None:
        return None
    base = kind.split("<", 1)[0]
    if base == "List":
        inner = kind.removeprefix("List<").removesuffix(">")
        return [coerce(each, inner, what) for each in _as_list(value, what)]
    function = _COERCIONS.get(base)
    return value if function is None else function(value, what)


def _wrong(value: Any, wanted: str, what: str) -> Refused:
    return Refused(
        f"{what}: Parameter has the wrong type. Expected {wanted}, got {type(value).__name__}: "
        f"{value!r:.80}"
    )


def _as_list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _wrong(value, "List", what)
    return list(value)


def _as_image(value: Any, what: str) -> Image:
    if isinstance(value, Image):
        return value
    if isinstance(value, int | float):
        return constant_image([value])
    if isinstance(value, list) and all(isinstance(each, int | float) for each in value):
        return constant_image(value)
    raise _wrong(value, "Image", what)


def _as_number(value: Any, what: str) -> Any:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, int | float):
        raise _wrong(value, "Number", what)
    return value


def _as_integer(value: Any, what: str) -> int:
    number = _as_number(value, what)
    if not float(number).is_integer():
        raise _wrong(value, "Integer", what)
    return int(number)


def _as_string(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "String", what)
    return value


def _as_boolean(value: Any, what: str) -> bool:
    if not isinstance(value, bool | int | float):
        raise _wrong(value, "Boolean", what)
    return bool(value)


def _as_collection(value: Any, what: str) -> Collection:
    if isinstance(value, Collection):
        return value
    if isinstance(value, Feature | Image):
        return Collection(indexed([value]))
    if isinstance(value, Geometry):
        return Collection(indexed([Feature(value)]))
    if isinstance(value, list):
        items: list[Element] = [each for each in value if isinstance(each, Feature | Image)]
        if len(items) == len(value):
            return Collection(indexed(items))
    raise _wrong(value, "FeatureCollection", what)


def _as_element(value: Any, what: str) -> Any:
    if isinstance(value, Geometry):
        return Feature(value)
    if not isinstance(value, Feature | Image | Collection):
        raise _wrong(value, "Element", what)
    return value


def as_geometry(value: Any, what: str = "Geometry") -> Geometry:
    """A geometry, or that of an element, or those of a collection together."""
    if isinstance(value, Geometry):
        return value
    if isinstance(value, Feature):
        return value.place
    if isinstance(value, Image) and value.footprint is not None:
        return value.footprint
    if isinstance(value, Collection):
        from shapely import union_all

        places = [as_geometry(item, what) for item in value.items]
        if len({(place.crs, place.geodesic) for place in places}) == 1:
            first = places[0]
            return Geometry(union_all([place.shape for place in places]), first.crs, first.geodesic)
        shapes = [place.within("EPSG:4326") for place in places]
        return Geometry(union_all(shapes), geodesic=False)
    raise _wrong(value, "Geometry", what)


def _as_projection(value: Any, what: str) -> Projection:
    if isinstance(value, Projection):
        return value
    if isinstance(value, str):
        return Projection(value)
    raise _wrong(value, "Projection", what)


def _as_reducer(value: Any, what: str) -> Reducer:
    if not isinstance(value, Reducer):
        raise _wrong(value, "Reducer", what)
    return value


def _as_dictionary(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(value, "Dictionary", what)
    return value


def _as_date(value: Any, what: str) -> Moment:
    moment = as_moment(value)
    if moment is None:
        raise _wrong(value, "Date", what)
    return moment


_COERCIONS = {
    "Image": _as_image,
    "ImageCollection": _as_collection,
    "FeatureCollection": _as_collection,
    "Element": _as_element,
    "Feature": _as_element,
    "Geometry": as_geometry,
    "Projection": _as_projection,
    "Reducer": _as_reducer,
    "Dictionary": _as_dictionary,
    "Date": _as_date,
    "Number": _as_number,
    "Float": _as_number,
    "Integer": _as_integer,
    "Long": _as_integer,
    "String": _as_string,
    "Boolean": _as_boolean,
}
