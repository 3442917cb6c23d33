"""Parallel work behind the ``concurrent.futures.Executor`` interface; another kind of pool is one line here."""

from __future__ import annotations

import gc
import marshal
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


_ALONE = 200
"""So many things one process does sooner than several."""


def default_jobs() -> int:
    """As many processes as this one may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def useful(jobs: int, tasks: int) -> int:
    """As many processes as asked for, one where there is too little to share."""
    return jobs if tasks > _ALONE else 1


def open_executor(jobs: int, initializer: Callable[..., None], arguments: tuple[Any, ...]) -> Executor:
    """A pool of ``jobs`` processes, each prepared by ``initializer`` from now on; one job works in this process."""
    if jobs <= 1:
        initializer(*arguments)
        return InProcess()
    from concurrent.futures import ProcessPoolExecutor  # small builds do without its imports

    pool = ProcessPoolExecutor(jobs, initializer=_prepare, initargs=(initializer, arguments))
    try:
        with _undisturbed():
            for _ in range(jobs):
                pool.submit(int)  # processes begin with the first work there is
    except BaseException:
        pool.shutdown()  # nobody has it yet who would end it
        raise
    return pool


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for a moment: a pool that is half begun could neither go on nor end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(initializer: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Ctrl-C is the main process's to answer; a worker ends when it is told to, without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    initializer(*arguments)
    # What is there stays; rows and tokens are trees, so that counting references frees them.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def packed(rebuild: Callable[..., T], *others: Any, plain: Any) -> tuple[Callable[..., T], tuple[Any, ...]]:
    """What ``__reduce__`` returns for results that are mostly rows: ``marshal`` takes half as long for those as ``pickle``.

    :param rebuild: makes the result again, of ``others`` and, last, of ``plain``.
    :param plain: lists and tuples of text, numbers, bytes and None; no subclasses of these.
    """
    return _unpacked, (rebuild, others, marshal.dumps(plain))


def _unpacked(rebuild: Callable[..., T], others: tuple[Any, ...], plain: bytes) -> T:
    return rebuild(*others, marshal.loads(plain))  # noqa: S302 - a process of this run wrote it


class InProcess(Executor):
    """Does each task at once, in this process, one at a time."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a task and return its finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        **more: Any,
    ) -> Iterator[T]:
        """Run tasks lazily, so that no result waits in memory."""
        return (fn(*arguments) for arguments in zip(*iterables, strict=False))
