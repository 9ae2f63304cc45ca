"""`data/ro-crate-metadata.json`: who, what, with which software, from which inputs (RO-Crate 1.2).

A description for archives and their catalogues: nothing stands in it that does not stand in
`evidence.json` or in the manifest, and no place more precisely than by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence, LabelRecord
from reetrace.core.raster import Scene
from reetrace.evidence.document import to_json
from reetrace.evidence.signatures import Signing

NAME = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"

_SOFTWARE, _RUN = "#reetrace", "#run"

_FORMATS = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".qml": "text/xml",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff; application=geotiff; profile=cloud-optimized",
    ".toml": "application/toml",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_NAMES = {
    "companion.html": "Map, charts and tables for a browser",
    "evidence.json": "Everything that may be said, with where it comes from",
    "labels.geojson": "Every label that was used",
    "model.json": "Every fitted forest as plain arrays",
    "report.pdf": "Report",
    "scenes.json": "Every image that was used, with the SHA-256 of its files",
    "signatures.json": "Who signed the folder, and what it was before",
    "tables.xlsx": "Workbook of all tables",
    "template.json": "What the report was set with, with the SHA-256 of its files",
}

Entity = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """A file as a manifest needs it."""

    size: int
    """In bytes."""
    sha256: str


def listed(content: bytes) -> Listed:
    """A file that is not written yet."""
    return Listed(len(content), hashlib.sha256(content).hexdigest())


def encode(evidence: Evidence, files: Mapping[str, Listed], signing: Signing | None) -> bytes:
    """The metadata of a bag, the same bytes for the same bag.

    Args:
        evidence: Of the run.
        files: Every file under `data/` but this one, by its path in the bag.
        signing: Whoever signed it with a certificate.
    """
    inside = {str(PurePosixPath(path).relative_to("data")): each for path, each in files.items()}
    inputs = sorted(path for path in inside if path.startswith("inputs/"))
    made = sorted(path for path in inside if path not in {*inputs, "signatures.json"})
    given = [*_scenes(evidence), *_labels(evidence), *_sites(evidence, inputs)]
    run = {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": f"Run {evidence.run_id}",
        "identifier": evidence.run_id,
        "description": _said(evidence, f"Land cover of {evidence.study_area.title}, "
                             f"{evidence.years}, judged with the engine {evidence.engine}."),
        "instrument": _refer(_SOFTWARE),
        "object": [*_refer_all(given), *map(_refer, inputs)],
        "result": [_refer(path) for path in made],
    }  # fmt: skip
    graph = [
        _descriptor(),
        _root(evidence, sorted(inside), signing),
        run,
        *_software(evidence),
        *given,
        *_interpreters(evidence),
        *(_file(path, each) for path, each in sorted(inside.items())),
        *_signing(evidence, signing),
    ]
    context = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
    return to_json({"@context": context, "@graph": graph})


def _refer(entity: str) -> Entity:
    return {"@id": entity}


def _refer_all(entities: list[Entity]) -> list[Entity]:
    return [_refer(each["@id"]) for each in entities]


def _said(evidence: Evidence, text: str) -> str:
    return f"{SIMULATED_NOTICE}. {text}" if evidence.simulated else text


def _descriptor() -> Entity:
    return {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": _refer(SPECIFICATION),
        "about": _refer("./"),
    }


def _root(evidence: Evidence, files: list[str], signing: Signing | None) -> Entity:
    licences = {scene.licence for scene in _all_scenes(evidence)}
    licences |= {zone.licence for zone_set in evidence.zone_sets for zone in zone_set.zones}
    terms = "; ".join(sorted(licences - {""})) or "not stated"
    signed = [_refer("#signing")] if signing else []
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{evidence.site.title}, {evidence.years}",
        "description": _said(
            evidence,
            f"Evidence of land cover and its change at {evidence.site.title} ({evidence.site.id}), "
            f"{evidence.years}, from satellite images, with everything it was made from but the "
            "images themselves.",
        ),
        # RO-Crate asks for a date; a document of reetrace is dated by the latest image it used.
        "datePublished": evidence.issue_date,
        "identifier": evidence.run_id,
        "temporalCoverage": f"{evidence.epochs[0].first}/{evidence.epochs[-1].last}",
        "license": f"None is stated for the whole. Of what it was made from: {terms}",
        "hasPart": [_refer(path) for path in files],
        "mentions": [_refer(_RUN), *signed],
    }


def _software(evidence: Evidence) -> Iterator[Entity]:
    others = [each for each in evidence.software if each.name != "reetrace"]
    yield {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "reetrace",
        "softwareVersion": evidence.reetrace_version,
        "license": _LICENCE,
        "softwareRequirements": [_refer(f"#software-{each.name}") for each in others],
    }
    for each in others:
        yield {
            "@id": f"#software-{each.name}",
            "@type": "SoftwareApplication",
            "name": each.name,
            "softwareVersion": each.version,
        }


def _all_scenes(evidence: Evidence) -> list[Scene]:
    """Every image once, in the order of their dates."""
    scenes = [*(each for epoch in evidence.epochs for each in epoch.scenes)]
    known = {each.id: each for each in (*scenes, *evidence.spectral_scenes)}
    return sorted(known.values(), key=lambda each: (each.date, each.id))


def _scenes(evidence: Evidence) -> Iterator[Entity]:
    for each in _all_scenes(evidence):
        drawn = f"{SIMULATED_NOTICE}. " if each.simulated else ""
        yield {
            "@id": f"#scene-{each.id}",
            "@type": "CreativeWork",
            "name": each.id,
            "description": f"{drawn}Image of {each.platform} ({each.sensor})",
            "dateCreated": each.date,
            "license": each.licence or "not stated",
            "subjectOf": _refer("scenes.json"),
        }


def _label_id(each: LabelRecord) -> str:
    return f"#labels-{each.epoch}-{each.purpose}"


def _people(evidence: Evidence) -> list[str]:
    return sorted({name for each in evidence.labels for name in each.interpreters if name})


def _labels(evidence: Evidence) -> Iterator[Entity]:
    people = _people(evidence)
    for each in evidence.labels:
        yield {
            "@id": _label_id(each),
            "@type": "CreativeWork",
            "name": f"Labels {each.epoch}, {each.purpose.replace('-', ' ')}: {each.source}",
            "sha256": each.digest,
            "contributor": [
                _refer(f"#interpreter-{people.index(name) + 1}")
                for name in each.interpreters
                if name
            ],
            "isPartOf": _refer("labels.geojson"),
        }


def _interpreters(evidence: Evidence) -> Iterator[Entity]:
    for number, name in enumerate(_people(evidence), start=1):
        yield {"@id": f"#interpreter-{number}", "@type": "Person", "name": name}


def _sites(evidence: Evidence, inputs: list[str]) -> Iterator[Entity]:
    """Site files that are not kept in the bag."""
    for site in {each.id: each for each in (evidence.study_area, evidence.site)}.values():
        if f"inputs/sites/{site.id}.geojson" not in inputs:
            yield {
                "@id": f"#site-{site.id}",
                "@type": "CreativeWork",
                "name": f"Site file of {site.title}",
                "sha256": site.digest,
            }


def _file(path: str, each: Listed) -> Entity:
    suffix = PurePosixPath(path).suffix
    return {
        "@id": path,
        "@type": "File",
        "name": _NAMES.get(path, PurePosixPath(path).stem.replace("_", " ")),
        "encodingFormat": _FORMATS.get(suffix, "application/octet-stream"),
        "contentSize": str(each.size),
        "sha256": each.sha256,
    }


def _signing(evidence: Evidence, signing: Signing | None) -> Iterator[Entity]:
    if signing is None:
        return
    yield {
        "@id": "#signing",
        "@type": "UpdateAction",
        "name": _said(evidence, f"Signed by {signing.signer}"),
        "agent": _refer("#signer"),
        "instrument": _refer(_SOFTWARE),
        "object": [_refer("./")],
        "result": [_refer("signatures.json"), *([_refer("report.pdf")] if signing.level else [])],
    }
    yield {
        "@id": "#signer",
        "@type": "Person",
        "name": signing.signer,
        "identifier": f"certificate SHA-256 {signing.certificates[0]}",
    }
