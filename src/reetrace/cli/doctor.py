"""`doctor`: what works on this machine, one line each, with what to do where it does not."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from reetrace.cli import options


def doctor(
    *,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    templates: options.Templates = None,
    as_json: options.Json = False,
    site: Annotated[
        str | None, typer.Option("--site", help="Also say which imagery would serve this site.")
    ] = None,
) -> None:
    """Say what works on this machine and what to do about what does not.

    Example:  reetrace doctor --site mine-A
    """
    from reetrace.checkup import examine
    from reetrace.settings import load_settings

    settings = load_settings(registry=registry, scenes=scenes, templates=templates)
    findings = examine(settings, site=site)
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in findings], ensure_ascii=False, indent=2))
    else:
        for each in findings:
            mark = typer.style("ok  ", fg="green") if each.works else typer.style("FAIL", fg="red")
            typer.echo(f"{mark} {each.what}: {each.finding}")
            if each.do:
                typer.echo(f"     {each.do}")
    if not all(each.works for each in findings):
        raise typer.Exit(1)
