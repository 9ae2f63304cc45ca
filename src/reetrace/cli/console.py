"""What a command shows while it works: progress on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

Progress = Callable[[str, float], None]
SiteProgress = Callable[[str, str, float], None]


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """A callback that takes what is being done and the share done, 0-1."""
    with site_progress(quiet=quiet) as follow:
        yield lambda step, share: follow("", step, share)


@contextmanager
def site_progress(*, quiet: bool) -> Iterator[SiteProgress]:
    """A callback that takes the site, what is being done there and the share done: a bar each."""
    if quiet or not sys.stderr.isatty():
        yield lambda _site, _step, _share: None
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
        tasks = {"": bar.add_task("", total=1.0)}

        def follow(site: str, step: str, share: float) -> None:
            if site not in tasks:
                # The first site takes over the bar that waited for it.
                tasks[site] = tasks.pop("") if "" in tasks else bar.add_task("", total=1.0)
            told = f"{site}: {step}" if site else step
            bar.update(tasks[site], description=told, completed=share)

        yield follow


def notice(text: str) -> None:
    """A line that must not be missed, on stderr, even in a pipe."""
    typer.secho(text, fg=typer.colors.BLACK, bg=typer.colors.YELLOW, bold=True, err=True)
