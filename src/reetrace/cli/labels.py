"""`labels`: what interpreters saw, brought in from other programs, listed and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reetrace.cli import options

if TYPE_CHECKING:
    from reetrace.registry import Registry

labels_app = typer.Typer(
    help="Labels for training and testing: import, list, check and show them.",
    no_args_is_help=True,
)

Site = Annotated[str, typer.Argument(help="Site id or alias.")]


@labels_app.command("import")
def bring_in(
    site: Site,
    file: Annotated[
        Path, typer.Argument(help="Points or polygons: GeoJSON, GeoPackage, KML or Shapefile.")
    ],
    *,
    epoch: Annotated[
        list[str],
        typer.Option(
            "--epoch",
            metavar="YEAR[=FIELD]",
            help="Year the labels speak of, and the field with the class then; repeat it for "
            "several dates at the same places (1986=class_1986).",
        ),
    ],
    as_class: Annotated[
        str, typer.Option("--as", help="Class of every feature, where no field says it.")
    ] = "",
    class_map: Annotated[
        list[str] | None,
        typer.Option("--map", help="Class in the file = class of the legend; may be repeated."),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Only features with FIELD=VALUE; may be repeated."),
    ] = None,
    per_class: Annotated[
        int,
        typer.Option("--per-class", min=1, help="Points drawn inside the polygons of each class."),
    ] = 100,
    outside: Annotated[
        str, typer.Option("--outside", help="Also draw points outside all polygons, of this class.")
    ] = "",
    outside_count: Annotated[
        int, typer.Option("--outside-count", min=1, help="How many of them.")
    ] = 100,
    outside_buffer_m: Annotated[
        float,
        typer.Option("--outside-buffer-m", min=0.0, help="How far from every polygon, in m."),
    ] = 60.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the drawing.")] = 0,
    pixel_m: Annotated[
        float, typer.Option("--pixel-m", min=1.0, help="Pixel size of the site's grid, in m.")
    ] = 30.0,
    sample: Annotated[
        str,
        typer.Option(
            "--sample",
            help="The points are a probability sample: simple-random or stratified. "
            "(default: training labels, chosen by eye)",
        ),
    ] = "",
    stratum: Annotated[
        list[str] | None,
        typer.Option("--stratum", help="Stratum = its area in km², for a stratified sample."),
    ] = None,
    layer: Annotated[
        str | None, typer.Option("--layer", help="Layer of the file, where it has several.")
    ] = None,
    interpreter: Annotated[
        str, typer.Option("--interpreter", help="Who saw it, where no field says so.")
    ] = "",
    image_source: Annotated[
        str, typer.Option("--image-source", help="On what image, where no field says so.")
    ] = "",
    image_date: Annotated[
        str, typer.Option("--image-date", help="Date of that image. (default: the epoch)")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over labels that are there already.")
    ] = False,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Bring in labels from points, or drawn by a seed from inside polygons.

    Example:  reetrace labels import my-mine pits.gpkg --epoch 2018 --as mine --outside non-mine
    --interpreter "A. Name" --image-source "Google Earth"
    """
    from reetrace.registry.label_import import LabelOrder
    from reetrace.registry.label_keeping import keep_labels
    from reetrace.registry.label_places import Drawing
    from reetrace.registry.label_words import epochs_and_fields, pairs, sample_design

    design, strata = sample_design(sample, stratum or ())
    order = LabelOrder(
        file=file,
        fields=epochs_and_fields(epoch, as_class),
        landcover=as_class,
        renamed=pairs("--map", class_map or ()),
        where=pairs("--where", where or ()),
        drawing=Drawing(per_class, outside, outside_count, outside_buffer_m, seed),
        pixel_m=pixel_m,
        sample=design,
        strata=strata,
        layer=layer,
        interpreter=interpreter,
        image_source=image_source,
        image_date=image_date,
    )
    kept = keep_labels(site, order, _folder(registry), replace=replace)
    if as_json:
        typer.echo(json.dumps(kept.as_dict(), ensure_ascii=False, indent=2))
    else:
        for line in kept.lines():
            typer.echo(line)


@labels_app.command("list")
def list_all(
    site: Annotated[str | None, typer.Argument(help="Only of this site.")] = None,
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """List the label files: site, year, purpose, design, points.

    Example:  reetrace labels list mine-A
    """
    from reetrace.registry.label_keeping import counted, list_labels, summary

    found = list_labels(_registry(registry), site)
    if as_json:
        typer.echo(json.dumps([summary(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        drawn = ", SIMULATED" if each.simulated else ""
        typer.echo(
            f"{each.site} {each.epoch}: {len(each.points)} points ({counted(each)}), "
            f"{each.purpose}, {each.design}{drawn}"
        )
    if not found:
        typer.echo("No labels yet. Bring some in with `reetrace labels import`.")


@labels_app.command("show")
def show(
    site: Site,
    year: Annotated[str, typer.Argument(help="Year, e.g. 2018.")],
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Show the labels of one site and year: classes, strata, interpreters, images.

    Example:  reetrace labels show my-mine 2018
    """
    from reetrace.registry.label_keeping import described, labels_of_epoch, summary

    found = labels_of_epoch(_registry(registry), site, year)
    if as_json:
        typer.echo(json.dumps([summary(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        for line in described(each):
            typer.echo(line)


@labels_app.command("check")
def check_all(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Label files or registry folders. (default: all that are registered)"),
    ] = None,
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Check label files; one line for each fault, exit code 1 if there is any.

    Example:  reetrace labels check
    """
    from reetrace.registry.checking import check

    outcome = check(tuple(paths or ()), _folder(registry), only="labels")
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
    else:
        for fault in outcome.faults:
            typer.echo(fault)
        typer.echo(outcome.verdict, err=bool(outcome.faults))
    if outcome.faults:
        raise typer.Exit(1)


def _folder(registry: Path | None) -> Path | None:
    from reetrace.settings import load_settings

    return registry or load_settings().registry


def _registry(registry: Path | None) -> Registry:
    from reetrace.registry import load_registry

    return load_registry(_folder(registry))
