"""What a look at something brought to light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from reetrace.core.errors import ReetraceError


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    works: bool
    finding: str
    do: str = ""
    needed: bool = True
    """False where what does not work is only worth knowing, not a fault."""

    @property
    def is_fault(self) -> bool:
        """Whether something is broken that is needed."""
        return self.needed and not self.works

    def as_dict(self) -> dict[str, object]:
        """The same, for JSON."""
        return asdict(self)


def look(
    what: str, question: Callable[[], tuple[str, str]], otherwise: str, *, needed: bool = True
) -> Finding:
    """The answer to a question, or the fault it came upon with what is to be done then."""
    try:
        finding, advice = question()
    except ReetraceError as fault:
        return Finding(what, works=False, finding=str(fault), do=otherwise, needed=needed)
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        told = f"{where}{fault.strerror or fault}."
        return Finding(what, works=False, finding=told, do=otherwise, needed=needed)
    return Finding(what, works=True, finding=finding, do=advice, needed=needed)
