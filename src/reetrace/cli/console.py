"""What a command shows while it works: progress on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

Progress = Callable[[str, float], None]


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """A callback that takes what is being done and the share done, 0-1."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:<46}"),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


def notice(text: str) -> None:
    """A line that must not be missed, on stderr, even in a pipe."""
    typer.secho(text, fg=typer.colors.BLACK, bg=typer.colors.YELLOW, bold=True, err=True)
