"""`report`, `run`, `render` and `verify`: the main job and its parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reetrace.cli import options
from reetrace.cli.console import notice, progress

if TYPE_CHECKING:
    from reetrace.pipeline import Outcome

_METHOD = "Method: the defaults suit a first report, and every choice is printed in it"

Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="Where imagery is read and classified: local is this machine.",
        rich_help_panel=_METHOD,
    ),
]
Trees = Annotated[
    int,
    typer.Option(
        "--trees",
        min=1,
        max=500,
        help="Decision trees in the random forest.",
        rich_help_panel=_METHOD,
    ),
]
Variables = Annotated[
    int | None,
    typer.Option(
        "--variables-per-split",
        min=1,
        help="Bands a tree may choose from at each split. (default: square root of their number)",
        rich_help_panel=_METHOD,
    ),
]
Bag = Annotated[
    float,
    typer.Option(
        "--bag-fraction",
        min=0.01,
        max=1.0,
        help="Share of the labels each tree sees (0-1).",
        rich_help_panel=_METHOD,
    ),
]
Leaf = Annotated[
    int,
    typer.Option(
        "--min-leaf-population",
        min=1,
        help="Fewest labels in a leaf of a tree.",
        rich_help_panel=_METHOD,
    ),
]
Nodes = Annotated[
    int | None,
    typer.Option(
        "--max-nodes",
        min=2,
        help="Most leaves of a tree. (default: no limit)",
        rich_help_panel=_METHOD,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        help="Number that every random step starts from: the same one gives the same report.",
        rich_help_panel=_METHOD,
    ),
]
MinSeen = Annotated[
    float,
    typer.Option(
        "--min-seen",
        min=0.0,
        max=1.0,
        help="Least share of the site that must be seen clear in every year (0-1).",
        rich_help_panel=_METHOD,
    ),
]
MinObservations = Annotated[
    int | None,
    typer.Option(
        "--min-observations",
        min=1,
        help="Clear views a pixel needs to count as seen. (default: 2, or 1 where an epoch has "
        "only one pass)",
        rich_help_panel=_METHOD,
    ),
]


def report(
    *,
    site: options.SiteId,
    years: options.Years,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    templates: options.Templates = None,
    out: options.Out = None,
    engine: Engine = "local",
    trees: Trees = 50,
    variables_per_split: Variables = None,
    bag_fraction: Bag = 0.5,
    min_leaf_population: Leaf = 1,
    max_nodes: Nodes = None,
    seed: Seed = 0,
    min_seen: MinSeen = 0.5,
    min_observations: MinObservations = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make the evidence and the documents: PDF report and Excel workbook.

    Example:  reetrace report --site mine-A --years 2005-2020
    """
    _trace(locals(), documents=True)


def run(
    *,
    site: options.SiteId,
    years: options.Years,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    out: options.Out = None,
    engine: Engine = "local",
    trees: Trees = 50,
    variables_per_split: Variables = None,
    bag_fraction: Bag = 0.5,
    min_leaf_population: Leaf = 1,
    max_nodes: Nodes = None,
    seed: Seed = 0,
    min_seen: MinSeen = 0.5,
    min_observations: MinObservations = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make the evidence folder only; `reetrace render` makes its documents later.

    Example:  reetrace run --site kachin-nujiang --years 2005,2020
    """
    _trace(locals() | {"templates": None}, documents=False)


def _trace(given: dict[str, object], *, documents: bool) -> None:
    from reetrace.pipeline import Order, carry_out

    order = Order(
        **{name: value for name, value in given.items() if name not in {"quiet", "as_json"}}  # type: ignore[arg-type]
    )
    quiet, as_json = bool(given["quiet"]), bool(given["as_json"])
    with progress(quiet=quiet or as_json) as follow:
        outcome = carry_out(order, documents=documents, progress=follow)
    _tell(outcome, as_json=as_json)


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in outcome.lines():
            typer.echo(line)
    if outcome.notice:
        notice(outcome.notice)


def render(
    *,
    bag: options.Bag,
    templates: options.Templates = None,
    as_json: options.Json = False,
) -> None:
    """Make the PDF and the workbook again from an evidence folder alone.

    Example:  reetrace render reports/mine-A_2005-2020
    """
    from reetrace.pipeline import render_bag
    from reetrace.settings import load_settings

    _tell(render_bag(bag, templates=load_settings(templates=templates).templates), as_json=as_json)


def verify(*, bag: options.Bag, as_json: options.Json = False) -> None:
    """Check that an evidence folder is whole and unchanged.

    Example:  reetrace verify reports/mine-A_2005-2020
    """
    from reetrace.pipeline import verify_bag

    checked, notice_text = verify_bag(bag)
    if as_json:
        outcome = {"bag": str(bag), "whole": True, "files": checked, "notice": notice_text}
        typer.echo(json.dumps(outcome, ensure_ascii=False))
    else:
        typer.echo(f"{bag}: whole; {checked} files match their checksums.")
    if notice_text:
        notice(notice_text)


__all__ = ["Path", "render", "report", "run", "verify"]
