"""`map`: the site to look at, before and after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reetrace.cli import engine_options, method_options, options
from reetrace.cli.console import notice, progress
from reetrace.core.errors import SettingError

_Site = Annotated[
    str | None,
    typer.Option(
        "--site", metavar="ID", help="Site id or alias; `reetrace sites list` shows them."
    ),
]
_Years = Annotated[
    str | None,
    typer.Option(
        "--years",
        metavar="YEARS",
        help="Range (2005-2020: the site's epochs within it), list (2005,2020) or one year (2018).",
    ),
]
_Bag = Annotated[
    Path | None,
    typer.Option(
        "--bag",
        metavar="FOLDER",
        help="Evidence folder to show instead of --site and --years; no imagery is needed.",
    ),
]
_File = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE.html",
        help="The file. (default: SITE_YEARS_map.html where reports are put, or beside the "
        "evidence folder)",
    ),
]


def map_(
    *,
    site: _Site = None,
    years: _Years = None,
    bag: _Bag = None,
    out: _File = None,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    engine: engine_options.Engine = None,
    project: engine_options.Project = None,
    key: engine_options.Key = None,
    concurrency: engine_options.Concurrency = None,
    scenes_from: engine_options.ScenesFrom = None,
    min_seen: method_options.MinSeen = 0.5,
    min_observations: method_options.MinObservations = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make one interactive HTML map: imagery, land cover, outlines, a before/after divider.

    Example:  reetrace map --site mine-A --years 2005-2020
    """
    from reetrace.pipeline import Order
    from reetrace.pipeline.looking import look, look_at

    if bag is not None:
        if site is not None or years is not None:
            raise SettingError(
                "--bag: shows an evidence folder by itself. Leave out --site and --years."
            )
        made = look_at(bag, out=out)
    else:
        if site is None or years is None:
            raise SettingError(
                "map: what shall it show? Give --site and --years, or --bag with an evidence "
                "folder."
            )
        order = Order(
            site=site,
            years=years,
            registry=registry,
            scenes=scenes,
            engine=engine,
            project=project,
            key=key,
            concurrency=concurrency,
            scenes_from=scenes_from,
            min_seen=min_seen,
            min_observations=min_observations,
        )
        with progress(quiet=quiet or as_json) as follow:
            made = look(order, out=out, progress=follow)
    if as_json:
        typer.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in made.lines():
            typer.echo(line)
    if made.notice:
        notice(made.notice)


__all__ = ["Path", "map_"]
