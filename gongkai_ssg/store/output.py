"""The output folder: writes what differs, removes what is no longer planned, never touches foreign files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from gongkai_ssg.diagnostics import Finding

MARKER = ".gongkai-output"
STAGE = ".gongkai-stage"
JOURNAL = "journal"
MANIFEST = "data/manifest"


_NUMBERS = count()
"""Names of staged files, never twice in a process."""


class Written(NamedTuple):
    """One file of the output. ``staged`` is where its new bytes wait to be put in place, if they do."""

    address: str
    size: int
    digest: str
    changed: bool
    staged: str | None = None


class Writer:
    """Prepares files for the output; each process has its own.

    Into an empty output files are written as they are. Otherwise what differs waits in a folder of
    its own until all pages are made, so that a page that can't be made leaves the old site whole.
    """

    def __init__(self, folder: Path, fresh: bool, known: Callable[[str], str | None] | None = None) -> None:
        """Write below a folder.

        :param fresh: the folder was empty, so that nothing needs to be compared or replaced whole.
        :param known: the digest of what stands at an address, where that is on record; else files are compared.
        """
        self._folder = str(folder)
        self._fresh = fresh
        self._known = known
        self._made: set[str] = set()

    def write_all(self, files: Sequence[tuple[str, bytes]]) -> list[Written]:
        """Write some files, noting them first where nothing else would tell whose they are."""
        if self._fresh and files:
            with open(f"{self._folder}/{STAGE}/{JOURNAL}-{os.getpid()}", "a", encoding="utf-8") as journal:
                journal.write("".join(f"\n{address}" for address, _ in files))
        return [self.write(address, data) for address, data in files]

    def write(self, address: str, data: bytes) -> Written:
        """Write a file, or stage it, unless the output already holds these bytes."""
        path = f"{self._folder}/{address}"
        digest = hashlib.sha256(data).hexdigest()
        if self._fresh:
            parent = path.rpartition("/")[0]
            if parent not in self._made:
                os.makedirs(parent, exist_ok=True)
                self._made.add(parent)
            _write_new(path, data)
            return Written(address, len(data), digest, True)
        if self._known(address) == digest if self._known else _holds(path, data):
            return Written(address, len(data), digest, False)
        staged = f"{self._folder}/{STAGE}/{os.getpid()}-{next(_NUMBERS)}"
        _write_new(staged, data)
        return Written(address, len(data), digest, True, staged)


def _write_new(path: str, data: bytes) -> None:
    """Write a file in as few calls as there are; a build makes a hundred thousand."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


def _holds(path: str, data: bytes) -> bool:
    try:
        if os.stat(path, follow_symlinks=False).st_size != len(data):
            return False
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


