"""`doctor`: what works on this machine, one line each, with what to do where it does not."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Annotated

import typer

from reetrace.cli import engine_options, options


def doctor(
    *,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="ID", help="Also say which imagery would serve this site."),
    ] = None,
    registry: options.Registry = None,
    scenes: options.Scenes = None,
    templates: options.Templates = None,
    as_json: options.Json = False,
    engine: engine_options.Engine = None,
    project: engine_options.Project = None,
    key: engine_options.Key = None,
    sign_in: Annotated[
        bool,
        typer.Option(
            "--sign-in",
            help="First sign in to Earth Engine with a browser; nothing else ever asks.",
            rich_help_panel=engine_options.PANEL,
        ),
    ] = False,
) -> None:
    """Say what works on this machine and what to do about what does not.

    Example:  reetrace doctor --site mine-A
    """
    from reetrace.checkup import examine
    from reetrace.settings import load_settings

    settings = load_settings(
        registry=registry,
        scenes=scenes,
        templates=templates,
        engine="earthengine" if sign_in else engine,
        project=project,
        key=key,
    )
    if sign_in:
        _sign_in()
    findings = examine(settings, site=site)
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in findings], ensure_ascii=False, indent=2))
    else:
        for each in findings:
            typer.echo(
                f"{_mark(works=each.works, fault=each.is_fault)} {each.what}: {each.finding}"
            )
            if each.do:
                typer.echo(f"     {each.do}")
    if any(each.is_fault for each in findings):
        raise typer.Exit(1)


def _mark(*, works: bool, fault: bool) -> str:
    if works:
        return typer.style("ok  ", fg="green")
    return typer.style("FAIL", fg="red") if fault else typer.style("note", fg="yellow")


def _sign_in() -> None:
    from reetrace.core.errors import SettingError
    from reetrace.engines.earthengine.signing_in import ask_for_sign_in

    if not sys.stdin.isatty():
        raise SettingError(
            "--sign-in: asks questions and needs a terminal. Where nobody can answer, use the key "
            "of a service account with --key."
        )
    # What the client says on the way is no part of the findings.
    with contextlib.redirect_stdout(sys.stderr):
        ask_for_sign_in()
