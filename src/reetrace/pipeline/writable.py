"""Whether anything can be put in a place, asked before hours are spent on what should lie there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from reetrace.core.errors import OutputError


def refuse_unwritable(folder: Path, advice: str = "choose another place") -> None:
    """Refuses a folder in which, or in the one above that is there, nothing can be made.

    What is made to find out is gone at once.

    Args:
        folder: Need not be there yet.
        advice: What else to do than to make room or to allow it.

    Raises:
        OutputError: The system refuses.
    """
    place = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links
    try:
        # A drive may be missing with all that is on it.
        there = next((each for each in (place, *place.parents) if each.exists()), place)
        with tempfile.TemporaryDirectory(prefix=".reetrace-", dir=there):
            pass
    except OSError as fault:
        raise OutputError(
            f"{folder}: could not be written ({fault.strerror}). Free the space, allow writing "
            f"there, or {advice}."
        ) from fault
