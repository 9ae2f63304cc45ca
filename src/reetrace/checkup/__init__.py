"""What works and what does not: the findings behind `reetrace doctor`."""

from __future__ import annotations

from reetrace.checkup.findings import Finding
from reetrace.checkup.machine import examine_imagery, examine_machine
from reetrace.checkup.service import examine_service
from reetrace.settings import Settings

__all__ = ["Finding", "examine"]


def examine(settings: Settings, *, site: str | None = None) -> tuple[Finding, ...]:
    """Look at the machine, at images and at the sign-in; never raises for what it finds.

    Earth Engine itself is asked only where it is the engine.
    """
    # Each engine has its own images, and says what it has of a site.
    local = settings.engine == "local"
    return (
        *examine_machine(settings),
        *(examine_imagery(settings, site) if local else ()),
        *examine_service(settings, site=site),
    )
