"""What is said of a scene: in a list, in a digest, in the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from reetrace.core.raster import Scene, SceneListing
from reetrace.engines.local.catalogue import Item
from reetrace.engines.local.inspect import Inspection


def to_listing(item: Item) -> SceneListing:
    """A scene as a list shows it before it is looked at."""
    return SceneListing(
        item.id, item.date, item.sensor.id, item.platform, item.cloud_cover, None, item.simulated
    )


def inputs_of(item: Item, seen: Inspection) -> dict[str, object]:
    """Everything about a scene that can change a pixel."""
    return {
        "id": item.id,
        "checksums": seen.checksums,
        "layers": [
            (role, layer.index, layer.encoding.scale, layer.encoding.offset, layer.encoding.nodata)
            for role, layer in item.bands
        ],
        "quality": [
            (flags.id, layer.index, [(flag.name, flag.bit, flag.values) for flag in flags.reject])
            for flags, layer in item.quality
        ],
    }


def to_scene(item: Item, seen: Inspection, share: float, roles: Sequence[str]) -> Scene:
    """A scene as the evidence keeps it."""
    doubts = list(seen.doubts)
    unused = [role for role in item.roles if role not in roles]
    if unused:
        doubts.append(f"{', '.join(unused)} not used: other scenes of the epoch lack them")
    return Scene(
        id=item.id,
        date=item.date.isoformat(),
        sensor=item.sensor.id,
        platform=item.platform,
        checksums=seen.checksums,
        clear_share=share,
        resampling=seen.resampling,
        simulated=seen.simulated,
        licence=item.licence,
        processing=item.processing,
        warnings=tuple(doubts),
    )
