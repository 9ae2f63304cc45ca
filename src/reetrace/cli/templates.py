"""`templates`: how the PDF looks, and how a user makes it look otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reetrace.cli import options
from reetrace.cli.console import notice, progress

templates_app = typer.Typer(
    help="Templates of the PDF: list, begin, check and preview them.", no_args_is_help=True
)

Folder = Annotated[
    str,
    typer.Argument(metavar="FOLDER", help="Your template folder, or the name of a shipped one."),
]


@templates_app.command("list")
def list_templates(*, as_json: options.Json = False) -> None:
    """List the shipped templates, and where they lie: their texts are there to be copied.

    Example:  reetrace templates list
    """
    from reetrace.report.describing import overview

    rows = overview()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['name']:<14} {row['title']} ({row['sections']} sections)")
        typer.echo(f"{'':<14} {row['folder']}")


@templates_app.command("new")
def new_template(
    name: Annotated[str, typer.Argument(help="Name of the folder, e.g. example-minerals.")],
    *,
    extends: Annotated[
        str, typer.Option("--extends", help="Shipped template it begins with.")
    ] = "default",
    out: Annotated[Path, typer.Option("--out", help="Folder to put it in.")] = Path(),
    as_json: options.Json = False,
) -> None:
    """Begin a template: a folder with comments, in which everything works already.

    Example:  reetrace templates new example-minerals --extends audit-letter
    """
    from reetrace.report.starter import write_starter

    folder = write_starter(name, extends=extends, out=out)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "extends": extends}, ensure_ascii=False))
        return
    typer.echo(f"template    {folder}")
    typer.echo(f"check it    reetrace templates check {folder}")
    typer.echo(f"see it      reetrace templates preview {folder}")


@templates_app.command("check")
def check_template(
    folder: Folder,
    *,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", help="List too what has no translation in this language. (default: en)"
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check a template; one line for each fault, exit code 1 if there is any.

    Example:  reetrace templates check example-minerals
    """
    from reetrace.report.describing import complaints
    from reetrace.report.language import untranslated
    from reetrace.settings import load_settings

    settings = load_settings(templates=folder, lang=lang)
    faults = complaints(settings.templates)
    if lang is not None and not faults:
        faults = untranslated(settings.lang, settings.templates)
    if as_json:
        typer.echo(json.dumps({"folder": folder, "faults": faults}, ensure_ascii=False, indent=2))
    else:
        for each in faults:
            typer.echo(each)
        verdict = (
            f"{len(faults)} fault{'' if len(faults) == 1 else 's'}." if faults else "No fault."
        )
        typer.echo(verdict, err=bool(faults))
    if faults:
        raise typer.Exit(1)


@templates_app.command("preview")
def preview_template(
    folder: Folder,
    *,
    bag: Annotated[
        Path | None,
        typer.Option("--bag", help="Evidence folder to fill it from. (default: drawn evidence)"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="PDF file to write. (default: NAME-preview.pdf, here)"),
    ] = None,
    lang: options.Lang = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """See a template: the PDF it makes from an evidence folder, or from drawn evidence.

    Drawn evidence is made once, in a minute or less, and kept; it says on every page what it is.

    Example:  reetrace templates preview example-minerals --bag reports/mine-A_2005-2020
    """
    from reetrace.pipeline.previewing import preview
    from reetrace.settings import load_settings

    settings = load_settings(templates=folder, lang=lang)
    target = out or Path(f"{Path(folder).resolve().name}-preview.pdf")
    with progress(quiet=quiet or as_json) as follow:
        made = preview(settings, target, bag=bag, progress=follow)
    if as_json:
        typer.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"preview     {made.path}")
        typer.echo(f"template    {made.template}, digest {made.digest}")
    if made.notice:
        notice(made.notice)
