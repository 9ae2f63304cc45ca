"""The five verbs of an engine, and its list of scenes. Only engines hold rasters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reetrace.core.grid import Grid
from reetrace.core.landcover import Legend
from reetrace.core.model import Model
from reetrace.core.raster import Composite, Crosstab, LandcoverMap, SceneListing
from reetrace.core.samples import Labels, Samples
from reetrace.core.sensor import Sensor
from reetrace.core.site import Epoch, Site, ZoneSet

P = TypeVar("P")


class Engine(Protocol[P]):
    """Where imagery is found, composed, classified and counted."""

    @property
    def name(self) -> str:
        """`local`, `earthengine`: as the evidence names it."""
        ...

    def notes(self) -> tuple[str, ...]:
        """What the evidence has to say of how the answers so far were come by; often nothing."""
        ...

    def scenes(
        self, site: Site, epoch: Epoch, sensors: Sequence[Sensor]
    ) -> tuple[SceneListing, ...]:
        """The scenes a composite would start from, by date; no pixel is read.

        Raises:
            NoImagery: None of the sensors has a scene.
        """
        ...

    def composite(
        self,
        site: Site,
        epoch: Epoch,
        grid: Grid,
        *,
        sensors: Sequence[Sensor],
        min_observations: int,
    ) -> Composite[P]:
        """The median of the clear observations of one sensor on the grid.

        Args:
            site: Its area of interest bounds what is looked at.
            epoch: Only scenes whose date it holds take part.
            grid: Obeyed to the pixel.
            sensors: In order of preference; the first with a scene is used, never two together.
            min_observations: Pixels seen clear less often count as not seen.

        Raises:
            NoImagery: None of the sensors has a scene.
            ImageryError: A scene is not what it is said to be.
        """
        ...

    def sample(self, composite: Composite[P], labels: Sequence[Labels]) -> tuple[Samples, ...]:
        """The composite's values beneath each file of labels, in the order of its labels."""
        ...

    def classify(
        self, composite: Composite[P], model: Model, legend: Legend, site: Site
    ) -> LandcoverMap[P]:
        """The model's class of every seen pixel whose centre lies in the area of interest."""
        ...

    def crosstab(
        self,
        comparisons: Sequence[Sequence[LandcoverMap[P]]],
        zone_sets: Sequence[ZoneSet],
        site: Site,
    ) -> tuple[Crosstab, ...]:
        """Pixels of the area of interest by zone and by class in each map of each comparison.

        A pixel is in a zone when its centre is. All that is wanted is asked for at once, so that
        an engine far away can answer it at once.

        Args:
            comparisons: One or more maps each, counted against each other.
            zone_sets: Every comparison is counted by each of them.
            site: Its area of interest is what is counted.

        Returns:
            Zone set by zone set, the comparisons in their order.

        Raises:
            GridMismatch: The maps do not share one grid.
        """
        ...

    def read(
        self, raster: Composite[P] | LandcoverMap[P], bands: Sequence[str] = ()
    ) -> NDArray[np.uint16]:
        """The pixels themselves, for rasters small enough to come home.

        Returns:
            Shape (bands, rows, cols): stored reflectance of the named roles (`OBSERVATIONS` is the
            number of clear observations), or one layer of class codes for a map.
        """
        ...
