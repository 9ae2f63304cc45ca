"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DOCUMENTS = "Documents: their look, their language, for whom"

SiteId = Annotated[
    str,
    typer.Option(
        "--site", metavar="ID", help="Site id or alias; `reetrace sites list` shows them."
    ),
]
SiteIds = Annotated[
    list[str],
    typer.Option(
        "--site",
        metavar="ID",
        help="Site id or alias; `reetrace sites list` shows them. Repeatable: one report each.",
    ),
]
Years = Annotated[
    str,
    typer.Option(
        "--years",
        metavar="YEARS",
        help="Range (2005-2020: the site's epochs within it), list (2005,2020) or one year (2018).",
    ),
]
Registry = Annotated[
    Path | None,
    typer.Option(
        "--registry",
        metavar="FOLDER",
        help="Your folder of sites and labels; the shipped ones stay known. (default: "
        "./reetrace-registry if it is there; env: REETRACE_REGISTRY)",
    ),
]
Scenes = Annotated[
    Path | None,
    typer.Option(
        "--scenes",
        metavar="FOLDER",
        help="Your folder of satellite images; `reetrace scenes add` fills one. (default: ./scenes "
        "if it is there; env: REETRACE_SCENES)",
    ),
]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--template",
        "--templates",
        metavar="NAME|FOLDER",
        help="Template of the PDF: a shipped one (default, audit-letter) or your own folder, with "
        "logo, colours, words. (default: default; env: REETRACE_TEMPLATES)",
        rich_help_panel=DOCUMENTS,
    ),
]
Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="CODE",
        rich_help_panel=DOCUMENTS,
        help="Language of the PDF: en, fr, my, zh-Hans or one that your template brings; what is "
        "not translated stays English and is listed at its end. (default: en; env: REETRACE_LANG)",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Folder the evidence folder is put in. (default: reports; env: REETRACE_REPORTS)",
    ),
]
Edition = Annotated[
    str,
    typer.Option(
        "--edition",
        metavar="restricted|public",
        rich_help_panel=DOCUMENTS,
        help="public: beside the evidence a second folder for everybody, its places coarsened and "
        "without what the site's record marks as restricted.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the outcome.")]
Json = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, for scripts.")]
Bag = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Evidence folder, e.g. reports/mine-A_2005-2020.")
]
