"""`scenes`: register your own imagery, see what covers a site, draw demonstration imagery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reetrace.cli import options
from reetrace.cli.console import notice, progress

scenes_app = typer.Typer(
    help="Imagery: register your own, list what covers a site, draw a demonstration.",
    no_args_is_help=True,
)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--scenes",
        "--out",
        metavar="FOLDER",
        envvar="REETRACE_SCENES",
        help="Your folder of imagery; made if it is missing. (default: that of reetrace.toml, "
        "else ./scenes)",
    ),
]


@scenes_app.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES", help="One GeoTIFF with many bands, or one a band."),
    ],
    *,
    sensor: Annotated[
        str,
        typer.Option(
            "--sensor",
            metavar="ID",
            help="landsat5-tm, landsat7-etm, landsat8-oli, landsat9-oli or sentinel2-msi.",
        ),
    ],
    date: Annotated[
        str, typer.Option("--date", metavar="DATE", help="Day of the image: 2018-09-06.")
    ],
    bands: Annotated[
        str,
        typer.Option(
            "--bands",
            metavar="LIST",
            help="Bands in the order of the file, as ids or roles with commas between them "
            "(B2,B3,B4 or blue,green,red); '-' leaves one out. (default: by their names in the "
            "file)",
        ),
    ] = "",
    scale: Annotated[
        float | None,
        typer.Option(
            "--scale",
            help="Reflectance (0-1) = scale × value + offset. (default: the file's own, else the "
            "sensor's)",
        ),
    ] = None,
    offset: Annotated[
        float | None, typer.Option("--offset", help="See --scale; 0 where only --scale is given.")
    ] = None,
    nodata: Annotated[
        float | None,
        typer.Option("--nodata", help="Value of no measurement. (default: the file's)"),
    ] = None,
    quality: Annotated[
        list[Path] | None,
        typer.Option(
            "--qa",
            metavar="FILE",
            help="Quality band of the same scene (QA_PIXEL, SCL); repeatable.",
        ),
    ] = None,
    licence: Annotated[str, typer.Option("--licence", help="Terms of use, e.g. CC0-1.0.")] = "",
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy the files into the folder, too.")
    ] = False,
    scenes: Folder = None,
    as_json: options.Json = False,
) -> None:
    """Check a raster of your own and register it.

    Example:  reetrace scenes add clip.tif --sensor landsat8-oli --date 2018-09-06 --scale 0.0001
    """
    from reetrace.engines.local.register import Request, add_scene
    from reetrace.settings import load_settings

    names = tuple(name.strip() for name in bands.split(",")) if bands else ()
    added = add_scene(
        Request(
            tuple(files),
            sensor,
            date,
            bands=names,
            scale=scale,
            offset=offset,
            nodata=nodata,
            quality=tuple(quality or ()),
            licence=licence,
            copy=copy,
        ),
        scenes or load_settings().scenes or Path("scenes"),
    )
    if as_json:
        typer.echo(json.dumps(added.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in added.lines():
            typer.echo(line)
    if added.notice:
        notice(added.notice)


@scenes_app.command("list")
def list_scenes(
    *,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="ID", help="Only what covers this site. (default: all)"),
    ] = None,
    scenes: options.Scenes = None,
    registry: options.Registry = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """List images by date; for a site also how much of it each shows clear.

    These are images on this machine. What Earth Engine has for a site in its years is said by
    `reetrace doctor --engine earthengine --site ID` and by `reetrace report --dry-run`.

    Example:  reetrace scenes list --site mine-A
    """
    from reetrace.pipeline.overview import scenes_overview

    with progress(quiet=quiet or as_json) as follow:
        overview = scenes_overview(site, scenes=scenes, registry=registry, progress=follow)
    if as_json:
        typer.echo(json.dumps(overview.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in overview.lines():
            typer.echo(line)
    if overview.notice:
        notice(overview.notice)


@scenes_app.command("draw")
def draw(
    *,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, another world.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="New folder for the world.")],
    quiet: options.Quiet = False,
) -> None:
    """Draw a world of demonstration imagery whose truth is known. It is not evidence.

    Example:  reetrace scenes draw --seed 7 --out drawn-7
    """
    from reetrace.core.evidence import SIMULATED_NOTICE
    from reetrace.drawn import draw_world
    from reetrace.pipeline.writable import refuse_unwritable

    refuse_unwritable(out.parent)
    with progress(quiet=quiet) as follow:
        folder = draw_world(seed, out, progress=follow)
    typer.echo(f"drawn world  {folder}")
    notice(SIMULATED_NOTICE)
