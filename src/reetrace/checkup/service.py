"""Whether Earth Engine would answer, and as whom; no person is asked for anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from reetrace.checkup.findings import Finding, look
from reetrace.core.errors import LabelError, NoImagery, ReetraceError
from reetrace.settings import Settings, cache_folder

if TYPE_CHECKING:
    from reetrace.engines.earthengine.service import Service
    from reetrace.engines.earthengine.signing_in import SignIn

PATIENCE_S = 30.0
LONGEST_PAUSE_S = 2.0
"""A doctor is asked for now: better a finding than a long wait."""

TIERS = "https://developers.google.com/earth-engine/guides/noncommercial_tiers"

REGISTER = "https://code.earthengine.google.com/register?project="

_SOURCES = {
    "key": "key of a service account",
    "application default": "application default credentials",
    "stored token": "sign-in of the Earth Engine client",
    "anonymous": "nobody",
}

_REGISTERED = {
    "REGISTERED_COMMERCIALLY": "registered for commercial use",
    "REGISTERED_NOT_COMMERCIALLY": "registered for noncommercial use",
    "NOT_REGISTERED": "not registered",
}


def examine_service(
    settings: Settings, *, site: str | None = None, pause: Callable[[float], None] = time.sleep
) -> Iterator[Finding]:
    """Sign-in and project; and, where Earth Engine is the engine, answer, quota and images.

    Args:
        settings: In force.
        site: Its years of interest are looked up; none where None.
        pause: Called with the seconds to wait before the service is asked again.
    """
    wanted = settings.engine == "earthengine"
    found: list[SignIn] = []

    def signed_in() -> tuple[str, str]:
        found.append(_signed_in(settings))
        source = f"{_SOURCES[found[0].source]}, in {found[0].found_in}"
        if found[0].source == "anonymous":
            source = "none is needed by a service on this machine"
        advice = "" if wanted else "See whether it works: reetrace doctor --engine earthengine"
        return f"{source}; project {found[0].project}.", advice

    yield look(
        "Earth Engine sign-in",
        signed_in,
        _way_in(settings, wanted=wanted),
        needed=wanted,
    )
    if wanted and site is not None:
        yield look(
            f"labels for {site}",
            partial(_labels, settings, site),
            "Look at it with `reetrace map`, then bring labels in with `reetrace labels import`.",
            needed=False,
        )
    if wanted and found:
        yield from _asked(settings, site, pause)


def _way_in(settings: Settings, *, wanted: bool) -> str:
    """What to do where there is no sign-in, or none that works."""
    if settings.key is not None:
        return f"Mend or replace {settings.key}, or leave the key out to use other credentials."
    if wanted:
        return "Sign in with a browser: reetrace doctor --sign-in"
    return "Only --engine earthengine needs one. Sign in with: reetrace doctor --sign-in"


def _signed_in(settings: Settings) -> SignIn:
    from reetrace.engines.earthengine.address import address_of, is_local
    from reetrace.engines.earthengine.signing_in import anonymous, sign_in

    if settings.key is None and is_local(address_of(None)):
        return anonymous(settings.project)
    return sign_in(project=settings.project, key=settings.key)


def _asked(
    settings: Settings, site: str | None, pause: Callable[[float], None]
) -> Iterator[Finding]:
    """What the service itself has to say."""
    from reetrace.engines.earthengine.service import Service

    opened: list[Service] = []

    def answers() -> tuple[str, str]:
        from reetrace.engines.earthengine.standing import answer

        opened.append(
            Service.open(
                project=settings.project,
                key=settings.key,
                deadline_s=PATIENCE_S,
                pause=lambda seconds: pause(min(seconds, LONGEST_PAUSE_S)),
            )
        )
        answer(opened[0])
        return f"answers to project {opened[0].project}.", ""

    finding = look("Earth Engine service", answers, "docs/earthengine.md tells of every fault.")
    yield finding
    for service in opened:
        if finding.works:
            yield look("Earth Engine quota", partial(_quota, service), "")
            if site is not None:
                yield look(f"imagery for {site}", partial(_images, service, settings, site), "")
        service.close()


def _quota(service: Service) -> tuple[str, str]:
    """As much as the service tells of what the project may use."""
    from reetrace.engines.earthengine.standing import standing

    try:
        known = standing(service)
    except ReetraceError:
        known = None
    if service.usage.restricted:
        return (
            "used up for this month: answers come slower (restricted mode).",
            f"Wait for the next month, or choose a larger tier: {TIERS}",
        )
    if known is None or known.registration not in _REGISTERED:
        return "not told by the service.", f"What a project may use: {TIERS}"
    exports = f", {known.exports} exports at once" if known.exports else ""
    told = f"{_REGISTERED[known.registration]}{exports}"
    if known.registration == "REGISTERED_NOT_COMMERCIALLY":
        return (
            f"{told}; 150 EECU-hours a month unless another tier was chosen (not told).",
            f"Work for a company, a client or a government's operations is commercial: {TIERS}",
        )
    if known.registration == "NOT_REGISTERED":
        return f"{told}.", f"Register it and say for what use: {REGISTER}{service.project}"
    return f"{told}.", ""


def _images(service: Service, settings: Settings, site_id: str) -> tuple[str, str]:
    """How many images of a site there are in each of its years of interest."""
    from reetrace import tables
    from reetrace.core.site import Epoch
    from reetrace.engines.earthengine import EarthEngine
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    study = registry.study_area(registry.site(site_id))
    engine = EarthEngine(service, work=cache_folder(settings) / "work")
    told = []
    for year in study.epochs:
        epoch = Epoch.of_year(year, study.season_months)
        try:
            images = engine.scenes(study, epoch, tables.landsat_for_year(year))
            sensor = tables.sensor(images[0].sensor).title
            told.append(f"{year}: {len(images)} of {sensor}")
        except NoImagery:
            told.append(f"{year}: no Landsat image")
    return f"{'; '.join(told)}.", ""


def _labels(settings: Settings, site_id: str) -> tuple[str, str]:
    """Which years of a site have labels to train on; none is shipped for real images."""
    from reetrace.registry import load_registry

    registry = load_registry(settings.registry)
    study = registry.study_area(registry.site(site_id))
    labelled = [str(year) for year in study.epochs if registry.labels(study.id, year, "training")]
    if not labelled:
        raise LabelError("no labels to train on; a report needs them, a map does not.")
    without = [str(year) for year in study.epochs if str(year) not in labelled]
    if not without:
        return f"training labels for {', '.join(labelled)}.", ""
    return (
        f"training labels for {', '.join(labelled)}; none for {', '.join(without)}.",
        "One year of labels serves every year of its kind of sensor (Landsat 5 and 7; 8 and 9).",
    )
