"""The scan: which files there are. Symbolic links are passed over with a word, never followed."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from gongkai_ssg.config import Folders
from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.rules.addresses import address_key

_IGNORED = {".git", ".svn", "node_modules", "__pycache__"}
_LOOK_LIKE_ITEMS = (".markdown", ".mdown", ".mkd", ".md.txt")
_IGNORED_FILES = {"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore", ".gitattributes"}


@dataclass(slots=True)
class Sources:
    """What lies under ``items/`` and ``guides/``: paths as findings name them, in one order; files with sizes."""

    items: list[str] = field(default_factory=list)
    guides: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def scan(folders: Folders) -> Sources:
    """List all sources with the sizes of what is no Markdown."""
    sources = Sources()
    for folder, texts in ((folders.items, sources.items), (folders.guides, sources.guides)):
        if folder.is_symlink():
            sources.findings.append(Finding("GK020", folders.shown(folder)))
        elif folder.is_dir():
            _scan(folder, folders.shown(folder) + "/", texts, sources, folders)
        texts.sort()
    return sources


def _scan(folder: Path | str, prefix: str, texts: list[str], sources: Sources, folders: Folders) -> None:
    below: list[tuple[str, str]] = []
    keys: dict[str, list[str]] = defaultdict(list)
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            name = entry.name
            path = prefix + name
            if name.lower() in _IGNORED_FILES or name.startswith(("~$", "._")):
                continue
            if not _is_unicode(name):
                shown = path.encode("utf-8", "backslashreplace").decode()
                sources.findings.append(Finding("GK024", shown, params={"hint": "name"}))
                continue
            if entry.is_symlink():
                sources.findings.append(Finding("GK020", folders.shown(Path(entry.path))))
                continue
            keys[address_key(name)].append(name)
            if entry.is_dir(follow_symlinks=False):
                if name not in _IGNORED:
                    below.append((entry.path, path + "/"))
            elif name.lower().endswith(".md"):
                texts.append(path)
            elif name.lower().endswith(_LOOK_LIKE_ITEMS):
                sources.findings.append(Finding("GK024", path))
            elif entry.is_file(follow_symlinks=False):
                sources.files[path] = entry.stat(follow_symlinks=False).st_size
    for names in keys.values():
        for other in names[1:]:
            shown = folders.shown(Path(folder) / other)
            sources.findings.append(Finding("GK021", shown, params={"other": names[0]}))
    for inner, inner_prefix in below:
        _scan(inner, inner_prefix, texts, sources, folders)


def _is_unicode(name: str) -> bool:
    """Whether a file name is text; on Linux it may be any bytes, such as GBK from an old archive."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
