"""Options of `sites add` and `sites import`, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Layer = Annotated[
    str | None, typer.Option("--layer", help="Layer of the file, where it has several.")
]
Radius = Annotated[
    float | None,
    typer.Option("--radius-km", help="How far around a point to look, in km."),
]
Country = Annotated[
    list[str] | None,
    typer.Option(
        "--country",
        help="Country code, ISO 3166-1 alpha-3, such as MMR; repeatable. (default: where it lies)",
    ),
]
Epochs = Annotated[
    str, typer.Option("--epochs", help="Years of interest, with commas between them.")
]
Season = Annotated[
    str,
    typer.Option(
        "--season",
        help="Calendar months of clear imagery, e.g. 11,12,1,2,3,4. (default: the whole year)",
    ),
]
BordersFile = Annotated[
    Path | None,
    typer.Option(
        "--borders",
        help="Vector file of country polygons with a field iso_a3. (default: Natural Earth 1:50m, "
        "good to 10 km)",
    ),
]
BordersPrecision = Annotated[
    float,
    typer.Option("--borders-precision-m", min=0.1, help="How far those borders may be off, in m."),
]
NearOk = Annotated[
    bool, typer.Option("--near-ok", help="Another site lies within 2 km, and it is another.")
]
PlaceOk = Annotated[
    bool, typer.Option("--place-ok", help="The place is right, whatever the borders say.")
]
Source = Annotated[str, typer.Option("--source", help="Where the place or outline is from.")]
Date = Annotated[str, typer.Option("--date", help="Year or date the outline speaks of.")]
Licence = Annotated[str, typer.Option("--licence", help="Terms the outline may be used under.")]
Precision = Annotated[
    float | None,
    typer.Option(
        "--precision-m", help="How far it may be off, in m. (default: the radius, or 100)"
    ),
]
