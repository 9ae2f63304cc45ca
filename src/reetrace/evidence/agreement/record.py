"""Models, labels and images beside the record that names them."""

from __future__ import annotations

from pathlib import Path

from reetrace.core.errors import EvidenceError
from reetrace.core.evidence import Evidence
from reetrace.evidence.agreement.manner import Manner, same_json
from reetrace.evidence.document import encode, read_bytes
from reetrace.evidence.record import load_labels, load_models, scenes_bytes


def check_record(evidence: Evidence, bag: Path, manner: Manner) -> str:
    """Hold models, labels and images against the evidence; returns what was compared.

    Raises:
        EvidenceError: Names the first that is another.
    """
    data = bag / "data"
    content = read_bytes(data / "evidence.json")
    if not same_json(content, encode(evidence), manner, "data/evidence.json"):
        raise EvidenceError("data/evidence.json is not laid out as reetrace writes it.")
    models = sorted(each.digest for each in load_models(bag))
    if models != sorted(each.digest for each in evidence.models):
        raise EvidenceError("data/model.json holds other models than evidence.json names.")
    labels = load_labels(bag)
    if [each.digest for each in labels] != [each.digest for each in evidence.labels]:
        raise EvidenceError("data/labels.geojson holds other labels than evidence.json names.")
    for held, named in zip(labels, evidence.labels, strict=True):
        if len(held.points) != named.points:
            raise EvidenceError(
                f"data/labels.geojson holds {len(held.points)} labels of {named.source}, "
                f"evidence.json says {named.points}."
            )
    scenes = read_bytes(data / "scenes.json")
    if not same_json(scenes, scenes_bytes(evidence), manner, "data/scenes.json"):
        raise EvidenceError("data/scenes.json names other images than evidence.json.")
    return f"{len(models)} model(s), {sum(len(each.points) for each in labels)} labels, images"
