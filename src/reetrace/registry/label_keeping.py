"""Labels in the user's registry folder: brought in, listed, summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reetrace.core.errors import LabelError
from reetrace.core.samples import Labels, Purpose
from reetrace.registry.catalogue import Registry, load_registry
from reetrace.registry.label_import import LabelOrder, import_labels
from reetrace.registry.labels import load_labels, save_labels
from reetrace.registry.ordering import DEFAULT_FOLDER
from reetrace.tables import legend


@dataclass(frozen=True)
class KeptLabels:
    """Label files that were written."""

    labels: tuple[Labels, ...]
    files: tuple[Path, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "labels": [summary(each) for each in self.labels],
            "files": [path.as_posix() for path in self.files],
            "remarks": list(self.remarks),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        for labels, path in zip(self.labels, self.files, strict=True):
            yield f"{path}: {len(labels.points)} labels ({counted(labels)}), {labels.design}"
        yield from (f"  note: {remark}" for remark in self.remarks)


def keep_labels(
    site_name: str, order: LabelOrder, folder: Path | None, *, replace: bool
) -> KeptLabels:
    """Bring labels into the user's registry folder, under the study area they are classified with.

    Raises:
        LabelError: With the reason why they are refused; nothing is written then.
    """
    registry = load_registry(folder if folder is not None and folder.is_dir() else None)
    asked = registry.site(site_name)
    site = registry.study_area(asked)
    home = folder or DEFAULT_FOLDER
    ending = "" if order.sample is None else "-sample"
    files = tuple(
        home / "labels" / site.id / f"{epoch}{ending}.geojson" for epoch, _ in order.fields
    )
    for path in files:
        if path.exists() and not replace:
            raise LabelError(f"{path}: is already there. Say --replace to write it anew.")
    imported = import_labels(order, site, legend(site.legend, folder=folder))
    for labels, path in zip(imported.labels, files, strict=True):
        save_labels(labels, path)
    moved = (
        (f"{asked.id} is classified as part of {site.id}: the labels are kept for that.",)
        if site.id != asked.id
        else ()
    )
    return KeptLabels(
        tuple(load_labels(path) for path in files), files, (*moved, *imported.remarks)
    )


def summary(labels: Labels) -> dict[str, Any]:
    """One label file in few fields."""
    return {
        "site": labels.site,
        "epoch": labels.epoch,
        "purpose": labels.purpose,
        "design": labels.design,
        "points": len(labels.points),
        "by_class": dict(sorted(Counter(each.landcover for each in labels.points).items())),
        "strata": [[each.id, each.area_m2] for each in labels.strata],
        "interpreters": sorted({each.interpreter for each in labels.points}),
        "image_sources": sorted({each.image_source for each in labels.points}),
        "image_dates": sorted({each.image_date for each in labels.points}),
        "simulated": labels.simulated,
        "digest": labels.digest,
    }


def counted(labels: Labels) -> str:
    """How many points of each class, in words."""
    classes = Counter(each.landcover for each in labels.points)
    return ", ".join(f"{count} {name}" for name, count in sorted(classes.items()))


def list_labels(registry: Registry, site_name: str | None) -> tuple[Labels, ...]:
    """Every label file of the registry, or of one site's study area, by site and epoch."""
    site_id = None
    if site_name is not None:
        site_id = registry.study_area(registry.site(site_name)).id
    return tuple(load_labels(path) for path in registry.label_files(site_id))


def labels_of_epoch(registry: Registry, site_name: str, epoch: str) -> tuple[Labels, ...]:
    """The label files of one site's study area at one epoch.

    Raises:
        LabelError: There is none; the message names the epochs that have some.
    """
    site = registry.study_area(registry.site(site_name))
    purposes: tuple[Purpose, ...] = ("training", "probability-sample")
    found = [registry.labels(site.id, epoch, purpose) for purpose in purposes]
    known = tuple(labels for labels in found if labels is not None)
    if not known:
        epochs = sorted({path.stem for path in registry.label_files(site.id)})
        has = f"it has {', '.join(epochs)}" if epochs else "it has none at all"
        raise LabelError(
            f"{site.id} has no labels for {epoch}; {has}. Bring some in with `reetrace labels "
            "import`."
        )
    return known


def described(labels: Labels) -> Iterator[str]:
    """One label file in a few lines."""
    seen = summary(labels)
    drawn = ", SIMULATED" if labels.simulated else ""
    about = f"{labels.purpose}, {labels.design}{drawn}"
    yield f"{labels.site} {labels.epoch}: {about} ({labels.source})"
    yield f"  {len(labels.points)} points: {counted(labels)}"
    for stratum in labels.strata:
        inside = sum(point.stratum == stratum.id for point in labels.points)
        yield f"  stratum {stratum.id}: {stratum.area_m2 / 1e6:,.4f} km², {inside} points"
    yield f"  interpreters: {', '.join(seen['interpreters'])}"
    yield f"  images: {', '.join(seen['image_sources'])} ({', '.join(seen['image_dates'])})"
    yield f"  digest: {labels.digest}"
