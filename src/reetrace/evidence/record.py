"""The record of a run: evidence, tables, models, labels, scenes and outlines as plain files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.core.model import Model
from reetrace.core.samples import Labels
from reetrace.core.table import Table
from reetrace.evidence import stac
from reetrace.evidence.document import decode, encode, read_bytes, to_json
from reetrace.evidence.files import sha256_of, write_bytes
from reetrace.evidence.label_file import decode_labels, encode_labels
from reetrace.evidence.model_file import decode_models, encode_models
from reetrace.evidence.rasters import check_marks
from reetrace.evidence.styles import raster_styles
from reetrace.evidence.vectors import write_vectors
from reetrace.ledger import dictionary, tabulate


def save(
    evidence: Evidence, folder: Path, *, models: Sequence[Model], labels: Sequence[Labels]
) -> None:
    """Write everything under `folder/data` but the rasters, which lie there already.

    Raises:
        EvidenceError: The parts contradict one another, or the rasters are not those recorded.
        OutputError: A file could not be written.
    """
    data = folder / "data"
    content = encode(evidence)
    # What was written is what everything else is made from, so that nothing can differ from it.
    written = decode(content, "evidence.json")
    if written != evidence:
        raise EvidenceError("the evidence holds a value that JSON cannot, such as NaN.")
    tables = tabulate(written)
    _check_models(written, models)
    _check_labels(written, labels)
    _check_rasters(written, data)
    write_bytes(data / "evidence.json", content)
    write_bytes(data / "model.json", encode_models(models, simulated=evidence.simulated))
    write_bytes(data / "labels.geojson", encode_labels(labels, simulated=evidence.simulated))
    write_bytes(data / "scenes.json", scenes_bytes(written))
    for table in (*tables, dictionary(tables)):
        write_bytes(data / "tables" / f"{table.name}.csv", csv_bytes(table))
    write_vectors(written, data / "vectors")
    for path, description in {**raster_styles(written), **stac.describe(written, data)}.items():
        write_bytes(data / path, description)


def load(bag: Path) -> Evidence:
    """The evidence of a folder, sealed or not.

    Raises:
        EvidenceError: It holds none, or one of another version or shape.
    """
    path = _record_file(bag, "evidence.json")
    return decode(read_bytes(path), str(path))


def load_models(bag: Path) -> tuple[Model, ...]:
    """The models of a folder, each with the digest it was stored under."""
    path = _record_file(bag, "model.json")
    return decode_models(read_bytes(path), str(path))


def load_labels(bag: Path) -> tuple[Labels, ...]:
    """The labels of a folder, file by file."""
    path = _record_file(bag, "labels.geojson")
    return decode_labels(read_bytes(path), str(path))


def _record_file(bag: Path, name: str) -> Path:
    path = bag / "data" / name
    if not path.is_file():
        raise EvidenceError(
            f"{bag}: is no evidence folder (no data/{name}). Give the folder that holds bagit.txt."
        )
    return path


def csv_bytes(table: Table) -> bytes:
    """A table as RFC 4180 text: UTF-8, values unrounded and unaltered, blanks empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(table.rows)
    return text.getvalue().encode("utf-8")


def scenes_bytes(evidence: Evidence) -> bytes:
    """`scenes.json`: every image that was used."""
    return to_json(
        {
            "format": "reetrace-scenes-1",
            "notice": SIMULATED_NOTICE if evidence.simulated else "",
            "epochs": [
                {
                    "epoch": epoch.label,
                    "first": epoch.first,
                    "last": epoch.last,
                    "sensor": epoch.sensor,
                    "scenes": epoch.scenes,
                }
                for epoch in evidence.epochs
            ],
            "screening": evidence.spectral_scenes,
        }
    )


def _check_models(evidence: Evidence, models: Sequence[Model]) -> None:
    recorded = sorted(record.digest for record in evidence.models)
    given = sorted(model.digest for model in models)
    if recorded != given:
        raise EvidenceError(f"models: {given} were given, {recorded} are recorded.")
    if any(model.simulated for model in models) and not evidence.simulated:
        raise EvidenceError("a model was fitted to drawn imagery, but the evidence hides it.")


def _check_labels(evidence: Evidence, labels: Sequence[Labels]) -> None:
    recorded = sorted(record.digest for record in evidence.labels)
    given = sorted(each.digest for each in labels)
    if recorded != given:
        raise EvidenceError(f"labels: {given} were given, {recorded} are recorded.")
    if any(each.simulated for each in labels) and not evidence.simulated:
        raise EvidenceError("labels were drawn, but the evidence hides it.")


def _check_rasters(evidence: Evidence, data: Path) -> None:
    """Each raster is there as recorded, none besides, and drawn ones say so themselves."""
    for record in evidence.rasters:
        path = data / record.path
        if not path.is_file():
            raise EvidenceError(f"{record.path}: recorded, but not in the folder.")
        if sha256_of(path) != record.sha256:
            raise EvidenceError(f"{record.path}: is not the file that was recorded.")
    recorded = {record.path for record in evidence.rasters}
    # Older ones lie there when a record is written again; they are replaced.
    described = {*raster_styles(evidence), *stac.paths(evidence)}
    for path in sorted((data / "rasters").rglob("*")):
        if path.is_file() and path.relative_to(data).as_posix() not in recorded | described:
            raise EvidenceError(f"{path.relative_to(data)}: lies there, but is not recorded.")
    check_marks(data / "rasters", simulated=evidence.simulated)
