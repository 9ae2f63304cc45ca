"""The two documents the client fetches when it initialises, as the client's own wheel has them."""

from __future__ import annotations

import copy
import functools
import importlib.resources
import json

from tests.loopback.backend import Body


@functools.cache
def algorithms() -> bytes:
    """The list of the service's functions, verbatim."""
    return importlib.resources.files("ee").joinpath("tests", "algorithms.json").read_bytes()


@functools.cache
def discovery() -> bytes:
    """The packaged description of the interface as version v1, with what the client calls besides.

    The packaged one is of 2020: it lacks exports of classifiers and downloads of tables.
    """
    packaged = importlib.resources.files("ee").joinpath(
        "tests", "cloud_api_discovery_document.json"
    )
    document: Body = json.loads(packaged.read_text("utf-8").replace("v1alpha", "v1"))
    resources = document["resources"]["projects"]["resources"]
    resources["classifier"] = _renamed(resources["table"], "table", "classifier", only=("export",))
    tables = _renamed(resources["thumbnails"], "thumbnails", "tables")
    tables["methods"]["getFeatures"] = json.loads(
        json.dumps(tables["methods"].pop("getPixels")).replace("getPixels", "getFeatures")
    )
    resources["tables"] = tables
    methods = document["resources"]["projects"]["methods"]
    methods["getConfig"] = json.loads(
        json.dumps(resources["assets"]["methods"]["get"]).replace("assets.get", "getConfig")
    )
    methods["getConfig"]["parameters"]["name"]["pattern"] = "^projects/[^/]+/config$"
    return json.dumps(document).encode()


def _renamed(resource: Body, old: str, new: str, *, only: tuple[str, ...] = ()) -> Body:
    renamed: Body = json.loads(json.dumps(copy.deepcopy(resource)).replace(old, new))
    if only:
        renamed["methods"] = {name: renamed["methods"][name] for name in only}
    return renamed
