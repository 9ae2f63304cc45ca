"""`sites`: what the registry knows, and how a user adds to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reetrace.cli import options, site_options

if TYPE_CHECKING:
    from reetrace.registry import Registry
    from reetrace.registry.ordering import Kept

sites_app = typer.Typer(
    help="Mine sites: list, show, check, add and import them.", no_args_is_help=True
)


@sites_app.command("list")
def list_sites(*, registry: options.Registry = None, as_json: options.Json = False) -> None:
    """List every site: id, name, countries, years of interest.

    Example:  reetrace sites list
    """
    from reetrace.registry.describing import overview, site_summary

    known = _registry(registry)
    if as_json:
        summaries = [site_summary(site, known) for site in known.sites]
        typer.echo(json.dumps(summaries, ensure_ascii=False, indent=2))
    else:
        typer.echo(overview(known))


@sites_app.command("show")
def show_site(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Site id or alias.")],
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Show one site: its zones with source and precision, repairs, labels, published studies.

    Example:  reetrace sites show mine-A
    """
    from reetrace.registry.describing import portrait, site_record

    known = _registry(registry)
    found = known.site(site)
    if as_json:
        typer.echo(json.dumps(site_record(found, known), ensure_ascii=False, indent=2))
    else:
        typer.echo(portrait(found, known))


@sites_app.command("check")
def check_sites(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATHS",
            help="Site files or registry folders. (default: everything registered)",
        ),
    ] = None,
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Check site, label and published files; one line for each fault, exit code 1 if there is any.

    Example:  reetrace sites check reetrace-registry
    """
    from reetrace.registry.checking import check

    outcome = check(tuple(paths or ()), _folder(registry))
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
    else:
        for fault in outcome.faults:
            typer.echo(fault)
        typer.echo(outcome.verdict, err=bool(outcome.faults))
    if outcome.faults:
        raise typer.Exit(1)


@sites_app.command("claims")
def check_claims(
    target: Annotated[
        str, typer.Argument(metavar="SITE|FILE", help="A site, or a study as a TOML file.")
    ],
    *,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Say which published figures do not follow from the study's own numbers.

    Example:  reetrace sites claims mine-A
    """
    from reetrace.registry.claims import claims_of
    from reetrace.registry.describing import claim_lines, claim_record

    found = claims_of(target, _registry(registry))
    if as_json:
        records = [claim_record(study, faults) for study, faults in found]
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for line in claim_lines(found):
        typer.echo(line)


@sites_app.command("add")
def add_site(
    site_id: Annotated[str, typer.Argument(metavar="ID", help="Short id, e.g. pangwa-north.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Outline: GeoJSON, GeoPackage, KML or Shapefile."),
    ] = None,
    *,
    point: site_options.Point = None,
    radius_km: site_options.Radius = None,
    layer: site_options.Layer = None,
    buffer_km: site_options.Buffer = None,
    name: site_options.Names = None,
    alias: site_options.Aliases = None,
    country: site_options.Country = None,
    commodity: site_options.Commodity = "rare earths",
    deposit_type: site_options.DepositType = "unknown",
    mining_method: site_options.MiningMethod = "unknown",
    status: site_options.Status = "unknown",
    epochs: site_options.Epochs = "2005,2010,2015,2020",
    season: site_options.Season = "",
    legend: site_options.Legend = "mine",
    part_of: site_options.PartOf = None,
    note: site_options.Note = "",
    source: site_options.Source = "",
    date: site_options.Date = "unknown",
    licence: site_options.Licence = "not stated",
    precision_m: site_options.Precision = None,
    borders: site_options.BordersFile = None,
    borders_precision_m: site_options.BordersPrecision = 100.0,
    near_ok: site_options.NearOk = False,
    place_ok: site_options.PlaceOk = False,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Add a site from an outline, or from a point with a radius, to your registry folder.

    Example:  reetrace sites add pangwa --point 98.62 25.90 --radius-km 3 --name "Pangwa"
    """
    from reetrace.registry.ordering import SiteOrder, add

    order = SiteOrder(
        file=file,
        layer=layer,
        point=point,
        radius_km=radius_km,
        buffer_km=buffer_km,
        names=tuple(name or ()),
        aliases=tuple(alias or ()),
        countries=tuple(country or ()),
        commodity=commodity,
        deposit_type=deposit_type,
        mining_method=mining_method,
        status=status,
        epochs=epochs,
        season=season,
        legend=legend,
        part_of=part_of,
        note=note,
        source=source,
        date=date,
        licence=licence,
        precision_m=precision_m,
        borders=borders,
        borders_precision_m=borders_precision_m,
        near_ok=near_ok,
        place_ok=place_ok,
    )
    _tell(add(site_id, order, _folder(registry)), as_json=as_json)


@sites_app.command("import")
def import_sites(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="GeoJSON, GeoPackage, KML or Shapefile.")
    ],
    *,
    id_field: Annotated[
        str, typer.Option("--id-field", metavar="FIELD", help="Field that holds each site's id.")
    ] = "id",
    name_field: Annotated[
        str,
        typer.Option(
            "--name-field", metavar="FIELD", help="Field that holds its name. (default: the id)"
        ),
    ] = "",
    country_field: Annotated[
        str,
        typer.Option(
            "--country-field",
            metavar="FIELD",
            help="Field with its country code. (default: where it is)",
        ),
    ] = "",
    layer: site_options.Layer = None,
    radius_km: site_options.Radius = None,
    epochs: site_options.Epochs = "2005,2010,2015,2020",
    season: site_options.Season = "",
    source: site_options.Source = "",
    date: site_options.Date = "unknown",
    licence: site_options.Licence = "not stated",
    precision_m: site_options.Precision = None,
    borders: site_options.BordersFile = None,
    borders_precision_m: site_options.BordersPrecision = 100.0,
    near_ok: site_options.NearOk = False,
    place_ok: site_options.PlaceOk = False,
    registry: options.Registry = None,
    as_json: options.Json = False,
) -> None:
    """Add many sites from one file, one feature each: all of them, or none if one is refused.

    Example:  reetrace sites import mines.gpkg --id-field code --name-field name
    """
    from reetrace.registry.ordering import SiteOrder, add_many

    order = SiteOrder(
        file=file,
        layer=layer,
        radius_km=radius_km,
        epochs=epochs,
        season=season,
        source=source,
        date=date,
        licence=licence,
        precision_m=precision_m,
        borders=borders,
        borders_precision_m=borders_precision_m,
        near_ok=near_ok,
        place_ok=place_ok,
    )
    fields = (id_field, name_field, country_field)
    _tell(add_many(order, fields, _folder(registry)), as_json=as_json)


def _folder(registry: Path | None) -> Path | None:
    """The user's registry folder: the option, the environment, `reetrace.toml`, or the default."""
    from reetrace.settings import load_settings

    # A folder that is not there yet is made by `add`; the settings ask for one that is.
    return registry or load_settings().registry


def _registry(registry: Path | None) -> Registry:
    from reetrace.registry import load_registry

    return load_registry(_folder(registry))


def _tell(outcome: Kept, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
        return
    for line in outcome.lines():
        typer.echo(line)
