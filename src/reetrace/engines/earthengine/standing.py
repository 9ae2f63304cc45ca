"""How a project stands with the service: whether it is answered, and how it is registered."""

from __future__ import annotations

from dataclasses import dataclass

from reetrace.engines.earthengine.service import Service

TAG = "reetrace-doctor"


@dataclass(frozen=True)
class Standing:
    """What the service tells of a project."""

    registration: str
    """`REGISTERED_COMMERCIALLY`, `REGISTERED_NOT_COMMERCIALLY`, `NOT_REGISTERED`; empty where it
    is not told."""
    exports: int | None
    """Batch exports that may run at once; None where it is not told."""


def answer(service: Service) -> None:
    """Ask for the smallest thing there is to compute.

    Raises:
        ServiceError: There is no answer.
    """
    import ee

    service.value(ee.Number(1), tag=TAG, doing="asking Earth Engine for an answer")


def standing(service: Service) -> Standing | None:
    """How the project is registered; None where this service cannot be asked.

    Raises:
        ServiceError: The account may not know, or no answer came.
    """
    import ee

    try:
        told = service.ask(ee.data.getProjectConfig, TAG, "asking how the project is registered")
    except AttributeError:
        # Not every description of the interface that the client fetches has it.
        return None
    exports = told.get("maxConcurrentExports")
    return Standing(
        str(told.get("registrationState", "")), int(exports) if exports is not None else None
    )
