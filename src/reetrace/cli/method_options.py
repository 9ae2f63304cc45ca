"""Options of the method, worded once."""

from __future__ import annotations

from typing import Annotated

import typer

# More than any set of labels has, and few enough for a tree to be laid out in memory.
_MOST_NODES = 100_000

# What Earth Engine takes as a seed.
_LARGEST_SEED = 2**31 - 1

PANEL = "Method: the defaults suit a first report, and every choice is printed in it"

Trees = Annotated[
    int,
    typer.Option(
        "--trees",
        min=1,
        max=500,
        help="Decision trees in the random forest.",
        rich_help_panel=PANEL,
    ),
]
Variables = Annotated[
    int | None,
    typer.Option(
        "--variables-per-split",
        min=1,
        help="Bands a tree may choose from at each split. (default: square root of their number)",
        rich_help_panel=PANEL,
    ),
]
Bag = Annotated[
    float,
    typer.Option(
        "--bag-fraction",
        min=0.01,
        max=1.0,
        help="Share of the labels each tree sees (0-1).",
        rich_help_panel=PANEL,
    ),
]
Leaf = Annotated[
    int,
    typer.Option(
        "--min-leaf-population",
        min=1,
        max=_MOST_NODES,
        help="Fewest labels in a leaf of a tree.",
        rich_help_panel=PANEL,
    ),
]
Nodes = Annotated[
    int | None,
    typer.Option(
        "--max-nodes",
        min=2,
        max=_MOST_NODES,
        help="Most leaves of a tree. (default: no limit)",
        rich_help_panel=PANEL,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=_LARGEST_SEED,
        help="Number that every random step starts from: the same one gives the same report.",
        rich_help_panel=PANEL,
    ),
]
MinSeen = Annotated[
    float,
    typer.Option(
        "--min-seen",
        min=0.0,
        max=1.0,
        help="Least share of the site that must be seen clear in every year (0-1).",
        rich_help_panel=PANEL,
    ),
]
MinObservations = Annotated[
    int | None,
    typer.Option(
        "--min-observations",
        min=1,
        help="Clear views a pixel needs to count as seen. (default: 2, or 1 where an epoch has "
        "only one pass)",
        rich_help_panel=PANEL,
    ),
]
