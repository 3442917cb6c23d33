"""The output folder: writes what differs, removes what is no longer planned, never touches foreign files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple

from gongkai_ssg.diagnostics import Finding

MARKER = ".gongkai-output"
STAGE = ".gongkai-stage"
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

    def __init__(self, folder: Path, fresh: bool) -> None:
        """:param fresh: the folder was empty, so that nothing needs to be compared or replaced whole."""
        self._folder = str(folder)
        self._fresh = fresh
        self._made: set[str] = set()

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
        if _holds(path, data):
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


class OutputFolder:
    """The folder as a whole: whose it is, what it held, what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = False

    def check(self, shown: str) -> Finding | None:
        """A finding if the folder is there, holds something, and is not ours."""
        if not self.folder.exists() and not self.folder.is_symlink():
            return None
        if not self.folder.is_dir():
            return Finding("GK016", shown, params={"hint": "file"})
        if any(self.folder.iterdir()) and not (self.folder / MARKER).is_file():
            return Finding("GK016", shown)
        return None

    def open(self) -> bool:
        """Make the folder ours; whether it was empty."""
        self._made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = not any(self.folder.iterdir())
        self._clear_stage()
        if not fresh:
            (self.folder / STAGE).mkdir()
        marker = self.folder / MARKER
        if not marker.is_file():
            marker.write_text("gongkai-ssg\n", encoding="utf-8")
        return fresh

    def put_in_place(self, files: Iterable[Written]) -> None:
        """Move what was staged to its address. Readers see the old file or the new one, whole."""
        made: set[str] = set()
        for file in files:
            if file.staged is None:
                continue
            path = f"{self.folder}/{file.address}"
            parent = path.rpartition("/")[0]
            if parent not in made:
                os.makedirs(parent, exist_ok=True)
                made.add(parent)
            os.replace(file.staged, path)
        self._clear_stage()

    def give_up(self, fresh: bool) -> None:
        """Undo what a build that can't be finished has prepared."""
        self._clear_stage()
        for made in list(self.folder.iterdir()) if fresh else ():
            if made.is_dir():
                shutil.rmtree(made)
            else:
                made.unlink()
        if self._made:
            self.folder.rmdir()

    def _clear_stage(self) -> None:
        shutil.rmtree(self.folder / STAGE, ignore_errors=True)

    def owned(self) -> set[str]:
        """The addresses of the last build, from the manifest that lies in the folder."""
        addresses: set[str] = set()
        for part in sorted((self.folder / MANIFEST).glob("*.json")):
            try:
                entries = json.loads(part.read_bytes())
                addresses.update(str(entry) for entry in entries)
            except (ValueError, OSError):
                continue  # a damaged part leaves orphans behind, never takes a file away
            addresses.add(f"{MANIFEST}/{part.name}")
        return addresses

    def remove(self, addresses: Iterable[str]) -> int:
        """Remove files that are no longer planned, and the folders they leave empty."""
        removed = 0
        folders: set[Path] = set()
        for address in addresses:
            path = self.folder / address
            if not path.resolve().is_relative_to(self.folder.resolve()):
                continue
            try:
                path.unlink()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
                continue
            removed += 1
            folders.add(path.parent)
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                folder = folder.parent
        return removed


def manifest_parts(files: Iterable[Written]) -> dict[str, bytes]:
    """``data/manifest/<00..ff>.json``: address → [size, SHA-256], divided by the hash of the address."""
    parts: dict[str, dict[str, tuple[int, str]]] = {f"{number:02x}": {} for number in range(256)}
    for file in files:
        parts[hashlib.sha256(file.address.encode()).hexdigest()[:2]][file.address] = (file.size, file.digest)
    return {
        f"{MANIFEST}/{name}.json": (json.dumps(entries, ensure_ascii=False, sort_keys=True, indent=0) + "\n").encode()
        for name, entries in parts.items()
    }
