"""Files beside items: named in the front matter or linked from the body, each checked before it is published."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

from gongkai_ssg.config import Config
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.linking.addresses import leave_out
from gongkai_ssg.reading.chunks import path_key
from gongkai_ssg.reading.text import is_lfs_pointer
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.rules.addresses import address_key, unsafe_name
from gongkai_ssg.store.store import Store

_POINTER_SIZE = 512
_FOR_LINKS = {"GK203": "GK208", "GK204": "GK214", "GK205": "GK206", "GK210": "GK215", "GK213": "GK216"}
_PICTURES = frozenset(["jpg", "jpeg", "png", "gif", "webp", "bmp"])


@dataclass(frozen=True, slots=True)
class Home:
    """Whose files are looked for: its source, the output folder for them, its number if it is an item."""

    path: str
    folder: str
    item: int | None = None


class Files:
    """All files beside items, found whatever Unicode form a link was typed in."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self._store = store

    def find(self, path: str) -> str | None:
        """The real path of a file, or None."""
        rows = self._store.rows(
            "SELECT path FROM sources WHERE key = ? AND kind = 'file' ORDER BY path <> ?, path LIMIT 1",
            path_key(path),
            path,
        )
        row = rows.fetchone()
        return row[0] if row else None

    def size(self, path: str) -> int:
        """A file's size in bytes."""
        return int(self._store.value("SELECT size FROM sources WHERE path = ?", path))

    def beside(self, folder: str) -> list[str]:
        """The names of the files in a folder, for suggestions."""
        rows = self._store.rows("SELECT path FROM sources WHERE folder = ? AND kind = 'file'", f"{folder}/")
        return [path.rpartition("/")[2] for (path,) in rows]

    def is_pointer(self, path: str) -> bool:
        """Whether Git LFS left a stand-in instead of the file."""
        return self.size(path) < _POINTER_SIZE and is_lfs_pointer((self.folder / path).read_bytes())


def resolve_attachments(store: Store, files: Files, config: Config, findings: Findings) -> None:
    """Every attachment that is named must be there, allowed, and nameable on every system."""
    types = frozenset(config.attachment_types)
    rows = store.rows(
        "SELECT attachments.rowid, attachments.item, items.path, items.code, file, line, column FROM attachments "
        f"JOIN items ON items.id = attachments.item WHERE items.data IS NOT NULL AND address IS NULL {store.among('attachments.item')} "
        "ORDER BY attachments.item, attachments.rowid"
    ).fetchall()
    broken: set[int] = set()
    for row, item, path, code, file, line, column in rows:
        folder = posixpath.dirname(path)
        source, problem = _judge(folder, file, files, types)
        address = f"items/{code}/{_name_in(folder, source)}" if source else ""
        if source and (other := _claim(store, Home(path, f"items/{code}", item), address, source, again=False)):
            problem = ("GK209", {"other": other})
        if problem is not None or source is None:
            finding, params = problem or ("GK203", {})
            findings.add(Finding(finding, path, line, column, {"file": file, **params}))
            broken.add(item)
            continue
        store.db.execute(
            "UPDATE attachments SET address = ?, size = ? WHERE rowid = ?", (address, files.size(source), row)
        )
    for item in broken:
        leave_out(store, item, "broken")


def resolve_file_links(store: Store, files: Files, config: Config, findings: Findings) -> None:
    """Files that a body links to or shows; one that can't be is told, and its text stays."""
    query = (
        "SELECT links.rowid, links.item, items.path, items.code, links.kind, target, line, column FROM links "
        "JOIN items ON items.id = links.item WHERE items.data IS NOT NULL "
        "AND links.kind IN ('file', 'image', 'audio', 'video') AND target <> '' AND address IS NULL"
    )
    rows = store.rows(f"{query} ORDER BY links.item, number").fetchall()
    for row, item, path, code, kind, target, line, column in rows:
        home = Home(path, f"items/{code}", item)
        address, finding = file_address(store, files, config, home, kind, target, (line, column))
        if finding:
            findings.add(finding)
        else:
            store.db.execute("UPDATE links SET address = ? WHERE rowid = ?", (address, row))


def file_address(
    store: Store, files: Files, config: Config, home: Home, kind: str, target: str, place: tuple[int, int]
) -> tuple[str | None, Finding | None]:
    """Where a linked file will stand, and its copy noted; or what is wrong with it."""
    folder = posixpath.dirname(home.path)
    types = _PICTURES if kind == "image" else frozenset(config.attachment_types)
    source, problem = _judge(folder, target, files, types)
    address = f"{home.folder}/{_name_in(folder, source)}" if source else ""
    if source and _claim(store, home, address, source, again=True):
        problem = ("GK210", {})
    if problem is not None or source is None:
        code, params = problem or ("GK203", {})
        code = _FOR_LINKS.get(code, code)
        if code == "GK206":
            params["hint"] = "outside"
        return None, Finding(code, home.path, *place, {"file": target, "target": target, **params})
    return address, None


def _claim(store: Store, home: Home, address: str, source: str, again: bool) -> str:
    """Take an address for a file; or the file that has it, under any name some system takes for the same.

    :param again: whether the same file may take the same address once more.
    """
    parts = address.split("/")
    for depth in range(home.folder.count("/") + 2, len(parts)):
        folder = "/".join(parts[:depth])
        key = address_key(folder)
        other = store.value("SELECT address FROM copies WHERE key >= ? AND key < ? LIMIT 1", f"{key}/", f"{key}0")
        if other is not None and "/".join(other.split("/")[:depth]) != folder:
            return str(other.split("/")[depth - 1])
    key = address_key(address)
    taken = store.value("SELECT source FROM copies WHERE key = ?", key)
    if taken is None:
        store.insert("copies", [(key, address, source, home.item)])
        return ""
    return "" if again and taken == source else posixpath.basename(taken)


def _judge(
    folder: str, file: str, files: Files, types: frozenset[str]
) -> tuple[str | None, tuple[str, dict[str, str]] | None]:
    """The source of a file named from an item, or the code and details of what is wrong with it."""
    normal = posixpath.normpath(file)
    if "\\" in file or file.startswith("/") or normal.startswith("..") or normal == ".":
        return None, ("GK205", {})
    ending = posixpath.splitext(normal)[1].lower().lstrip(".")
    if ending not in types:
        return None, ("GK204", {"type": ending or "?", "types": "、".join(sorted(types))})
    if any(unsafe_name(part) for part in normal.split("/")):
        return None, ("GK210", {})
    source = files.find(posixpath.join(folder, normal))
    if source is None:
        return None, ("GK203", {"guess": guess(normal, files.beside(folder))})
    if files.is_pointer(source):
        return None, ("GK213", {})
    return source, None


def _name_in(folder: str, source: str) -> str:
    return source[len(folder) + 1 :] if folder else source
