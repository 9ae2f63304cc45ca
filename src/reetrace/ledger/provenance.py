"""Tables of where it comes from: classes, zones, files, software, and the run itself."""

from __future__ import annotations

from reetrace.core.evidence import (
    Evidence,
    RasterRecord,
    SoftwareRecord,
)
from reetrace.core.landcover import NOT_SEEN, OUTSIDE, LandcoverClass
from reetrace.core.site import Repair, Zone, ZoneSet
from reetrace.core.table import Table
from reetrace.ledger.columns import Field, build, count, number, text

_EPOCH = "Span of dates judged as one moment."


def legend(evidence: Evidence) -> Table:
    """The classes of the maps and the two codes that are no class."""
    other = "#d9d9d9", "#ffffff"
    rows = (
        LandcoverClass(NOT_SEEN, "not-seen", "Not seen", other[0], "Too few clear observations."),
        *sorted(evidence.legend.classes, key=lambda each: each.code),
        LandcoverClass(OUTSIDE, "outside", "Outside", other[1], "Beyond the area of interest."),
    )
    fields: list[Field[LandcoverClass]] = [
        count("code", "Code", "Value in the land-cover rasters.", lambda row: row.code),
        text("landcover", "Class", "Name in tables and labels.", lambda row: row.name),
        text("title", "Title", "Name on maps.", lambda row: row.title),
        text("colour", "Colour", "On maps.", lambda row: row.colour),
        text("definition", "Definition", "What belongs to it.", lambda row: row.definition),
    ]
    return build(
        "legend",
        "Classes of the maps",
        f"{evidence.legend.title}; the target class is “{evidence.legend.target}”.",
        fields,
        rows,
    )


def zones(evidence: Evidence) -> Table:
    """Every outline with its source, precision and licence."""
    fields: list[Field[tuple[ZoneSet, Zone]]] = [
        text("zone_set", "Zone set", "Zones counted together.", lambda row: row[0].id),
        text("zone", "Zone", "Id of the zone.", lambda row: row[1].id),
        text("name", "Name", "What it is called.", lambda row: row[1].name),
        text("role", "Role", "What the zone is.", lambda row: row[1].role),
        text("edition", "Edition", "Border edition; empty for others.", lambda row: row[1].edition),
        text("source", "Source", "Where the outline comes from.", lambda row: row[1].source),
        text("date", "Date", "Date or year the outline speaks of.", lambda row: row[1].date),
        text("licence", "Licence", "Terms of use.", lambda row: row[1].licence),
        number(
            "precision_m",
            "Precision (m)",
            "How far the outline may be off.",
            lambda row: row[1].precision_m,
            decimals=0,
        ),
        text(
            "approximate",
            "Approximate",
            "“yes” where the outline was placed, not surveyed.",
            lambda row: "yes" if row[1].approximate else "no",
        ),
    ]
    return build(
        "zones",
        "Zones and where their outlines come from",
        "The outlines themselves lie in the folder “vectors”.",
        fields,
        [(zone_set, zone) for zone_set in evidence.zone_sets for zone in zone_set.zones],
    )


def repairs(evidence: Evidence) -> Table:
    """Changes made to outlines as they were given."""
    sites = dict.fromkeys((evidence.site, evidence.study_area))
    fields: list[Field[tuple[str, Repair]]] = [
        text("site", "Site", "Whose file it was.", lambda row: row[0]),
        text("zone", "Zone", "Which outline.", lambda row: row[1].zone_id),
        text("what", "What", "What was mended.", lambda row: row[1].what),
        number(
            "area_before_m2",
            "Area before (m²)",
            "As it was given.",
            lambda row: row[1].area_before_m2,
            decimals=0,
            blank="Area before: the outline as given had none that could be measured",
        ),
        number(
            "area_after_m2",
            "Area after (m²)",
            "As it was used.",
            lambda row: row[1].area_after_m2,
            decimals=0,
        ),
    ]
    return build(
        "repairs",
        "Repairs made to outlines",
        "What was given is kept unaltered in the registry, beside the repair.",
        fields,
        [(site.id, repair) for site in sites for repair in site.repairs],
    )


