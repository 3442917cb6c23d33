"""The working tree and its indexes, kept in step: what is new or different is read, by hash of content."""

from __future__ import annotations

import html
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from gongkai_ssg.config import Folders
from gongkai_ssg.editors.bodies import RUN, Bodies
from gongkai_ssg.editors.fields import DAMAGED, NAMES, FieldIndex, Fields
from gongkai_ssg.fingerprints import reading_fingerprint
from gongkai_ssg.parallel import open_executor
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.chunks import CHUNK, Reader, digest_of
from gongkai_ssg.reading.record import Record
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.reading.sources import scan
from gongkai_ssg.search.entry import BREAK, pack, visible
from gongkai_ssg.store.cache import fingerprint_of_program

_ALONE = 200

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, mtime INTEGER NOT NULL, size INTEGER NOT NULL,
    digest BLOB NOT NULL, code TEXT NOT NULL, title TEXT NOT NULL, unit TEXT NOT NULL, day TEXT NOT NULL,
    state TEXT NOT NULL
);
"""


class Document(NamedTuple):
    """An item as hits show it. ``state``: draft, broken where its front matter is wrong, else nothing."""

    number: int
    path: str
    code: str
    title: str
    unit: str
    day: str
    state: str


@dataclass(frozen=True, slots=True)
class Read:
    """An item as the indexes take it in."""

    path: str
    digest: bytes
    code: str
    title: str
    numbers: str
    keywords: str
    summary: str
    unit: str
    day: date | None
    state: str
    body: str

    def pieces(self) -> dict[str, list[str]]:
        """Each field's texts, and the body's as one."""
        fields = {name: getattr(self, name).split(BREAK) for name in NAMES}
        return {**fields, "body": [self.body]}


class Tree:
    """The items of a working tree, their fields and their bodies."""

    def __init__(self, folder: Path, reader: Reader, jobs: int) -> None:
        self.folder = folder
        self.reader = reader
        self.jobs = jobs
        self.fields: FieldIndex
        self.bodies: Bodies
        self.db: sqlite3.Connection

    @classmethod
    def opened(cls, files: SiteFiles, jobs: int, progress: Progress) -> Tree:
        """The tree, in step with the files as they are now."""
        folders = files.folders
        tree = cls(folders.cache / "editors", Reader.of(files), jobs)
        made_by = fingerprint_of_program() + reading_fingerprint(files)
        tree.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(tree.folder) + ".lock"):
            try:
                tree._open(made_by)
                tree._keep_in_step(folders, progress)
            except (sqlite3.Error, *DAMAGED):
                # Damaged, or cut short by a kill: it only costs the time to make it anew.
                tree.close()
                shutil.rmtree(tree.folder)
                tree._open(made_by)
                tree._keep_in_step(folders, progress)
        return tree

    def documents(self, numbers: Sequence[int]) -> list[Document]:
        """Items by number, in the order given; numbers that no item has any more are passed over."""
        found: dict[int, Document] = {}
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            marks = ",".join("?" * len(some))
            rows = self.db.execute(
                f"SELECT number, path, code, title, unit, day, state FROM documents WHERE number IN ({marks})",
                some,
            )
            found.update((row[0], Document(*row)) for row in rows)
        return [found[number] for number in numbers if number in found]

    def again(self, document: Document) -> Read:
        """An item as its file has it now."""
        try:
            data = (self.reader.root / document.path).read_bytes()
        except OSError:
            data = b""
        return read_item(self.reader, document.path, data)

    def close(self) -> None:
        """Let go of all files."""
        if hasattr(self, "fields"):
            self.fields.close()
        if hasattr(self, "db"):
            self.db.close()

    def _open(self, made_by: str) -> None:
        path = self.folder / "documents.sqlite"
        if path.exists():
            self.db = sqlite3.connect(path)
            about = dict(self.db.execute("SELECT name, value FROM about"))
            if about != {"made_by": made_by, "whole": "yes"}:
                self.db.close()
                shutil.rmtree(self.folder)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(path)
            self.db.executescript(_TABLES)
            self.db.executemany("INSERT INTO about VALUES (?, ?)", [("made_by", made_by), ("whole", "yes")])
            self.db.commit()
        self.fields = FieldIndex(self.folder / "fields")
        self.bodies = Bodies(self.folder / "bodies")

    def _keep_in_step(self, folders: Folders, progress: Progress) -> None:
        rows = self.db.execute("SELECT path, number, mtime, size, digest FROM documents")
        known = {path: rest for path, *rest in rows}
        sources = {source.path: source for source in scan(folders, {}).sources("item")}
        gone = [known[path][0] for path in known.keys() - sources.keys()]
        looked_at = [
            path
            for path, source in sources.items()
            if path not in known or known[path][1:3] != [source.mtime, source.size]
        ]
        if not gone and not looked_at:
            return
        progress.stage("read", -(-len(looked_at) // CHUNK))
        self._say_whole("no")
        with self.fields.changing() as change:
            change.remove(gone)
            for some in _runs(self._read(looked_at, {path: known[path][3] for path in known}, progress)):
                new = []
                for path, read in some:
                    source = sources[path]
                    if read is None:
                        row = (source.mtime, source.size, path)
                        self.db.execute("UPDATE documents SET mtime = ?, size = ? WHERE path = ?", row)
                        continue
                    if path in known:
                        change.remove([known[path][0]])
                        self.db.execute("DELETE FROM documents WHERE path = ?", (path,))
                    number = self._insert(read, source.mtime, source.size)
                    numbers, keywords = read.numbers, read.keywords
                    change.add(Fields(number, read.title, numbers, keywords, read.summary, read.unit, read.day))
                    new.append((number, pack("", (), (), "", html.escape(read.body, quote=False))))
                self.bodies.add([number for number, _ in new], [text for _, text in new])
        self.db.executemany("DELETE FROM documents WHERE number = ?", [(number,) for number in gone])
        self._say_whole("yes")

    def _insert(self, read: Read, mtime: int, size: int) -> int:
        day = read.day.isoformat() if read.day else ""
        row = (read.path, mtime, size, read.digest, read.code, read.title, read.unit, day, read.state)
        names = "path, mtime, size, digest, code, title, unit, day, state"
        cursor = self.db.execute(f"INSERT INTO documents ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return int(cursor.lastrowid or 0)

    def _say_whole(self, whole: str) -> None:
        """Whether rows and indexes fit each other; what a kill leaves says no."""
        self.db.execute("UPDATE about SET value = ? WHERE name = 'whole'", (whole,))
        self.db.commit()

    def _read(
        self, paths: Sequence[str], digests: dict[str, bytes], progress: Progress
    ) -> Iterator[tuple[str, Read | None]]:
        """Items with their paths; None for those whose content is what it was."""
        tasks = [
            [(path, digests.get(path)) for path in paths[start : start + CHUNK]]
            for start in range(0, len(paths), CHUNK)
        ]
        jobs = self.jobs if len(paths) > _ALONE else 1
        with open_executor(jobs, _prepare, (self.reader,)) as executor:
            for found in executor.map(_read_some, tasks):
                yield from found
                progress.advance(1)


_reader: Reader | None = None


def _prepare(reader: Reader) -> None:
    global _reader
    _reader = reader


def _read_some(task: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, Read | None]]:
    if _reader is None:
        raise RuntimeError("_prepare was not called")
    found: list[tuple[str, Read | None]] = []
    for path, before in task:
        try:
            data = (_reader.root / path).read_bytes()
        except OSError:  # gone or unreadable since the scan; `check` tells of it
            data = b""
        digest = digest_of(data)
        found.append((path, None if digest == before else read_item(_reader, path, data)))
    return found


def read_item(reader: Reader, path: str, data: bytes) -> Read:
    """An item as the indexes take it in; of one with errors, its file as it is."""
    record = reader.record(path, data)
    item = record.item
    if item is None:
        return _as_it_is(record, path, data)
    numbers = [item.code, *item.legacy_codes, *([item.doc_number] if item.doc_number else [])]
    unit = reader.options.units.by_id[record.unit]
    names = BREAK.join(dict.fromkeys(name for name in (unit.name, unit.short_name, unit.id) if name))
    summary = "" if record.auto_summary else record.summary
    return Read(
        path,
        digest_of(data),
        item.code,
        item.title,
        BREAK.join(numbers),
        BREAK.join(item.keywords),
        summary,
        names,
        item.date.date(),
        "draft" if item.draft else "",
        visible(record.body.html),
    )


def _as_it_is(record: Record, path: str, data: bytes) -> Read:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    body = "".join(each if each >= " " else "\n" for each in text)
    name = path.rpartition("/")[2]
    return Read(path, digest_of(data), record.code or "", name, record.code or "", "", "", "", None, "broken", body)


def _runs(found: Iterator[tuple[str, Read | None]]) -> Iterator[list[tuple[str, Read | None]]]:
    some: list[tuple[str, Read | None]] = []
    for each in found:
        some.append(each)
        if len(some) == RUN:
            yield some
            some = []
    yield some
