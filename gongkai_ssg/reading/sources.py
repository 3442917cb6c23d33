"""The scan: which files there are, and which differ from those of the last build.

Symbolic links are passed over with a word, never followed. A folder whose names, times and sizes
are those of the last build costs one row.
"""

from __future__ import annotations

import marshal
import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from gongkai_ssg.config import Folders
from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.text import why
from gongkai_ssg.rules.addresses import address_key

_IGNORED = {".git", ".svn", "node_modules", "__pycache__"}
_LOOK_LIKE_ITEMS = (".markdown", ".mdown", ".mkd", ".md.txt")
_IGNORED_FILES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore", ".gitattributes"}
YOUNG = 2_000_000_000
"""Nanoseconds within which a second change may bear the same time: the coarsest file systems count by two seconds."""

_Entry = tuple[str, int, int, int]
"""Name, kind bits of the mode, modification time in nanoseconds, size in bytes; folders have neither."""


class Source(NamedTuple):
    """A file: ``kind`` is item, guide or file."""

    path: str
    kind: str
    mtime: int
    size: int


@dataclass(slots=True)
class Folder:
    """A folder that is not as it was: everything in it, and what is to be said about it."""

    path: str
    digest: bytes
    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Scan:
    """Folders that differ from the last scan, whole, and how many are as they were."""

    folders: list[Folder] = field(default_factory=list)
    same: set[str] = field(default_factory=set)

    def sources(self, *kinds: str) -> Iterator[Source]:
        """The sources of some kinds in folders that differ."""
        return (source for folder in self.folders for source in folder.sources if source.kind in kinds)


def scan(folders: Folders, known: Mapping[str, bytes], touched: AbstractSet[str] | None = None) -> Scan:
    """Look at everything under ``items/`` and ``guides/``.

    :param known: folders of the last scan, by path with a final slash, with their digests.
    :param touched: the only ones in which anything changed since; None if that is not known.
    """
    found = None if touched is None else _scan_some(folders, known, touched)
    if found is not None:
        return found
    found = Scan()
    young = time.time_ns() - YOUNG
    for folder, kind in ((folders.items, "item"), (folders.guides, "guide")):
        shown = folders.shown(folder)
        if folder.is_symlink():
            found.folders.append(Folder(f"{shown}/", b"", findings=[Finding("GK020", shown)]))
        elif folder.is_dir():
            _scan(str(folder), f"{shown}/", kind, known, young, found)
    return found


def _scan_some(folders: Folders, known: Mapping[str, bytes], touched: AbstractSet[str]) -> Scan | None:
    """Look at the folders that were touched or are in doubt; None if more has changed than files in them."""
    kinds = {f"{folders.shown(folders.items)}/": "item", f"{folders.shown(folders.guides)}/": "guide"}
    doubtful = {path for path, digest in known.items() if not digest}
    found = Scan(same=set(known))
    young = time.time_ns() - YOUNG
    if folders.items.is_symlink() or folders.guides.is_symlink():
        return None
    for prefix in sorted(doubtful.union(touched)):
        kind = next((kind for top, kind in kinds.items() if prefix.startswith(top)), None)
        if kind is None:
            continue
        try:
            entries, below, sure = _entries(f"{folders.root}/{prefix}", young)
        except OSError:
            return None
        if prefix not in known or any(f"{prefix}{name}/" not in known for name in below):
            return None
        digest = blake2b(marshal.dumps(entries, 2), digest_size=16).digest()
        if known[prefix] != digest:
            found.same.discard(prefix)
            found.folders.append(_looked_at(entries, prefix, kind, digest if sure else b""))
    return found


def _scan(folder: str, prefix: str, kind: str, known: Mapping[str, bytes], young: int, found: Scan) -> None:
    try:
        entries, below, sure = _entries(folder, young)
    except OSError as error:
        finding = Finding("GK136", prefix.rstrip("/"), params={"why": why(error)})
        found.folders.append(Folder(prefix, b"", findings=[finding]))
        return
    digest = blake2b(marshal.dumps(entries, 2), digest_size=16).digest()
    if known.get(prefix) == digest:
        found.same.add(prefix)
    else:
        found.folders.append(_looked_at(entries, prefix, kind, digest if sure else b""))
    for name in below:
        _scan(f"{folder}/{name}", f"{prefix}{name}/", kind, known, young, found)


def _entries(folder: str, young: int) -> tuple[list[_Entry], list[str], bool]:
    """What lies in a folder, the folders to go on with, and whether no file is too young to be sure of."""
    entries: list[_Entry] = []
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
    return entries, [name for name in below if _is_unicode(name)], newest < young


def _looked_at(entries: list[_Entry], prefix: str, text_kind: str, digest: bytes) -> Folder:
    folder = Folder(prefix, digest)
    keys: dict[str, list[str]] = defaultdict(list)
    for name, kind, mtime, size in entries:
        lower = name.lower()
        path = prefix + name
        if lower in _IGNORED_FILES or name.startswith(("~$", "._")):
            continue
        if not _is_unicode(name):
            shown = path.encode("utf-8", "backslashreplace").decode()
            folder.findings.append(Finding("GK024", shown, params={"hint": "name"}))
        elif kind == stat.S_IFLNK:
            folder.findings.append(Finding("GK020", path))
        else:
            keys[address_key(name)].append(name)
            if kind == stat.S_IFDIR:
                continue
            if kind != stat.S_IFREG:
                folder.findings.append(Finding("GK024", path))  # a pipe or a device
            elif lower.endswith(".md"):
                folder.sources.append(Source(path, text_kind, mtime, size))
            elif lower.endswith(_LOOK_LIKE_ITEMS):
                folder.findings.append(Finding("GK024", path))
            else:
                folder.sources.append(Source(path, "file", mtime, size))
    for names in keys.values():
        folder.findings.extend(Finding("GK021", prefix + other, params={"other": names[0]}) for other in names[1:])
    return folder


def _is_unicode(name: str) -> bool:
    """Whether a file name is text; on Linux it may be any bytes, such as GBK from an old archive."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
