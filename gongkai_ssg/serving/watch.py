"""Waits for changes: of many that come together one burst is made."""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MOVED,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from gongkai_ssg.serving.interest import Interest

QUIET = 0.05
"""Seconds without a change after which a save is over."""
QUIET_AFTER_CLOSING = 0.01
"""The same for one file of which the system tells that it was closed, or came whole under its name."""
QUIET_AFTER_SEVERAL = 0.1
QUIET_AFTER_MANY = 0.3
"""The same where several files changed, or many: whoever writes them pauses now and then."""
MANY = 20
LONGEST = 5.0
"""Seconds after which what keeps changing is built all the same."""
LONGEST_GIT = 60.0
"""The same while git is at work; a lock that is older was left behind."""

_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileClosedEvent, FileMovedEvent, FileDeletedEvent,
    DirCreatedEvent, DirMovedEvent, DirDeletedEvent,
]  # fmt: skip
"""All that tells of a change; reading, which builds do, is not among them."""
_FINAL = (EVENT_TYPE_CLOSED, EVENT_TYPE_MOVED, EVENT_TYPE_DELETED)


@dataclass
class Burst:
    """What changed: some of the files, all folders whose files did, and whether folders came or went themselves."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    changes: int = 0
    whole: bool = False


class Watch(FileSystemEventHandler):
    """Watches what a site depends on.

    :ivar polling: whether the system can't tell of changes, so that somebody must look.
    """

    def __init__(self, polling: bool = False) -> None:
        self.polling = polling
        self._changed = threading.Condition()
        self._burst = Burst()
        self._first = self._last = 0.0
        self._lost: set[str] = set()
        self._final = False
        self._interest: Interest | None = None
        self._watches: dict[str, tuple[ObservedWatch, tuple[int, int], bool]] = {}
        self._observer: BaseObserver | None = None
        if not polling:
            _pair_moves_quickly()
            logging.getLogger("watchdog").setLevel(logging.CRITICAL)  # what it misses is looked for now and then
            self._observer = Observer()
            self._observer.daemon = True
            self._observer.start()

    def close(self) -> None:
        """Watch no more."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(1.0)

    def arm(self, interest: Interest) -> bool:
        """Watch these places; whether any was not watched before, so that what happened there is not known."""
        self._interest = interest
        wanted = {}
        for path, recursive in [*((tree, True) for tree in interest.trees), *((way, False) for way in interest.chain)]:
            try:
                about = os.stat(path)
            except OSError:
                continue
            wanted[path] = ((about.st_dev, about.st_ino), recursive)
        new = False
        with self._changed:
            lost, self._lost = self._lost, set()
        for path, (watch, *known) in list(self._watches.items()):
            if path in lost or wanted.get(path) != tuple(known):
                del self._watches[path]
                self._unschedule(watch)
        # Folders above come last: where the system's watches are used up below, that is told at them.
        for path, (identity, recursive) in wanted.items():
            if path not in self._watches and self._observer is not None and not self.polling:
                try:
                    watch = self._observer.schedule(self, path, recursive=recursive, event_filter=_EVENTS)
                except FileNotFoundError:
                    continue
                except OSError:
                    self.polling = True
                    break
                self._watches[path] = (watch, identity, recursive)
                new = True
        return new

    def wait(self, timeout: float) -> Burst | None:
        """The next burst, when it is over; None if nothing happens in so many seconds."""
        with self._changed:
            if not self._burst.changes:
                self._changed.wait(timeout)
            if not self._burst.changes:
                return None
            at_work = False
            while True:
                left = min(self._last + self._quiet(), self._first + LONGEST) - time.monotonic()
                if left <= 0:
                    was_at_work, at_work = at_work, self._git_is_at_work()
                    if at_work or was_at_work:  # what git did last is told of a little later
                        self._first = self._last = time.monotonic()
                        left = QUIET
                if left <= 0:
                    burst, self._burst = self._burst, Burst()
                    return burst
                self._changed.wait(left)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something changed; called in the observer's thread."""
        for path in (event.src_path, event.dest_path):
            if path:
                self.note(os.fsdecode(path), event.is_directory, event.event_type in _FINAL)

    def note(self, path: str, is_folder: bool, final: bool) -> None:
        """Take note of a change at a path.

        :param final: nothing more is written to the file now.
        """
        if self._interest is None or not self._interest.matters(path):
            return
        with self._changed:
            if is_folder:  # if it is one of those watched, its watch tells nothing any more
                self._lost.add(path)
            self._last, self._final = time.monotonic(), final
            if not self._burst.changes:
                self._first = self._last
                self._changed.notify()
            self._burst.changes += 1
            self._burst.whole |= is_folder
            if len(self._burst.files) <= MANY:
                self._burst.files.add(path)
            self._burst.folders.add(os.path.dirname(path))

    def _git_is_at_work(self) -> bool:
        """Whether a checkout or merge goes on: what is there now is neither the old state nor the new one."""
        lock = self._interest.git_lock if self._interest else None
        try:
            return lock is not None and time.time() - os.stat(lock).st_mtime < LONGEST_GIT
        except OSError:
            return False

    def _quiet(self) -> float:
        if len(self._burst.files) > 1:
            return QUIET_AFTER_SEVERAL if len(self._burst.files) <= MANY else QUIET_AFTER_MANY
        return QUIET_AFTER_CLOSING if self._final else QUIET

    def _unschedule(self, watch: ObservedWatch) -> None:
        if self._observer is not None:
            with suppress(KeyError, OSError):  # it ended by itself
                self._observer.unschedule(watch)


def _pair_moves_quickly() -> None:
    """Both halves of a rename come together; half a second of waiting for the other one would delay a save."""
    try:
        from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper
    except ImportError:
        return
    InotifyMoveEventGrouper.delay = 0.01
