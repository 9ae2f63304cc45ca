"""Every command under its name, as typer is told of them."""

from __future__ import annotations

from typing import Any

import typer
from typer.main import get_command

from reetrace.cli.custody import reproduce, sign, verify
from reetrace.cli.doctor import doctor
from reetrace.cli.labels import labels_app
from reetrace.cli.map import map_
from reetrace.cli.publishing import publish
from reetrace.cli.reporting import render, report, run
from reetrace.cli.scenes import scenes_app
from reetrace.cli.sites import sites_app
from reetrace.cli.templates import templates_app
from reetrace.cli.usage import kind_of

_MAKE = "Make evidence and documents"
_HAND_OVER = "Hand over and check"
_WORK_WITH = "What it works with"

_HELP = ["-h", "--help"]

_WORDS = {"bool": "", "int": "N", "float": "NUMBER", "path": "PATH", "": "TEXT"}
"""What is shown behind an option that says nothing itself; a switch takes nothing."""

app = typer.Typer(
    name="reetrace",
    help=(
        "Evidence reports on rare-earth mines, from satellite imagery.\n\n"
        "Start here:  reetrace report --site mine-A --years 2005-2020"
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": _HELP},
)
app.command(rich_help_panel=_MAKE)(report)
app.command(rich_help_panel=_MAKE)(run)
app.command(rich_help_panel=_MAKE)(render)
app.command("map", rich_help_panel=_MAKE)(map_)
app.command(rich_help_panel=_HAND_OVER)(publish)
app.command(rich_help_panel=_HAND_OVER)(sign)
app.command(rich_help_panel=_HAND_OVER)(verify)
app.command(rich_help_panel=_HAND_OVER)(reproduce)
app.add_typer(sites_app, name="sites", rich_help_panel=_WORK_WITH)
app.add_typer(scenes_app, name="scenes", rich_help_panel=_WORK_WITH)
app.add_typer(labels_app, name="labels", rich_help_panel=_WORK_WITH)
app.add_typer(templates_app, name="templates", rich_help_panel=_WORK_WITH)
app.command(rich_help_panel=_WORK_WITH)(doctor)


@app.callback(invoke_without_command=True)
def _top(
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),  # noqa: FBT003 - typer's way to name a flag's default
) -> None:
    if version:
        from reetrace import __version__

        typer.echo(f"reetrace {__version__}")
        raise typer.Exit


def command_line() -> Any:  # noqa: ANN401 - typer's click objects have no public type
    """The whole command line, its help in words of users: `FOLDER`, not `<path>`."""
    return _worded(get_command(app))


def _worded(command: Any) -> Any:  # noqa: ANN401 - see above
    asks_for_help = command.get_help_option(typer.Context(command, help_option_names=_HELP))
    for param in (*command.params, asks_for_help):
        if param.param_type_name == "option" and param.metavar is None:
            param.metavar = _WORDS[kind_of(param)]
    for child in getattr(command, "commands", {}).values():
        _worded(child)
    return command