def rasters(evidence: Evidence) -> Table:
    """The rasters of the folder."""
    fields: list[Field[RasterRecord]] = [
        text("path", "File", "Relative to the folder “data”.", lambda row: row.path),
        text("title", "Title", "What it shows.", lambda row: row.title),
        text("kind", "Kind", "What its values are.", lambda row: row.kind),
        text("epochs", "Epochs", "Epoch or span.", lambda row: ", ".join(row.epochs)),
        text("sha256", "SHA-256", "Digest of the file.", lambda row: row.sha256),
    ]
    return build(
        "rasters", "Rasters", "Maps and images beside this table.", fields, evidence.rasters
    )


def warnings(evidence: Evidence) -> Table:
    """Every weaker method used and every doubt, in words."""
    fields: list[Field[tuple[int, str]]] = [
        count("number", "No.", "In the order they arose.", lambda row: row[0]),
        text("warning", "Warning", "What to bear in mind.", lambda row: row[1]),
    ]
    return build(
        "warnings",
        "Doubts and weaker methods",
        "Everything the reader should bear in mind.",
        fields,
        enumerate(evidence.warnings, start=1),
    )


def software(evidence: Evidence) -> Table:
    """Packages whose version can change a number."""
    fields: list[Field[SoftwareRecord]] = [
        text("package", "Package", "Name.", lambda row: row.name),
        text("version", "Version", "As installed at the run.", lambda row: row.version),
    ]
    return build(
        "software", "Software", "Packages that computed the numbers.", fields, evidence.software
    )


def provenance(evidence: Evidence) -> Table:
    """What was asked, of what, by which version: the identity of the run."""
    grid, site = evidence.grid, evidence.site
    rows = [
        ("run_id", evidence.run_id, "Short digest of all inputs"),
        ("reetrace_version", evidence.reetrace_version, "Version of the program"),
        ("schema_version", evidence.schema_version, "Version of the evidence format"),
        ("engine", evidence.engine, "Where the computing was done"),
        ("site", site.id, "Site asked for"),
        ("site_name", site.title, "Its name"),
        ("site_names", "; ".join(f"{each.text} ({each.language})" for each in site.names), "All"),
        ("site_aliases", ", ".join(site.aliases), "Other ids it is known by"),
        ("site_sha256", site.digest, "Digest of the site's file"),
        ("countries", ", ".join(site.countries), "ISO 3166-1 alpha-3"),
        ("commodity", site.commodity, "What is mined"),
        ("study_area", evidence.study_area.id, "Area that was mapped"),
        ("study_area_name", evidence.study_area.title, "Its name"),
        ("study_area_sha256", evidence.study_area.digest, "Digest of the study area's file"),
        ("years", evidence.years, "As asked for"),
        ("issue_date", evidence.issue_date, "Date of the latest image used"),
        ("legend", evidence.legend.id, "Classes of the maps"),
        ("target_class", evidence.legend.target, "Class whose growth is reported"),
        ("grid_epsg", str(grid.epsg), "Map projection of the grid"),
        ("grid_pixel_m", str(grid.pixel_m), "Side of a pixel (m)"),
        ("grid_pixel_area_m2", str(grid.pixel_area_m2), "Area of a pixel on the ellipsoid (m²)"),
        ("grid_rows", str(grid.rows), "Rows of the grid"),
        ("grid_cols", str(grid.cols), "Columns of the grid"),
        ("grid_west_m", str(grid.west_m), "Easting of the left edge (m)"),
        ("grid_north_m", str(grid.north_m), "Northing of the upper edge (m)"),
        ("drawn_imagery", "yes" if evidence.simulated else "no", "Whether imagery was drawn"),
    ]
    fields: list[Field[tuple[str, str, str]]] = [
        text("key", "Key", "Name of the entry.", lambda row: row[0]),
        text("value", "Value", "Its value.", lambda row: row[1]),
        text("meaning", "Meaning", "What it says.", lambda row: row[2]),
    ]
    return build(
        "provenance", "The run", "What was asked, of what, by which version.", fields, rows
    )
