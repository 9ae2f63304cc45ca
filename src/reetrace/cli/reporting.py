"""`report`, `run` and `render`: the main job and its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from reetrace.cli import engine_options, method_options, options
from reetrace.cli.console import notice, progress, site_progress

if TYPE_CHECKING:
    from reetrace.pipeline import Order, Outcome
    from reetrace.pipeline.many import SiteForecast
    from reetrace.pipeline.outlook import Forecast

_NOT_OF_THE_ORDER = {"site", "boundaries", "at_once", "dry_run", "quiet", "as_json"}


def report(
    *,
    site: options.SiteIds,
    years: options.Years,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    templates: options.Templates = None,
    lang: options.Lang = None,
    out: options.Out = None,
    edition: options.Edition = "restricted",
    engine: engine_options.Engine = None,
    project: engine_options.Project = None,
    key: engine_options.Key = None,
    concurrency: engine_options.Concurrency = None,
    scenes_from: engine_options.ScenesFrom = None,
    trainer: engine_options.Trainer = None,
    boundaries: engine_options.Boundaries = None,
    at_once: engine_options.AtOnce = None,
    dry_run: engine_options.DryRun = False,
    trees: method_options.Trees = 50,
    variables_per_split: method_options.Variables = None,
    bag_fraction: method_options.Bag = 0.5,
    min_leaf_population: method_options.Leaf = 1,
    max_nodes: method_options.Nodes = None,
    seed: method_options.Seed = 0,
    min_seen: method_options.MinSeen = 0.5,
    min_observations: method_options.MinObservations = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make the evidence and the documents: PDF report, Excel workbook, web page.

    Example:  reetrace report --site mine-A --years 2005-2020
    """
    _trace(locals(), documents=True)


def run(
    *,
    site: options.SiteIds,
    years: options.Years,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    out: options.Out = None,
    engine: engine_options.Engine = None,
    project: engine_options.Project = None,
    key: engine_options.Key = None,
    concurrency: engine_options.Concurrency = None,
    scenes_from: engine_options.ScenesFrom = None,
    trainer: engine_options.Trainer = None,
    boundaries: engine_options.Boundaries = None,
    at_once: engine_options.AtOnce = None,
    dry_run: engine_options.DryRun = False,
    trees: method_options.Trees = 50,
    variables_per_split: method_options.Variables = None,
    bag_fraction: method_options.Bag = 0.5,
    min_leaf_population: method_options.Leaf = 1,
    max_nodes: method_options.Nodes = None,
    seed: method_options.Seed = 0,
    min_seen: method_options.MinSeen = 0.5,
    min_observations: method_options.MinObservations = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Make the evidence folder only; `reetrace render` makes its documents later.

    Example:  reetrace run --site kachin-nujiang --years 2005,2020
    """
    _trace(locals(), documents=False)


def _trace(given: dict[str, Any], *, documents: bool) -> None:
    from reetrace.pipeline import Order
    from reetrace.pipeline.finished import finished_noted

    told = {name: value for name, value in given.items() if name not in _NOT_OF_THE_ORDER}
    boundaries = tuple(dict.fromkeys(given["boundaries"] or ()))
    orders = [Order(site=site, boundaries=boundaries, **told) for site in given["site"]]
    if given["dry_run"]:
        _foretell(orders, quiet=given["quiet"], as_json=given["as_json"])
        return
    with finished_noted(orders):
        if len(orders) == 1:
            _trace_one(orders[0], given, documents=documents)
        else:
            _trace_many(orders, given, documents=documents)


def _trace_one(order: Order, given: dict[str, Any], *, documents: bool) -> None:
    from reetrace.pipeline import carry_out

    as_json = given["as_json"]
    with progress(quiet=given["quiet"] or as_json) as follow:
        outcome = carry_out(order, documents=documents, progress=follow)
    _tell(outcome, as_json=as_json)


def _trace_many(orders: list[Order], given: dict[str, Any], *, documents: bool) -> None:
    from reetrace.pipeline.many import carry_out_many

    as_json = given["as_json"]
    with site_progress(quiet=given["quiet"] or as_json) as follow:
        found = carry_out_many(
            orders, documents=documents, at_once=given["at_once"], progress=follow
        )
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            for line in each.lines():
                typer.echo(line)
    for text in dict.fromkeys(each.outcome.notice for each in found if each.outcome):
        if text:
            notice(text)
    _end_badly([each.site for each in found if each.fault], len(found), as_json=as_json)


def _foretell(orders: list[Order], *, quiet: bool, as_json: bool) -> None:
    from reetrace.pipeline.forecast import forecast_order
    from reetrace.pipeline.many import forecast_many

    told: Sequence[Forecast | SiteForecast]
    failed: list[str] = []
    with site_progress(quiet=quiet or as_json) as follow:
        if len(orders) == 1:
            told = [forecast_order(orders[0], lambda step, share: follow("", step, share))]
        else:
            told = found = forecast_many(orders, progress=follow)
            failed = [each.site for each in found if each.fault]
    if as_json:
        records = [each.as_dict() for each in told]
        plain = records[0] if len(orders) == 1 else records
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        for each in told:
            for line in each.lines():
                typer.echo(line)
    _end_badly(failed, len(orders), as_json=as_json)


def _end_badly(failed: list[str], sites: int, *, as_json: bool) -> None:
    """Exit code 1 where a site failed; its reason was told beside its name."""
    if failed:
        if not as_json:
            typer.echo(
                f"error: {len(failed)} of {sites} sites failed: {', '.join(failed)}.", err=True
            )
        raise typer.Exit(1)


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
    lang: options.Lang = None,
    as_json: options.Json = False,
) -> None:
    """Make the documents again from an evidence folder alone.

    Unless told otherwise, with the template and in the language that they had.

    Example:  reetrace render reports/mine-A_2005-2020
    """
    from reetrace.pipeline import render_bag
    from reetrace.settings import ENGLISH, load_settings

    settings = load_settings(templates=templates, lang=lang)
    spoken = None if lang is None and settings.lang == ENGLISH else settings.lang
    made = render_bag(bag, templates=settings.templates, language=spoken)
    _tell(made, as_json=as_json)


__all__ = ["Path", "render", "report", "run"]
