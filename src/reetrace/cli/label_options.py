"""Options of `labels import`."""

from __future__ import annotations

from typing import Annotated

import typer

CLASSES = "Which features, which classes"
SEEN = "Who saw it, on what image, how the places were chosen"
DRAWN = "From polygons: points are drawn inside them"

# A hundred times the labels that a forest gains anything from.
_MOST_POINTS = 100_000

# As far as `sites add` looks around a mine.
_FARTHEST_M = 50_000.0

Epoch = Annotated[
    list[str],
    typer.Option(
        "--epoch",
        metavar="YEAR[=FIELD]",
        help="Year the labels speak of, and the field with the class then; repeat it for several "
        "dates at the same places (1986=class_1986).",
        rich_help_panel=CLASSES,
    ),
]
AsClass = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="CLASS",
        help="Class of every feature, where no field says it.",
        rich_help_panel=CLASSES,
    ),
]
ClassMap = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="THEIRS=OURS",
        help="Class in the file = class of the legend; repeatable.",
        rich_help_panel=CLASSES,
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="FIELD=VALUE",
        help="Only features with this value; repeatable.",
        rich_help_panel=CLASSES,
    ),
]
Layer = Annotated[
    str | None,
    typer.Option(
        "--layer", help="Layer of the file, where it has several.", rich_help_panel=CLASSES
    ),
]
Interpreter = Annotated[
    str,
    typer.Option(
        "--interpreter",
        metavar="NAME",
        help="Who saw it, where no field says so.",
        rich_help_panel=SEEN,
    ),
]
ImageSource = Annotated[
    str,
    typer.Option(
        "--image-source", help="On what image, where no field says so.", rich_help_panel=SEEN
    ),
]
ImageDate = Annotated[
    str,
    typer.Option(
        "--image-date",
        metavar="DATE",
        help="Date of that image. (default: the epoch)",
        rich_help_panel=SEEN,
    ),
]
Sample = Annotated[
    str,
    typer.Option(
        "--sample",
        metavar="simple-random|stratified",
        help="The points are a probability sample. (default: training labels, chosen by eye)",
        rich_help_panel=SEEN,
    ),
]
Stratum = Annotated[
    list[str] | None,
    typer.Option(
        "--stratum",
        metavar="ID=KM2",
        help="Stratum of a stratified sample = its area in km²; repeatable.",
        rich_help_panel=SEEN,
    ),
]
PerClass = Annotated[
    int,
    typer.Option(
        "--per-class",
        min=1,
        max=_MOST_POINTS,
        help="Points drawn inside the polygons of each class.",
        rich_help_panel=DRAWN,
    ),
]
Outside = Annotated[
    str,
    typer.Option(
        "--outside",
        metavar="CLASS",
        help="Also draw points outside all polygons, of this class.",
        rich_help_panel=DRAWN,
    ),
]
OutsideCount = Annotated[
    int,
    typer.Option(
        "--outside-count",
        min=1,
        max=_MOST_POINTS,
        help="How many of them.",
        rich_help_panel=DRAWN,
    ),
]
OutsideBuffer = Annotated[
    float,
    typer.Option(
        "--outside-buffer-m",
        min=0.0,
        max=_FARTHEST_M,
        help="How far from every polygon, in m.",
        rich_help_panel=DRAWN,
    ),
]
Pixel = Annotated[
    float,
    typer.Option(
        "--pixel-m",
        min=1.0,
        max=1_000.0,
        help="Pixel size of the site's grid, in m.",
        rich_help_panel=DRAWN,
    ),
]
Seed = Annotated[
    int,
    typer.Option("--seed", min=0, help="Seed of the drawing.", rich_help_panel=DRAWN),
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Write over labels that are there already.")
]
