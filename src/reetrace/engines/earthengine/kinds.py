"""What a request of the client is for, read from its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

TAGGED = frozenset(
    {
        "value:compute",
        "image:computePixels",
        "table:computeFeatures",
        "image:export",
        "table:export",
        "maps",
        "thumbnails",
    }
)
"""Kinds whose requests can bear a workload tag."""

IN_JSON = frozenset(
    {
        "algorithms",
        "config",
        "discovery",
        "operations",
        "assets",
        "maps",
        "value:compute",
        "table:computeFeatures",
        "image:export",
        "table:export",
    }
)
"""Kinds whose answers are JSON."""

_KINDS = (
    (re.compile(r"/\$discovery/rest$"), "discovery"),
    (re.compile(r"/token$"), "token"),
    (re.compile(r"/projects/[^/]+/((?:value|image|table):\w+)$"), ""),
    (re.compile(r"/maps/[^/]+/tiles/"), "tiles"),
    (
        re.compile(
            r"/projects/[^/]+/(algorithms|config|operations|assets|maps|thumbnails|tables)\b"
        ),
        "",
    ),
)


def kind_of(uri: str) -> str:
    """What a request is for, as the usage counts it.

    >>> kind_of("https://earthengine.googleapis.com/v1/projects/p/value:compute?alt=json")
    'value:compute'
    >>> kind_of("https://earthengine.googleapis.com/v1/projects/p/operations/ABC")
    'operations'
    """
    path = urlsplit(uri).path
    for pattern, kind in _KINDS:
        found = pattern.search(path)
        if found:
            return kind or found.group(1)
    return "other"