class Obstacle(Exception):
    """Something that is not ours stands where a file must go; ``path`` says what."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class OutputFolder:
    """The folder as a whole: whose it is, what it held, what it holds.

    A marker makes it ours and names the state it is in. While files are put in place a journal says
    which, and from what state: a build that was cut off is gone on with, nothing is forgotten.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = False

    def check(self, shown: str) -> Finding | None:
        """A finding if the folder is there, holds something, and is not ours."""
        if not self.folder.exists() and not self.folder.is_symlink():
            return None
        if not self.folder.is_dir():
            return Finding("GK016", shown, params={"hint": "file"})
        if self._holds_anything() and not (self.folder / MARKER).is_file():
            return Finding("GK016", shown)
        return None

    def state(self) -> str:
        """The state the folder is in, as far as its marker tells."""
        try:
            return (self.folder / MARKER).read_text(encoding="utf-8").partition("\n")[2].strip()
        except OSError:
            return ""

    def uncertain(self, state: str) -> set[str] | None:
        """The addresses whose bytes may not be those of ``state``; None if the folder is in quite another."""
        began, addresses = self._journal()
        if began == state and state:
            return addresses
        return set() if state and self.state() == state else None

    def open(self) -> bool:
        """Make the folder ours; whether it was empty."""
        self._made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = not self._holds_anything()
        self._unstage()
        (self.folder / STAGE).mkdir(exist_ok=True)
        if fresh:
            self._write_marker("")
        return fresh

    def put_in_place(self, staged: Sequence[tuple[str, str]], orphans: Sequence[str], state: str) -> None:
        """Move what was staged to its address, and remove orphans. Readers see the old file or the new one, whole.

        :param staged: addresses, each with where its new bytes wait.
        :param state: the one the folder leaves.
        :raises Obstacle: before anything is touched, if something stands in the way.
        """
        addresses = [address for address, _ in staged]
        self._look_for_obstacles(addresses, set(orphans))
        addresses += orphans
        if not addresses:
            return
        earlier, uncertain = self._journal()
        lines = [state or earlier, *sorted(uncertain.union(addresses))]
        self._replace(f"{STAGE}/{JOURNAL}", "\n".join(lines).encode())
        self._remove(orphans)  # first: one may stand where a folder must be
        made: set[str] = set()
        for address, waiting in staged:
            path = f"{self.folder}/{address}"
            parent = path.rpartition("/")[0]
            if parent not in made:
                os.makedirs(parent, exist_ok=True)
                made.add(parent)
            os.replace(waiting, path)

    def finish(self, state: str) -> None:
        """Everything is in place: the folder is in a new state."""
        if self.state() != state:
            self._write_marker(state)

    def forget(self) -> None:
        """The new state is on record elsewhere too: the journal has served."""
        shutil.rmtree(self.folder / STAGE, ignore_errors=True)

    def give_up(self, fresh: bool) -> None:
        """Undo what a build that can't be finished has prepared."""
        self._unstage()
        for made in list(self.folder.iterdir()) if fresh else ():
            if made.is_dir():
                shutil.rmtree(made)
            else:
                made.unlink()
        if self._made:
            self.folder.rmdir()
        elif not any((self.folder / STAGE).glob("*")):
            shutil.rmtree(self.folder / STAGE, ignore_errors=True)

    def owned(self) -> set[str]:
        """The addresses of the last build, from the manifest that lies in the folder, and of builds that were cut off."""
        addresses = set(self._journal()[1])
        for part in sorted((self.folder / MANIFEST).glob("*.json")):
            try:
                entries = json.loads(part.read_bytes())
                addresses.update(str(entry) for entry in entries)
            except (ValueError, OSError):
                continue  # a damaged part leaves orphans behind, never takes a file away
            addresses.add(f"{MANIFEST}/{part.name}")
        return addresses

    def edited(self, files: Iterable[tuple[str, int, str]]) -> set[str]:
        """Addresses whose files are not what the record says: address, size, SHA-256."""
        found: set[str] = set()
        for address, size, digest in files:
            try:
                data = (self.folder / address).read_bytes()
            except OSError:
                found.add(address)
                continue
            if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
                found.add(address)
        return found

    def _journal(self) -> tuple[str, set[str]]:
        """The state from which a build began that was cut off, and what it may have touched."""
        began = ""
        addresses: set[str] = set()
        for path in sorted((self.folder / STAGE).glob(f"{JOURNAL}*")):
            first, *rest = path.read_text(encoding="utf-8").split("\n")
            began = began or first
            addresses.update(each for each in rest if each)
        return began, addresses

    def _holds_anything(self) -> bool:
        """Whether anything lies in it but what a build leaves that was cut off before it could write the marker."""
        return any(path.name != STAGE for path in self.folder.iterdir())

    def _unstage(self) -> None:
        """Forget what was staged and not put in place; the journals stay."""
        for path in (self.folder / STAGE).glob("*"):
            if not path.name.startswith(JOURNAL):
                path.unlink()

    def _write_marker(self, state: str) -> None:
        self._replace(MARKER, f"gongkai-ssg\n{state}\n".encode())

    def _replace(self, name: str, data: bytes) -> None:
        new = self.folder / STAGE / "new"
        new.write_bytes(data)
        os.replace(new, self.folder / name)

    def _look_for_obstacles(self, addresses: Sequence[str], going: set[str]) -> None:
        """No file stands where a folder must be, no folder where a file must, and no link leads out.

        :param going: addresses that will be removed before.
        """
        sound = {""}
        for address in addresses:
            path = self.folder / address
            if path.is_dir() and not path.is_symlink():
                for below in path.rglob("*"):
                    if not below.is_dir() and below.relative_to(self.folder).as_posix() not in going:
                        raise Obstacle(str(below))
            parent = address.rpartition("/")[0]
            while parent not in sound:
                folder = self.folder / parent
                if folder.is_symlink() or (folder.exists() and not folder.is_dir() and parent not in going):
                    raise Obstacle(str(folder))
                sound.add(parent)
                parent = parent.rpartition("/")[0]

    def _remove(self, addresses: Iterable[str]) -> None:
        """Remove files that are no longer planned, and the folders they leave empty."""
        folders: set[Path] = set()
        for address in addresses:
            path = self.folder / address
            if not path.parent.resolve().is_relative_to(self.folder.resolve()):
                continue
            try:
                path.unlink()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
                continue
            folders.add(path.parent)
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                folder = folder.parent


_YEAR = re.compile(r"(?<![0-9])([0-9]{4})(?=[/-])")
"""The year in an address such as ``years/2026/p1.html``, ``data/catalog/2026-11.csv``, ``sitemap-2026-1.xml``."""

_SHARD = re.compile(r"search/([^/]+)/[a-z]*([0-9]*)")
"""The tier and the number in an address such as ``search/old/17.js``, ``search/20250530/f1.js``."""


def part_of(address: str) -> str:
    """The part of the manifest that an address belongs to: two hexadecimal digits, by hash.

    What tends to change together shares a part, so that one new item changes few of them: the items of a unit and a
    year; all lists of a year; all that is in no year; 64 shards of a tier of the search index, all of its newest tier.
    """
    top = address.partition("/")[0]
    if top == "items":
        together = address.partition("-")[0]
    elif top == "search":
        shard = _SHARD.match(address)
        together = f"{shard[1]}/{int(shard[2] or 0) // 64}" if shard else top
    else:
        year = _YEAR.search(address)
        together = year[1] if year else ""
    return _part(together)


@lru_cache(maxsize=4096)
def _part(together: str) -> str:
    return hashlib.sha256(together.encode()).hexdigest()[:2]


def manifest_part(part: str, files: Iterable[tuple[str, int, str]]) -> tuple[str, bytes]:
    """``data/manifest/<00..ff>.json``: address → [size, SHA-256], with its address."""
    lines = [f'{_quoted(address)}: [{size}, "{digest}"]' for address, size, digest in sorted(files)]
    return f"{MANIFEST}/{part}.json", ("{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n").encode()


_quoted = json.JSONEncoder(ensure_ascii=False).encode
"""One string of JSON; a file of them with line breaks is quicker put together by hand."""
