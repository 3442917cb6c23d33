"""What lies in a folder: names, kinds, times and sizes. On POSIX systems another process may look ahead.

Half of what a build with little to do takes is the loading of the program, and half of the rest the
looking at files. :class:`Ahead` does both at once; this module therefore imports next to nothing.
"""

from __future__ import annotations

import marshal
import os
import re
import signal
import stat
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import NamedTuple

_IGNORED = {".git", ".svn", "node_modules", "__pycache__"}
YOUNG = 2_000_000_000
"""Nanoseconds within which a second change may bear the same time: the coarsest file systems count by two seconds."""

_CONTENT = re.compile(rb"^content:[ \t]+[\"']?([^\s\"'#]+)", re.MULTILINE)

Entry = tuple[str, int, int, int]
"""Name, kind bits of the mode, modification time in nanoseconds, size in bytes; folders have neither."""


class Listing(NamedTuple):
    """A folder as it was looked at.

    :ivar packed: its entries, by name; :attr:`entries` unpacks them.
    :ivar below: the folders to go on with.
    :ivar sure: whether no file is too young for its time to tell it from a later change.
    """

    digest: bytes
    packed: bytes
    below: list[str]
    sure: bool

    @property
    def entries(self) -> list[Entry]:
        """Everything that lies in the folder."""
        found: list[Entry] = marshal.loads(self.packed)  # noqa: S302 - packed by this program's other process
        return found


def list_folder(folder: str, young: int) -> Listing:
    """Look at a folder.

    :param young: files changed at or after this time, in nanoseconds, may change again unseen.
    :raises OSError: if it can't be read.
    """
    entries: list[Entry] = []
    below: list[str] = []
    newest = 0
    with os.scandir(folder) as found:
        for entry in found:
            about = entry.stat(follow_symlinks=False)
            kind = stat.S_IFMT(about.st_mode)
            if kind == stat.S_IFREG:
                changed = about.st_mtime_ns
                newest = max(newest, changed)
                entries.append((entry.name, kind, changed, about.st_size))
            else:
                if kind == stat.S_IFDIR and entry.name not in _IGNORED:
                    below.append(entry.name)
                entries.append((entry.name, kind, 0, 0))
    entries.sort()
    below.sort()
    packed = marshal.dumps(entries, 2)
    digest = blake2b(packed, digest_size=16).digest()
    return Listing(digest, packed, [name for name in below if is_unicode(name)], newest < young)


def is_unicode(name: str) -> bool:
    """Whether a file name is text; on Linux it may be any bytes, such as GBK from an old archive."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class Ahead:
    """Another process that looks at the content folder while this one still loads the program."""

    def __init__(self, process: int, pipe: int) -> None:
        self._process = process
        self._pipe = pipe

    def listings(self) -> Mapping[str, Listing]:
        """Folders by absolute path, as they were a moment ago; none if the other process failed, or if asked again."""
        if self._pipe < 0:
            return {}
        with open(self._pipe, "rb") as pipe:
            data = pipe.read()
        self._pipe = -1
        _, status = os.waitpid(self._process, 0)
        if status:
            return {}
        return {path: Listing(*each) for path, each in marshal.loads(data).items()}  # noqa: S302 - the same

    def end(self) -> None:
        """End the other process, if nobody asked it."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


@contextmanager
def looking_ahead(config_file: str) -> Iterator[Ahead | None]:
    """Begin to look; None where there is no other process to be had, or no processor for it."""
    ahead = _begin(config_file)
    try:
        yield ahead
    finally:
        if ahead is not None:
            ahead.end()


def _begin(config_file: str) -> Ahead | None:
    if sys.platform == "win32" or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return None
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return Ahead(process, ours)
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.close(ours)
        with open(theirs, "wb") as pipe:
            pipe.write(marshal.dumps(_listings(config_file)))
        status = 0
    finally:
        os._exit(status)


def _listings(config_file: str) -> dict[str, tuple[object, ...]]:
    """All folders of a site; a guess at where its content is suffices, since what was not looked at will be."""
    try:
        with open(config_file, "rb") as file:
            named = _CONTENT.search(file.read(1_000_000))
    except OSError:
        return {}
    root = os.path.dirname(os.path.realpath(config_file))
    content = os.path.join(root, os.fsdecode(named[1]) if named else "content")
    found: dict[str, tuple[object, ...]] = {}
    tops = [os.path.join(content, name) for name in ("items", "guides")]
    todo = [top for top in tops if not os.path.islink(top)]
    young = time.time_ns() - YOUNG
    while todo:
        folder = todo.pop()
        try:
            each = list_folder(folder, young)
        except OSError:
            continue
        found[folder] = tuple(each)
        todo.extend(f"{folder}/{name}" for name in each.below)
    return found
