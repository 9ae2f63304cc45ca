"""Many waits for the network at once, none of which keeps a stopped program from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_threads(act: Callable[[T], None], items: Sequence[T], at_once: int) -> None:
    """Act on every item, in as many threads; the first failure ends it and is raised here.

    A pool of the standard library is waited for when the program ends, which after an interruption
    can be as long as the service takes to answer; these threads are left behind.
    """
    if len(items) == 1:
        act(items[0])
        return
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                act(item)
            except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
                ended.put(error)
                return
            ended.put(None)

    for _ in range(min(at_once, len(items))):
        threading.Thread(target=work, daemon=True).start()
    try:
        for _ in items:
            error = ended.get()
            if error is not None:
                raise error
    finally:
        stopped.set()
