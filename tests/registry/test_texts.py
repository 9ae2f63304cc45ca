"""Texts that a report could not print are refused where they come in."""

from __future__ import annotations

import json

import pytest

from reetrace.core.errors import LabelError
from reetrace.registry.labels import load_labels


def test_a_text_of_pages_is_refused_in_a_line_that_can_be_read(tmp_path):
    """Forty thousand letters as an interpreter's name would take a report minutes to set."""
    properties = {"id": "a", "landcover": "mine", "interpreter": "x " * 20_000}
    properties |= {"image_source": "made up", "image_date": "2005"}
    place = {"type": "Point", "coordinates": [98.53, 25.89]}
    record: dict[str, object] = {"schema": "labels-1", "site": "mine-A", "epoch": "2005"}
    record |= {"purpose": "training", "design": "purposive", "strata": []}
    point = {"type": "Feature", "geometry": place, "properties": properties}
    path = tmp_path / "2005.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "reetrace": record, "features": [point]})
    )

    with pytest.raises(LabelError, match=r"interpreter is 'x x .*letters") as refused:
        load_labels(path)

    assert len(str(refused.value)) < 400
