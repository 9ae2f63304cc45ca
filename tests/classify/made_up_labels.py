"""Labels on made-up ground whose right answer is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reetrace.core.landcover import LandcoverClass, Legend
from reetrace.core.samples import Label, Labels, Samples

MINE = Legend(
    id="mine",
    title="Mine",
    classes=(
        LandcoverClass(2, "mine", "Mine", "#d55e00"),
        LandcoverClass(1, "non-mine", "Not mine", "#009e73"),
    ),
    target="mine",
)
THREE = Legend(
    id="three",
    title="Three",
    classes=tuple(LandcoverClass(5 * k + 5, name, name, "#000000") for k, name in enumerate("abc")),
    target="c",
)
BANDS = ("blue", "green", "red", "nir", "swir1", "swir2")


def samples(
    values: NDArray[np.uint16],
    classes: list[str],
    *,
    epoch: str = "2005",
    bands: tuple[str, ...] = BANDS,
    rows: NDArray[np.int64] | None = None,
) -> Samples:
    """Labels with these classes and these values beneath them, in a row from west to east."""
    count = len(classes)
    points = tuple(
        Label(f"p-{number:04d}", 0.0, 0.0, name, "reader", "picture", "2005-01-01")
        for number, name in enumerate(classes)
    )
    labels = Labels(
        site="made-up",
        epoch=epoch,
        purpose="training",
        design="purposive",
        strata=(),
        points=points,
        source=f"{epoch}.geojson",
        digest=f"digest-{epoch}",
    )
    return Samples(
        labels=labels,
        bands=bands,
        values=values,
        rows=np.zeros(count, dtype=np.int64) if rows is None else rows,
        cols=np.arange(count, dtype=np.int64),
    )


def two_kinds(
    seed: int, count: int = 120, *, epoch: str = "2005", bands: tuple[str, ...] = BANDS
) -> Samples:
    """Forest and bare ground that overlap, so that trees have something to grow on."""
    rng = np.random.default_rng(seed)
    bare = rng.random(count) < 0.4
    centre = np.where(bare[:, None], 15_000, 11_500)
    values = (centre + rng.normal(0, 1_800, (count, len(bands)))).clip(1, 65_535)
    return samples(
        values.astype(np.uint16),
        ["mine" if each else "non-mine" for each in bare],
        epoch=epoch,
        bands=bands,
    )
