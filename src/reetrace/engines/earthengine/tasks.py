"""Batch tasks of the service as it tells of them: named, found again, asked after, worded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reetrace.core.errors import AccountError, QuotaExceeded, ServiceError, TooLarge
from reetrace.engines.earthengine import faults
from reetrace.engines.earthengine.known_faults import Fault
from reetrace.engines.earthengine.usage import workload_tag

Kind = Literal["image", "table"]

LONGEST_DESCRIPTION = 100
"""The service takes letters, digits and `. , : ; _ -`, so many at most."""

_ENDS = ("SUCCEEDED", "FAILED", "CANCELLED")
_OURS = re.compile(r"reetrace-(image|table)-([0-9a-f]{16})-(\d+)(:|$)")


@dataclass(frozen=True)
class Task:
    """One operation of the service."""

    name: str
    """`projects/<project>/operations/<id>`."""
    state: str
    """`PENDING`, `RUNNING`, `CANCELLING`, or one of the ends."""
    description: str
    share: float | None
    """Part that is done, 0-1, where the service says."""
    error: str
    """Why it failed, in the service's words."""
    eecu_seconds: float | None
    """Compute used so far, where the service says."""

    @property
    def ended(self) -> bool:
        """Whether it will change no more."""
        return self.state in _ENDS

    @property
    def attempt(self) -> int:
        """Which attempt at its export it is; 0 where it is none of ours."""
        found = _OURS.match(self.description)
        return int(found.group(3)) if found else 0

    @property
    def short_name(self) -> str:
        """As the service's own task list calls it."""
        return self.name.rpartition("/")[2]

    def is_of(self, kind: Kind, key: str) -> bool:
        """Whether it exports what this key, 16 hex digits, stands for."""
        found = _OURS.match(self.description)
        return found is not None and found.group(1, 2) == (kind, key)


def describe(kind: Kind, key: str, attempt: int, title: str) -> str:
    """What a task is called in the service's list, by us and for people.

    >>> describe("image", "0123456789abcdef", 2, "composing 2005 of kachin-nujiang")
    'reetrace-image-0123456789abcdef-2:composing-2005-of-kachin-nujiang'
    """
    return f"reetrace-{kind}-{key}-{attempt}:{workload_tag(title)}"[:LONGEST_DESCRIPTION]


def read_task(answer: Mapping[str, Any], *, doing: str, project: str) -> Task:
    """An operation as the service answers it.

    Raises:
        Garbled: It has no name or no state.
    """
    metadata = answer.get("metadata") or {}
    name, state = answer.get("name"), metadata.get("state")
    if not name or not state:
        raise faults.garbled("an operation without name or state", doing=doing, project=project)
    share, spent = metadata.get("progress"), metadata.get("batchEecuUsageSeconds")
    return Task(
        name=str(name),
        state=str(state),
        description=str(metadata.get("description", "")),
        share=None if share is None else min(max(float(share), 0.0), 1.0),
        error=str((answer.get("error") or {}).get("message", "")),
        eecu_seconds=None if spent is None else float(spent),
    )


def failure(task: Task, *, title: str, project: str) -> ServiceError:
    """One of our errors for a task that ended without a result, with what to do about it."""
    begin = f"{title[:1].upper()}{title[1:]}: the export"
    if task.state == "CANCELLED":
        return ServiceError(
            f"{begin} was cancelled (task {task.short_name}). "
            "Run the same command again for a new attempt."
        )
    known = faults.recognise(task.error, 400)
    quote = faults.quoted(task.error or "no reason given")
    cause = "" if "{quote}" in known.cause else f" {known.cause.format(project=project)}"
    return known.kind(
        f'{begin} failed ("{quote}").{_capital(cause)} '
        f"{_step(known, project=project)} (Task {task.short_name}.)"
    )


def _step(known: Fault, *, project: str) -> str:
    if known.kind is faults.MemoryExceeded:
        return "Run the same command again: the next attempt works in smaller squares."
    if issubclass(known.kind, TooLarge):
        return "Choose a smaller area of interest or fewer years."
    if issubclass(known.kind, AccountError | QuotaExceeded):
        return f"{known.step.format(project=project)} Then run the same command again."
    return (
        "Run the same command again for a new attempt; if it fails again, report it with the "
        "command that was run."
    )


def _capital(cause: str) -> str:
    return cause[:2].upper() + cause[2:]
