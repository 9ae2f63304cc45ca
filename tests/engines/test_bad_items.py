"""Whatever stands in an item, a user gets a plain line and never a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reetrace import tables
from reetrace.core.errors import ReetraceError
from reetrace.engines.local import LocalEngine
from tests import worlds

_JUNK: tuple[Any, ...] = (None, 7, -1e308, "x", "", [], [None], {}, {"x": {}}, True)

_Key = tuple[str | int, ...]


def _keys(node: object, path: _Key = ()) -> Iterator[_Key]:
    """Every place in a JSON document, but for all vertices after the first."""
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _keys(value, (*path, key))
    elif isinstance(node, list) and node:
        yield from _keys(node[0], (*path, 0))


def _replaced(item: dict[str, Any], path: _Key, junk: object) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(item)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = junk
    return changed


@pytest.mark.parametrize("junk", _JUNK, ids=repr)
def test_junk_anywhere_in_an_item_is_a_plain_complaint_or_harmless(
    tmp_path: Path, junk: object
) -> None:
    """Each value of the item is replaced in turn by something that does not belong there."""
    world = worlds.forest()
    folder = worlds.write_landsat(tmp_path / "scenes", world, ["2020-12-06"])
    path = next(folder.rglob("*.json"))
    item = json.loads(path.read_text(encoding="utf-8"))
    item["assets"] = {name: item["assets"][name] for name in ("SR_B2", "SR_B4", "QA_PIXEL")}
    item["assets"]["SR_B2"]["raster:bands"] = [{"scale": 0.0001, "offset": 0.0, "nodata": 0}]
    item["assets"]["SR_B4"]["eo:bands"] = [{"name": "SR_B4"}]
    item["assets"]["SR_B4"]["reetrace:band_index"] = 1
    site, epoch, sensors = world.site, worlds.year(2020), tables.landsat_for_year(2020)

    complaints = []
    for place in _keys(item):
        path.write_text(json.dumps(_replaced(item, place, junk)), encoding="utf-8")
        try:
            LocalEngine([folder], work=tmp_path / "work").scenes(site, epoch, sensors)
        except ReetraceError as fault:
            complaints.append(str(fault))

    assert complaints
    assert not any("\n" in complaint for complaint in complaints)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"n": ' + b"1" * 5_000 + b"}", "not valid JSON"),
    ],
)
def test_bytes_that_are_no_document_are_refused_by_their_path(
    tmp_path: Path, content: bytes, said: str
) -> None:
    """A catalogue may hold anything that ends in .json."""
    (tmp_path / "odd.json").write_bytes(content)

    with pytest.raises(ReetraceError, match=rf"odd\.json: {said}"):
        LocalEngine([tmp_path], work=tmp_path / "work").registered()


def test_what_is_no_file_is_refused_by_its_path(tmp_path: Path) -> None:
    """A folder may end in .json, and a link may lead round in a circle."""
    for name, make in (
        ("folder", lambda path: path.mkdir(parents=True)),
        ("round", lambda path: (path.parent.mkdir(), path.symlink_to(path))),
    ):
        make(tmp_path / name / "odd.json")

        with pytest.raises(ReetraceError, match=r"odd\.json: cannot be read"):
            LocalEngine([tmp_path / name], work=tmp_path / "work").registered()
