"""Run the model of an evidence folder again on its own composites, and compare the maps.

    python examples/check_a_map.py reports/SIMULATED_mine-A_2005-2020

Needs nothing but the folder: no imagery, no registry, no account.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import rasterio

from reetrace.core.kernel import compile_forest
from reetrace.core.raster import ndvi_feature
from reetrace.evidence import load, load_models


def main(bag: Path) -> int:
    """Print the share of pixels on which the stored map and a fresh run agree; 1 if any differ."""
    evidence = load(bag)
    models = {model.digest: model for model in load_models(bag)}
    different = 0
    for record in evidence.models:
        kernel = compile_forest(models[record.digest])
        for epoch in record.epochs:
            with rasterio.open(bag / "data" / "rasters" / f"{epoch}_composite.tif") as raster:
                bands = dict(zip(raster.descriptions, raster.read(), strict=True))
            with rasterio.open(bag / "data" / "rasters" / f"{epoch}_landcover.tif") as raster:
                stored = raster.read(1)
            bands["ndvi"] = ndvi_feature(bands["red"], bands["nir"])
            features = np.stack([bands[name].ravel() for name in record.features])
            fresh = kernel.classify(features).reshape(stored.shape)
            seen = (stored != 0) & (stored != 255)  # noqa: PLR2004 - not seen, and outside
            unequal = int((fresh[seen] != stored[seen]).sum())
            different += unequal
            print(f"{epoch}: {unequal} of {int(seen.sum()):,} pixels differ")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
