"""Options of `sites add` and `sites import`, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PLACE = "Place: where the site is, and how well that is known"
RECORD = "Record: what is known of the site"
DOUBTS = "Answers to a refusal"

Layer = Annotated[
    str | None,
    typer.Option("--layer", help="Layer of the file, where it has several.", rich_help_panel=PLACE),
]
Radius = Annotated[
    float | None,
    typer.Option(
        "--radius-km", help="How far around a point to look, in km.", rich_help_panel=PLACE
    ),
]
Country = Annotated[
    list[str] | None,
    typer.Option(
        "--country",
        metavar="ISO3",
        rich_help_panel=PLACE,
        help="Country code, ISO 3166-1 alpha-3, such as MMR; repeatable. (default: where it lies)",
    ),
]
Epochs = Annotated[
    str,
    typer.Option(
        "--epochs",
        metavar="YEARS",
        help="Years of interest, with commas between them.",
        rich_help_panel=RECORD,
    ),
]
Season = Annotated[
    str,
    typer.Option(
        "--season",
        metavar="MONTHS",
        rich_help_panel=RECORD,
        help="Calendar months of clear imagery, e.g. 11,12,1,2,3,4. (default: the whole year)",
    ),
]
BordersFile = Annotated[
    Path | None,
    typer.Option(
        "--borders",
        metavar="FILE",
        rich_help_panel=PLACE,
        help="Vector file of country polygons with a field iso_a3. (default: Natural Earth 1:50m, "
        "good to 10 km)",
    ),
]
BordersPrecision = Annotated[
    float,
    typer.Option(
        "--borders-precision-m",
        min=0.1,
        max=1_000_000.0,
        help="How far those borders may be off, in m.",
        rich_help_panel=PLACE,
    ),
]
NearOk = Annotated[
    bool,
    typer.Option(
        "--near-ok",
        help="Another site lies within 2 km, and it is another.",
        rich_help_panel=DOUBTS,
    ),
]
PlaceOk = Annotated[
    bool,
    typer.Option(
        "--place-ok",
        help="The place is right, whatever the borders say.",
        rich_help_panel=DOUBTS,
    ),
]
Source = Annotated[
    str,
    typer.Option("--source", help="Where the place or outline is from.", rich_help_panel=PLACE),
]
Date = Annotated[
    str,
    typer.Option(
        "--date",
        metavar="DATE",
        help="Year or date the outline speaks of.",
        rich_help_panel=PLACE,
    ),
]
Licence = Annotated[
    str,
    typer.Option("--licence", help="Terms the outline may be used under.", rich_help_panel=PLACE),
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--precision-m",
        help="How far it may be off, in m. (default: the radius, or 100)",
        rich_help_panel=PLACE,
    ),
]
Point = Annotated[
    tuple[float, float] | None,
    typer.Option(
        "--point",
        metavar="LON LAT",
        help="Centre of the site instead of a file: longitude, then latitude, in degrees; west "
        "and south are negative.",
        rich_help_panel=PLACE,
    ),
]
Buffer = Annotated[
    float | None,
    typer.Option(
        "--buffer-km",
        min=0.0,
        help="Look this far around the outline, in km; the outline becomes the mine zone.",
        rich_help_panel=PLACE,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="NAME",
        help="Name, or language=name (my=…, zh-Hans=…); repeatable. (default: the id)",
        rich_help_panel=RECORD,
    ),
]
Aliases = Annotated[
    list[str] | None,
    typer.Option(
        "--alias", metavar="NAME", help="Another name; repeatable.", rich_help_panel=RECORD
    ),
]
Commodity = Annotated[
    str, typer.Option("--commodity", help="What is mined.", rich_help_panel=RECORD)
]
DepositType = Annotated[
    str,
    typer.Option("--deposit-type", help="E.g. ion-adsorption clay.", rich_help_panel=RECORD),
]
MiningMethod = Annotated[
    str, typer.Option("--mining-method", help="E.g. open pit.", rich_help_panel=RECORD)
]
Status = Annotated[
    str,
    typer.Option(
        "--status",
        help="active, care-and-maintenance, closed, project or unknown.",
        rich_help_panel=RECORD,
    ),
]
Legend = Annotated[
    str,
    typer.Option(
        "--legend",
        metavar="ID",
        help="Legend its land cover is mapped with: mine, forest, or one of your own.",
        rich_help_panel=RECORD,
    ),
]
PartOf = Annotated[
    str | None,
    typer.Option(
        "--part-of",
        metavar="ID",
        help="Id of the study area it is a zone of.",
        rich_help_panel=RECORD,
    ),
]
Note = Annotated[str, typer.Option("--note", help="Doubts and remarks.", rich_help_panel=RECORD)]
