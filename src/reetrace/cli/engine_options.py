"""Options that choose the engine, and those of Earth Engine, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Engine: this machine, or Google Earth Engine (see docs/earthengine.md)"

Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="local|earthengine",
        help="Where imagery is read and classified: local is this machine, earthengine Google's "
        "servers. (default: local; env: REETRACE_ENGINE)",
        rich_help_panel=PANEL,
    ),
]
Project = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="ID",
        help="Google Cloud project for Earth Engine. (default: the one that comes with the "
        "credentials; env: REETRACE_PROJECT)",
        rich_help_panel=PANEL,
    ),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="Key file of a service account for Earth Engine. (default: other credentials are "
        "looked for; env: REETRACE_KEY)",
        rich_help_panel=PANEL,
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        "--concurrency",
        min=1,
        max=40,
        help="Most requests to Earth Engine at once. (default: 20; env: REETRACE_CONCURRENCY)",
        rich_help_panel=PANEL,
    ),
]
ScenesFrom = Annotated[
    Path | None,
    typer.Option(
        "--scenes-from",
        metavar="FOLDER",
        help="Evidence folder of an earlier run: use exactly its images.",
        rich_help_panel=PANEL,
    ),
]
Trainer = Annotated[
    str | None,
    typer.Option(
        "--trainer",
        metavar="local|earthengine",
        help="Where the forest is grown: local is this machine, earthengine Google's servers. "
        "(default: local; env: REETRACE_TRAINER)",
        rich_help_panel=PANEL,
    ),
]
Boundaries = Annotated[
    list[str] | None,
    typer.Option(
        "--boundaries",
        metavar="lsib|geoboundaries",
        help="A further edition of country borders from Earth Engine; repeatable.",
        rich_help_panel=PANEL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Print the plan (images, requests, bytes, compute) and stop.",
        rich_help_panel=PANEL,
    ),
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        "--at-once",
        min=1,
        max=40,
        help="With several sites: how many study areas at once. (default: 4 with Earth Engine, 1 "
        "with the local engine)",
        rich_help_panel=PANEL,
    ),
]
