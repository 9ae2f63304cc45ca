"""How the stand-in says no."""

from __future__ import annotations

from tests.loopback.backend import BackendError


class Unmodelled(NotImplementedError):
    """The graph asks for something that the stand-in does not model; the test must fail."""


class Refused(BackendError):
    """What the service would answer with status 400."""


def refuse_timeout() -> Refused:
    """The computation would outlast the interactive limit."""
    return Refused("Computation timed out.")


def refuse_memory() -> Refused:
    """The computation would outgrow its memory."""
    return Refused("User memory limit exceeded.")
