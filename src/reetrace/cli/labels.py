"""`labels`: what interpreters saw, brought in from other programs, listed and checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reetrace.cli import label_options, options

if TYPE_CHECKING:
    from reetrace.registry import Registry

labels_app = typer.Typer(
    help="Labels for training and testing: import, list, check and show them.",
    no_args_is_help=True,
)

Site = Annotated[str, typer.Argument(metavar="SITE", help="Site id or alias.")]


@labels_app.command("import")
def bring_in(
    site: Site,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Points or polygons: GeoJSON, GeoPackage, KML or Shapefile."
        ),
    ],
    *,
    epoch: label_options.Epoch,
    as_class: label_options.AsClass = "",
    class_map: label_options.ClassMap = None,
    where: label_options.Where = None,
    layer: label_options.Layer = None,
    interpreter: label_options.Interpreter = "",
    image_source: label_options.ImageSource = "",
    image_date: label_options.ImageDate = "",
    sample: label_options.Sample = "",
    stratum: label_options.Stratum = None,
    per_class: label_options.PerClass = 100,
    outside: label_options.Outside = "",
    outside_count: label_options.OutsideCount = 100,
    outside_buffer_m: label_options.OutsideBuffer = 60.0,
    pixel_m: label_options.Pixel = 30.0,
    seed: label_options.Seed = 0,
    replace: label_options.Replace = False,
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
    site: Annotated[str | None, typer.Argument(metavar="SITE", help="Only of this site.")] = None,
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
    year: Annotated[str, typer.Argument(metavar="YEAR", help="Year, e.g. 2018.")],
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
        typer.Argument(
            metavar="PATHS",
            help="Label files or registry folders. (default: all that are registered)",
        ),
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
