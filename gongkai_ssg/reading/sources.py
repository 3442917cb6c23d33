"""The scan: which files there are, and which differ from those of the last build.

Symbolic links are passed over with a word, never followed. A folder whose names, times and sizes
are those of the last build costs one row.
"""

from __future__ import annotations

import stat
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai_ssg.config import Folders
from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.listing import YOUNG, Listing, is_unicode, list_folder
from gongkai_ssg.reading.text import why
from gongkai_ssg.rules.addresses import address_key

_LOOK_LIKE_ITEMS = (".markdown", ".mdown", ".mkd", ".md.txt")
_IGNORED_FILES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore", ".gitattributes"}


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


def scan(
    folders: Folders,
    known: Mapping[str, bytes],
    touched: AbstractSet[str] | None = None,
    looked_at: Mapping[str, Listing] | None = None,
) -> Scan:
    """Look at everything under ``items/`` and ``guides/``.

    :param known: folders of the last scan, by path with a final slash, with their digests.
    :param touched: the only ones in which anything changed since; None if that is not known.
    :param looked_at: folders, by absolute path, that another process has just looked at.
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
            _scan(str(folder), f"{shown}/", kind, known, young, found, looked_at or {})
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
            listing = list_folder(f"{folders.root}/{prefix}", young)
        except OSError:
            return None
        if prefix not in known or any(f"{prefix}{name}/" not in known for name in listing.below):
            return None
        if known[prefix] != listing.digest:
            found.same.discard(prefix)
            found.folders.append(_folder(listing, prefix, kind))
    return found


def _scan(
    folder: str,
    prefix: str,
    kind: str,
    known: Mapping[str, bytes],
    young: int,
    found: Scan,
    looked_at: Mapping[str, Listing],
) -> None:
    try:
        listing = looked_at.get(folder) or list_folder(folder, young)
    except OSError as error:
        finding = Finding("GK136", prefix.rstrip("/"), params={"why": why(error)})
        found.folders.append(Folder(prefix, b"", findings=[finding]))
        return
    if known.get(prefix) == listing.digest:
        found.same.add(prefix)
    else:
        found.folders.append(_folder(listing, prefix, kind))
    for name in listing.below:
        _scan(f"{folder}/{name}", f"{prefix}{name}/", kind, known, young, found, looked_at)


def _folder(listing: Listing, prefix: str, text_kind: str) -> Folder:
    folder = Folder(prefix, listing.digest if listing.sure else b"")
    keys: dict[str, list[str]] = defaultdict(list)
    for name, kind, mtime, size in listing.entries:
        lower = name.lower()
        path = prefix + name
        if lower in _IGNORED_FILES or name.startswith(("~$", "._")):
            continue
        if not is_unicode(name):
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
