"""Editions of country borders that an engine's archive has beside the registry's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reetrace.core.engine import Engine
from reetrace.core.errors import SettingError
from reetrace.core.site import Site, ZoneSet


def further_borders(
    engine: Engine[Any], study: Site, editions: Sequence[str]
) -> tuple[ZoneSet, ...]:
    """The countries of a study area by each of these editions.

    Raises:
        SettingError: The engine has no archive of borders, or not this edition.
    """
    if not editions:
        return ()
    fetch = getattr(engine, "borders", None)
    if fetch is None:
        raise SettingError(
            f"--boundaries {editions[0]}: the engine {engine.name} has no further borders. "
            "Use --engine earthengine, or leave --boundaries out."
        )
    return tuple(fetch(edition, study) for edition in dict.fromkeys(editions))
