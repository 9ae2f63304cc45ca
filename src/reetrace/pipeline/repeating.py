"""The engine and the images of an earlier run, opened again for exactly what it used."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import AccountError, EvidenceError, SettingError
from reetrace.core.evidence import Evidence
from reetrace.pipeline.inputs import RunRecord, seed_of
from reetrace.pipeline.order import Progress
from reetrace.settings import Settings, cache_folder

if TYPE_CHECKING:
    from reetrace.engines import Account

_REMOTE, _STANDIN = "earthengine", "earthengine-standin"


def refuse_misfits(
    bag: Path, record: RunRecord, settings: Settings, *, scenes: Path | None, account: bool
) -> None:
    """Refuses what the engine of a bag cannot use, or lacks, before any work is begun.

    Args:
        bag: As an error names it.
        record: What was asked for then.
        settings: In force now.
        scenes: The folder of images that was asked for, if any.
        account: Whether an account for Earth Engine was asked for.

    Raises:
        SettingError: Images or an account lack, or go with another engine.
        EvidenceError: The engine is none that makes evidence.
    """
    if record.engine == "local":
        if account:
            raise SettingError(
                f"{bag}: was made on a machine like this one. --project and --key are for Earth "
                "Engine; leave them out."
            )
        if record.drawn_seed is None and settings.scenes is None:
            raise SettingError(
                f"{bag}: its images are not in it. Name the folder that holds them with --scenes; "
                "data/scenes.json lists them."
            )
        return
    if record.engine not in {_REMOTE, _STANDIN}:
        raise EvidenceError(
            f"{bag}: was made with the engine {record.engine[:40]!r}, unknown here."
        )
    if scenes is not None:
        raise SettingError(
            f"{bag}: was made on Earth Engine, which takes the images of data/scenes.json from its "
            "own archive and does not see yours. Leave --scenes out."
        )
    _refuse_other_service(bag, record.engine)


def _refuse_other_service(bag: Path, engine: str) -> None:
    from reetrace.engines.earthengine.address import ADDRESS_VARIABLE, address_of, is_googles

    googles = is_googles(address_of(None))
    if engine == _STANDIN and (googles or "PYTEST_CURRENT_TEST" not in os.environ):
        raise EvidenceError(
            f"{bag}: was made with the engine {engine!r}, which is for tests alone."
        )
    if engine == _REMOTE and not googles:
        raise SettingError(
            f"{ADDRESS_VARIABLE}: names a service that stands in for Google's, and evidence is "
            "made again by Google's alone. Unset it."
        )


def drawn_again(
    record: RunRecord, settings: Settings, scenes: Path | None, progress: Progress
) -> Path | None:
    """The drawn world of a run, drawn again unless it is named or lies there already."""
    if record.drawn_seed is None:
        return None
    if scenes is not None:
        return scenes if seed_of(scenes)[0] is not None else None
    from reetrace.drawn import draw_world, edition

    folder = cache_folder(settings) / f"drawn-{edition()}-{record.drawn_seed}"
    if not (folder / "catalog.json").is_file():
        draw_world(record.drawn_seed, folder, progress=progress)
        shutil.rmtree(folder / "truth")
    return folder


def pinned_images(before: Evidence) -> dict[str, tuple[str, ...]]:
    """Label of each epoch to the ids of the images that it must start from."""
    return {epoch.label: tuple(scene.id for scene in epoch.scenes) for epoch in before.epochs}


def open_again(
    bag: Path,
    before: Evidence,
    record: RunRecord,
    settings: Settings,
    *,
    world: Path | None,
    work: Path,
    progress: Progress,
) -> Any:  # noqa: ANN401 - pixels are private to an engine
    """The engine of a bag, which sees the images of the bag and no others.

    Raises:
        AccountError: It is Earth Engine's, and nobody is signed in or may use it.
    """
    from reetrace.engines import open_engine

    remote = record.engine != "local"
    pinned = (name for names in pinned_images(before).values() for name in names)
    screened = (scene.id for scene in before.spectral_scenes)
    try:
        return open_engine(
            _REMOTE if remote else record.engine,
            catalogues=(settings.scenes,) if settings.scenes and world is None else (),
            work=work,
            drawn=world,
            progress=lambda step, share: progress(f"{step} {share:.0%}", 0.0),
            only=frozenset({*pinned, *screened}),
            account=_account(settings) if remote else None,
        )
    except AccountError as fault:
        raise AccountError(
            f"{bag}: was made on Earth Engine, and making it again needs an account there, of "
            f"whomever. {fault}"
        ) from fault


def _account(settings: Settings) -> Account:
    from reetrace.engines import Account

    return Account(settings.project, settings.key, settings.concurrency)
