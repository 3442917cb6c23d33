"""The working tree and its indexes, kept in step: what is new or different is read, by hash of content."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import file_digest
from itertools import islice
from typing import NamedTuple, TypeVar

from filelock import FileLock

from gongkai_ssg.editors.bodies import RUN, Bodies
from gongkai_ssg.editors.content import Content, content_of, source_of
from gongkai_ssg.editors.fields import MADE_BY, FieldIndex
from gongkai_ssg.fingerprints import reading_fingerprint
from gongkai_ssg.messages import text
from gongkai_ssg.parallel import open_executor, useful
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.chunks import Reader, ToRead, chunks, digest_of, prepare_reading, prepared_reader
from gongkai_ssg.reading.listing import YOUNG
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.reading.sources import Source, scan
from gongkai_ssg.search.entry import pack_body
from gongkai_ssg.store.cache import fingerprint_of_program

T = TypeVar("T")

_ROWS = "documents.sqlite"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, mtime INTEGER NOT NULL, size INTEGER NOT NULL,
    digest BLOB NOT NULL, code TEXT NOT NULL, title TEXT NOT NULL, unit TEXT NOT NULL, day TEXT NOT NULL,
    state TEXT NOT NULL
);
"""


class Document(NamedTuple):
    """An item as hits show it: ``unit`` is an id, ``state`` that of :class:`Content`."""

    number: int
    path: str
    code: str
    title: str
    unit: str
    day: str
    state: str


class Read(NamedTuple):
    """A source as it is now; ``content`` is None where it is what it was."""

    source: ToRead
    digest: bytes
    content: Content | None


def answered(files: SiteFiles, jobs: int, progress: Progress, question: Callable[[Tree], T]) -> T:
    """The answer of the tree, in step with the files as they are now. Only one process is at it at a time."""
    tree = Tree(files, jobs, progress)
    with FileLock(str(tree.folder) + ".lock"):
        try:
            if not tree.open():
                tree.begin()
            tree.keep_in_step()
            return question(tree)
        finally:
            tree.close()


class Tree:
    """The items of a working tree, their fields and their bodies."""

    def __init__(self, files: SiteFiles, jobs: int, progress: Progress) -> None:
        self.folders = files.folders
        self.folder = files.folders.cache / "editors"
        self.units = files.units
        self.reader = Reader.of(files)
        self.fields: FieldIndex
        self.bodies: Bodies
        self.db: sqlite3.Connection
        self._made_by = f"{fingerprint_of_program()} {reading_fingerprint(files)} {MADE_BY}"
        self._young = time.time_ns() - YOUNG
        self._jobs = jobs
        self._progress = progress

    def open(self) -> bool:
        """Open what was kept; false where it is not, was left unfinished or damaged, or made by another program or site.

        Everything is compared with what was written before any of it is used: what damage would lead to is anyone's guess.
        """
        if not (self.folder / _ROWS).exists():
            return False
        self.db = sqlite3.connect(self.folder / _ROWS)
        try:
            about = dict(self.db.execute("SELECT name, value FROM about"))
            sound = self.db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            about, sound = {}, False
        ours = about.get("made_by") == self._made_by
        kept = bool(sound and ours and about["files"] == self._files())
        if not sound or (ours and about["files"] and not kept):
            self._progress.say(text("lookup.anew"))
        if kept:
            self._open_indexes()
        return kept

    def begin(self) -> None:
        """Begin anew, with nothing."""
        self.close()
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        self.db = sqlite3.connect(self.folder / _ROWS)
        self.db.executescript(_TABLES)
        self.db.executemany("INSERT INTO about VALUES (?, ?)", [("made_by", self._made_by), ("files", "")])
        self.db.commit()
        self._open_indexes()

    def close(self) -> None:
        """Let go of all files."""
        for name in ("fields", "db"):
            if hasattr(self, name):
                getattr(self, name).close()

    def keep_in_step(self) -> None:
        """Read what is new or different, and forget what is gone."""
        rows = self.db.execute("SELECT path, number, mtime, size, digest FROM documents")
        known = {path: rest for path, *rest in rows}
        sources = {source.path: source for source in scan(self.folders, {}).sources("item")}
        gone = [known[path][0] for path in known.keys() - sources.keys()]
        todo = []
        for path, source in sources.items():
            number, mtime, size, digest = known.get(path, (0, 0, 0, None))
            if (mtime, size) != (source.mtime, source.size):
                todo.append(ToRead(number, path, digest))
        if not gone and not todo:
            return
        self._progress.stage("read", len(todo))
        self._note_files("")
        if gone:
            self._replace(gone, [], sources)
        found = self._read(todo)
        while some := list(islice(found, RUN)):
            self._replace([], some, sources)
        self._note_files(self._files())

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

    def _open_indexes(self) -> None:
        self.fields = FieldIndex(self.folder / "fields")
        self.bodies = Bodies(self.folder / "bodies")

    def _files(self) -> str:
        """What the indexes consist of: the hash of each file, so that one that is missing or another shows."""
        digests = {}
        for path in sorted(self.folder.glob("*/*")):
            with path.open("rb") as file:
                digests[path.relative_to(self.folder).as_posix()] = file_digest(file, "blake2b").hexdigest()
        return json.dumps(digests)

    def _note_files(self, files: str) -> None:
        """Note of what files the indexes consist; of none while they change: what a kill leaves is not trusted."""
        self.db.execute("UPDATE about SET value = ? WHERE name = 'files'", (files,))
        self.db.commit()

    def _replace(self, gone: Iterable[int], some: Sequence[Read], sources: dict[str, Source]) -> None:
        """Put sources in place of what they were."""
        gone = list(gone)
        for each in some:
            source = sources[each.source.path]
            if each.content is None:
                row = (self._time(source), source.size, each.source.number)
                self.db.execute("UPDATE documents SET mtime = ?, size = ? WHERE number = ?", row)
            elif each.source.number:
                gone.append(each.source.number)
        self.db.executemany("DELETE FROM documents WHERE number = ?", [(number,) for number in gone])
        new = [
            (self._insert(sources[each.source.path], each.digest, each.content), each.content)
            for each in some
            if each.content is not None
        ]
        self.fields.change(gone, new)
        self.bodies.add([number for number, _ in new], [pack_body(content.body) for _, content in new])

    def _insert(self, source: Source, digest: bytes, content: Content) -> int:
        day = content.day.isoformat() if content.day else ""
        known = (source.path, self._time(source), source.size, digest)
        row = (*known, content.code, content.title, content.unit, day, content.state)
        names = "path, mtime, size, digest, code, title, unit, day, state"
        cursor = self.db.execute(f"INSERT INTO documents ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return int(cursor.lastrowid or 0)

    def _time(self, source: Source) -> int:
        """When a source was changed; of one too young to be sure of, no time."""
        return source.mtime if source.mtime < self._young else 0

    def _read(self, sources: Sequence[ToRead]) -> Iterator[Read]:
        with open_executor(useful(self._jobs, len(sources)), prepare_reading, (self.reader,)) as executor:
            for some in executor.map(_contents, chunks(sources)):
                yield from some
                self._progress.advance(len(some))


def _contents(sources: Sequence[ToRead]) -> list[Read]:
    reader = prepared_reader()
    some = []
    for source in sources:
        data = source_of(reader, source.path)
        digest = digest_of(data)
        some.append(Read(source, digest, None if digest == source.digest else content_of(reader, source.path, data)))
    return some
