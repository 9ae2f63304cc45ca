"""Classes of ground, and the two codes that are no class."""

from __future__ import annotations

from dataclasses import dataclass

NOT_SEEN = 0
"""Code of a pixel inside the area of interest that had too few clear observations."""

OUTSIDE = 255
"""Code of a pixel outside the area of interest; the no-data value of every class raster."""


@dataclass(frozen=True)
class LandcoverClass:
    """One class of a legend."""

    code: int
    """1-254, in the order in which a tie of votes is broken: the lower code wins."""
    name: str
    """Stable name in labels and tables, e.g. `non-mine`."""
    title: str
    colour: str
    """`#rrggbb`, distinct for colour-blind readers and in grey."""
    definition: str = ""


@dataclass(frozen=True)
class Legend:
    """The classes a site is mapped with."""

    id: str
    title: str
    classes: tuple[LandcoverClass, ...]
    target: str
    """Name of the class whose footprint, growth and patches are reported."""

    def code(self, name: str) -> int:
        """Code of the class with this name; KeyError where there is none."""
        for each in self.classes:
            if each.name == name:
                return each.code
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by rising code."""
        return tuple(each.name for each in sorted(self.classes, key=lambda each: each.code))

    @property
    def target_code(self) -> int:
        """Code of the target class."""
        return self.code(self.target)
