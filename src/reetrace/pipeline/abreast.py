"""Sites under way at the same time, each in a process of its own that ends when it is told to."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

from reetrace import evidence
from reetrace.pipeline.many import SiteOutcome, SiteProgress, carry_out_one, not_begun
from reetrace.pipeline.order import Order

PATIENCE_S = (8.0, 12.0)
"""How long a process that was asked to stop may take to tidy up, before it is asked again; and
then, before it is killed."""

_TELLING = threading.Lock()


class _Stopped(BaseException):
    """The process that began this one wants it to end."""


@dataclass(frozen=True)
class _Note:
    """What a process that was ended has to say."""

    text: str


@dataclass
class _Worker:
    """A process at work on the sites of one study area."""

    process: BaseProcess
    news: Connection
    waiting: list[Order]
    """Sites it has not told the outcome of, the present one first."""


def run_abreast(
    groups: Sequence[Sequence[Order]], *, documents: bool, at_once: int, progress: SiteProgress
) -> list[SiteOutcome]:
    """Carry out every group in a process of its own, some of them at once.

    Whatever ends the caller, an error or a signal, ends the processes first: each tidies up what
    it had begun.
    """
    queue = [list(group) for group in groups]
    working: list[_Worker] = []
    found: list[SiteOutcome] = []
    hopeless: SiteOutcome | None = None
    try:
        while queue or working:
            while queue and len(working) < at_once and hopeless is None:
                working.append(_begin(queue.pop(0), documents=documents))
            if hopeless is not None:
                found += not_begun([order for group in queue for order in group], hopeless)
                queue = []
            for each in _next_news(working, progress):
                progress(each.site, each.state, 1.0)
                hopeless = each if each.hopeless else hopeless
                found.append(each)
    except BaseException as ending:
        for note in _end(working):
            ending.add_note(note)
        raise
    return found


def _begin(group: list[Order], *, documents: bool) -> _Worker:
    # Spawned, not forked: threads of the image libraries do not survive a fork.
    context = multiprocessing.get_context("spawn")
    news, told = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(group, told), kwargs={"documents": documents}, daemon=True
    )
    with _ctrl_c_kept_back():
        process.start()
    told.close()
    return _Worker(process, news, list(group))


def _next_news(working: list[_Worker], progress: SiteProgress) -> Iterator[SiteOutcome]:
    """Waits until a process tells something, and passes it on."""
    ready = wait([worker.news for worker in working])
    for worker in [each for each in working if each.news in ready]:
        try:
            told = worker.news.recv()
        except (EOFError, OSError):
            working.remove(worker)
            worker.process.join()
            worker.news.close()
            yield from _left_behind(worker)
            continue
        if isinstance(told, SiteOutcome):
            worker.waiting = [order for order in worker.waiting if order.site != told.site]
            yield told
        else:
            progress(*told)


def _left_behind(worker: _Worker) -> Iterator[SiteOutcome]:
    """Sites of a process that ended before it told their outcome."""
    code = worker.process.exitcode or 0
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    for order in worker.waiting:
        yield SiteOutcome(
            order.site,
            None,
            f"its process was ended {how} before it was done; the memory may not have sufficed. "
            "Lower --at-once, or run it alone.",
        )


def _end(working: Sequence[_Worker]) -> list[str]:
    """Ends the processes; what they say goes on elsewhere, such as an export, comes back."""
    notes: dict[str, None] = {}
    waiting = list(working)
    for patience_s in PATIENCE_S:
        for worker in waiting:
            worker.process.terminate()
        ends = time.monotonic() + patience_s
        for worker in waiting:
            notes |= dict.fromkeys(_last_words(worker, ends))
            worker.process.join(max(0.0, ends - time.monotonic()))
        waiting = [worker for worker in waiting if worker.process.is_alive()]
    for worker in waiting:
        worker.process.kill()
        worker.process.join()
    for worker in working:
        worker.news.close()
        _sweep(worker)
    return list(notes)


def _last_words(worker: _Worker, ends: float) -> Iterator[str]:
    """Listens until the process has nothing more to say: it could not end while nobody does."""
    with suppress(EOFError, OSError):
        while worker.news.poll(max(0.0, ends - time.monotonic())):
            told = worker.news.recv()
            if isinstance(told, _Note):
                yield told.text


def _sweep(worker: _Worker) -> None:
    """Removes the draft of a process that had to be killed, or was asked again while it tidied."""
    process = worker.process.pid
    for order in worker.waiting[:1]:
        if process is not None:
            evidence.sweep(order.settings.reports, process)


@contextmanager
def _ctrl_c_kept_back() -> Iterator[None]:
    """Ctrl-C reaches a whole family of processes; the new one is to hear of it from its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_stopping = threading.Event()
_speaking = threading.Event()


def _stop(_number: int, _frame: FrameType | None) -> None:
    _stopping.set()
    if not _speaking.is_set():
        raise _Stopped


@contextmanager
def _to_the_last_word() -> Iterator[None]:
    """What was begun to be told is told whole before the process stops: half a message is none."""
    if threading.current_thread() is not threading.main_thread():
        # A signal stops the main thread alone.
        yield
        return
    _speaking.set()
    try:
        yield
    finally:
        _speaking.clear()
    if _stopping.is_set():
        # It came in the meantime; or a library let the first word go by, since what is raised
        # within a callback of its own is lost.
        raise _Stopped


def _tell(news: Connection, site: str, step: str, share: float) -> None:
    # Requests of a site are under way in several threads, and each may have something to tell.
    with _to_the_last_word(), _TELLING:
        news.send((site, step, share))


def _work(group: Sequence[Order], news: Connection, *, documents: bool) -> None:
    """What the process does: its sites one after the other, telling how each goes."""
    # Twice: who is slow to tidy up is asked to stop again, at whatever line it has reached by then.
    with suppress(_Stopped):
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, _stop)
            _work_through(group, news, documents=documents)
        except _Stopped as stopped:
            _speaking.set()
            with suppress(OSError):
                for text in getattr(stopped, "__notes__", ()):
                    news.send(_Note(text))
        except BrokenPipeError:
            # Nobody is there to tell: the process that began this one was killed.
            pass
    # Threads that still wait for an answer from far away must not keep a stopped process alive.
    os._exit(0)


def _work_through(group: Sequence[Order], news: Connection, *, documents: bool) -> None:
    for position, order in enumerate(group):
        found = carry_out_one(order, documents=documents, progress=partial(_tell, news, order.site))
        with _to_the_last_word():
            news.send(found)
        if found.hopeless:
            for each in not_begun(group[position + 1 :], found):
                news.send(each)
            return
