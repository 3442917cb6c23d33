"""The output folder: writes what differs, removes what is no longer planned, never touches foreign files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gongkai_ssg.diagnostics import Finding

MARKER = ".gongkai-output"
MANIFEST = "data/manifest"


class Written(NamedTuple):
    """One file of the output."""

    address: str
    size: int
    digest: str
    changed: bool


class Writer:
    """Puts files into the output; each process has its own."""

    def __init__(self, folder: Path, fresh: bool) -> None:
        """:param fresh: the folder was empty, so that nothing needs to be compared or replaced whole."""
        self._folder = str(folder)
        self._fresh = fresh
        self._made: set[str] = set()

    def write(self, address: str, data: bytes) -> Written:
        """Write a file unless it already holds these bytes. Readers see the old file or the new one, whole."""
        path = f"{self._folder}/{address}"
        changed = self._fresh or not _holds(path, data)
        if changed:
            parent = path.rpartition("/")[0]
            if parent not in self._made:
                os.makedirs(parent, exist_ok=True)
                self._made.add(parent)
            if self._fresh:
                _write_new(path, data)
            else:
                _replace(path, data)
        return Written(address, len(data), hashlib.sha256(data).hexdigest(), changed)


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


def _replace(path: str, data: bytes) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)  # a folder that a page now needs as a file; foreign files in it stop this with a word
    temporary = f"{path}.gongkai-{os.getpid()}"
    with open(temporary, "wb") as file:
        file.write(data)
    os.replace(temporary, path)


class OutputFolder:
    """The folder as a whole: whose it is, what it held, what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = not any(self.folder.iterdir())
        marker = self.folder / MARKER
        if not marker.is_file():
            marker.write_text("gongkai-ssg\n", encoding="utf-8")
        return fresh

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
