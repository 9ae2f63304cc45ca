"""`publish`: the edition of an evidence folder that may be shown to anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reetrace.cli import options
from reetrace.cli.console import notice

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder to put it in. (default: beside the restricted edition)"),
]

Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help="Language of the PDF: en, fr, my or zh-Hans. (default: that of the restricted "
        "edition's)",
    ),
]


def publish(
    *,
    bag: options.Bag,
    templates: options.Templates = None,
    lang: Lang = None,
    out: Out = None,
    as_json: options.Json = False,
) -> None:
    """Make the public edition: places coarsened, what the site marks as restricted left out.

    Example:  reetrace publish reports/mine-A_2005-2020
    """
    from reetrace.pipeline.publication import publish as make
    from reetrace.settings import load_settings

    settings = load_settings(templates=templates, lang=lang)
    spoken = None if lang is None else settings.lang
    made = make(bag, templates=settings.templates, language=spoken, out=out)
    if as_json:
        typer.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in made.lines():
            typer.echo(line)
    if made.notice:
        notice(made.notice)
