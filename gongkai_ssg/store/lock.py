"""One build at a time for one cache and one output: the second waits, and says for whom."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock, Timeout


class Busy(Exception):
    """Another build holds the lock; ``holder`` says which, as far as known."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def build_lock(cache: Path, output: Path, wait: float, waiting: Callable[[str], None]) -> Iterator[bool]:
    """Hold the locks of a cache and of an output folder; tells whether another build had to be waited for.

    :param wait: seconds to wait for another build to end.
    :param waiting: told once who is waited for.
    :raises Busy: if it does not end in time.
    """
    cache.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:16]
    locks = (str(cache / "lock"), str(Path(gettempdir()) / f"gongkai-{name}.lock"))
    held: list[FileLock] = []
    waited = False

    def wait_for(holder: str) -> None:
        nonlocal waited
        waited = True
        waiting(holder)

    try:
        for path in locks:
            held.append(_acquire(path, wait, wait_for))
            Path(f"{path}.by").write_text(f"{os.getpid()}\n", encoding="utf-8")
        yield waited
    finally:
        for lock in reversed(held):
            Path(f"{lock.lock_file}.by").unlink(missing_ok=True)
            lock.release()


def _acquire(path: str, wait: float, waiting: Callable[[str], None]) -> FileLock:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting(_holder(path))
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            raise Busy(_holder(path)) from None
    return lock


def _holder(path: str) -> str:
    try:
        return Path(f"{path}.by").read_text(encoding="utf-8").strip() or "?"
    except OSError:
        return "?"
