"""The raster grid that decides what is comparable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lattice:
    """Where the pixel edges of an image fall; many images of one provider share one."""

    epsg: int
    """A WGS 84 / UTM north zone, as for `Grid`."""
    pixel_m: float
    east_m: float
    """Easting of any column's left edge, modulo the pixel."""
    north_m: float
    """Northing of any row's upper edge, modulo the pixel."""


@dataclass(frozen=True)
class Grid:
    """Square pixels in a UTM zone. Two rasters are comparable when their grids are equal."""

    epsg: int
    """EPSG code of the projected CRS, always a WGS 84 / UTM *north* zone, as Landsat has it:
    the false northing of the south zones is no multiple of 30 m and would shift every pixel."""

    west_m: float
    """Easting of the left edge of column 0."""

    north_m: float
    """Northing of the upper edge of row 0; negative in the southern hemisphere."""

    pixel_m: float

    rows: int

    cols: int

    pixel_area_m2: float
    """Area of one pixel on the ellipsoid; not `pixel_m` squared, which is the map's."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """Affine coefficients (a, b, c, d, e, f): easting = a col + c, northing = e row + f."""
        return self.pixel_m, 0.0, self.west_m, 0.0, -self.pixel_m, self.north_m

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in metres of the CRS."""
        return (
            self.west_m,
            self.north_m - self.rows * self.pixel_m,
            self.west_m + self.cols * self.pixel_m,
            self.north_m,
        )
