"""Reading many items in a worker: rows for the store go back, bodies go to a spill file, what search matches is kept."""

from __future__ import annotations

import marshal
import pickle
import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.codes import code_key
from gongkai_ssg.model.dates import effective_day, last_valid_day, write_moment
from gongkai_ssg.model.item import PRIVATE
from gongkai_ssg.parallel import packed
from gongkai_ssg.reading.items import read_item
from gongkai_ssg.reading.markdown import Link
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.record import Record
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.reading.text import why
from gongkai_ssg.rules.addresses import address_key
from gongkai_ssg.search.entry import text_of
from gongkai_ssg.search.texts import Texts

CHUNK = 64
"""How many items make one task: enough to hide the cost of a task, few enough to spread evenly."""


_PRIVATE = set(PRIVATE)


class ToRead(NamedTuple):
    """An item to read: its number in the store, its source, and the hash of what was read last, if it must differ."""

    number: int
    path: str
    digest: bytes | None = None


def digest_of(data: bytes) -> bytes:
    """What tells one source from another."""
    return blake2b(data, digest_size=16).digest()


@dataclass(slots=True)
class ReadResult:
    """The rows of a chunk, by table; ``digests`` of all sources, ``same`` those that were as they had been."""

    count: int = 0
    digests: list[tuple[int, bytes | None]] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    items: list[tuple[Any, ...]] = field(default_factory=list)
    relations: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    aliases: list[tuple[Any, ...]] = field(default_factory=list)
    allowed: list[tuple[str, str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sketches: list[tuple[int, bytes]] = field(default_factory=list)

    def __reduce__(self) -> tuple[Callable[..., ReadResult], tuple[Any, ...]]:
        """All but the findings are plain rows."""
        return packed(_read_result, self.findings, plain={name: getattr(self, name) for name in _ROWS})


_ROWS = [each.name for each in fields(ReadResult) if each.name != "findings"]


def _read_result(findings: list[Finding], rows: dict[str, Any]) -> ReadResult:
    return ReadResult(findings=findings, **rows)


@dataclass(frozen=True)
class Reader:
    """What a worker needs to read items.

    :ivar sketching: whether to tell how alike bodies are.
    :ivar texts: where what search matches is kept; None for sites and commands without search.
    """

    root: Path
    items_prefix: str
    spill: Path | None
    options: ReadingOptions
    sketching: bool = False
    texts: Texts | None = None

    @classmethod
    def of(
        cls, files: SiteFiles, spill: Path | None = None, sketching: bool = False, texts: Texts | None = None
    ) -> Reader:
        """A reader of a site's items."""
        folders = files.folders
        return cls(folders.root, folders.shown(folders.items) + "/", spill, files.options, sketching, texts)

    def read_chunk(self, sources: Sequence[ToRead]) -> ReadResult:
        """Read items; their bodies go to the spill, if there is one, under the first one's number."""
        result = ReadResult(len(sources))
        bodies: list[tuple[str, list[tuple[int, str, str]]]] = []
        texts: list[bytes | None] = []
        for source in sources:
            data = self.data(source.path)
            digest = digest_of(data) if isinstance(data, bytes) else None
            result.digests.append((source.number, digest))
            if digest is not None and digest == source.digest:
                result.same.append(source.number)
                continue
            record = (
                Record(source.path, findings=[data]) if isinstance(data, Finding) else self.record(source.path, data)
            )
            result.findings.extend(record.findings)
            _add_rows(result, record, source.number, self.options)
            if self.sketching:
                result.sketches += _sketches(source.number, record)
            if self.spill is not None:
                bodies.append(_body(record))
            item = record.item
            found = self.texts is not None and item is not None and item.withdrawn is None
            texts.append(text_of(record) if found else None)
        result.items = self._with_texts(result.items, texts)
        if self.spill is not None:
            (self.spill / str(sources[0].number)).write_bytes(marshal.dumps(bodies))
        return result

    def _with_texts(self, rows: list[tuple[Any, ...]], texts: list[bytes | None]) -> list[tuple[Any, ...]]:
        """Keep texts; rows of the items they belong to, complete."""
        places = iter(self.texts.keep([text for text in texts if text is not None]) if self.texts else ())
        return [(*row, *(_NO_TEXT if text is None else next(places))) for row, text in zip(rows, texts, strict=True)]

    def text(self, path: str) -> bytes | None:
        """What search matches of an item, read anew; None for a source that holds no item any more."""
        data = self.data(path)
        record = self.record(path, data) if isinstance(data, bytes) else None
        return text_of(record) if record is not None and record.item is not None else None

    def record(self, path: str, data: bytes) -> Record:
        """An item as read."""
        return read_item(data, path, self.folder_unit(path), self.options)

    def folder_unit(self, path: str) -> str:
        """The first folder below ``items/``, which names the unit of an item that names none; or nothing."""
        below = path[len(self.items_prefix) :]
        return below.partition("/")[0] if "/" in below else ""

    def spilled(self, number: int) -> tuple[int, list[Any]]:
        """The first number of the chunk that an item was read in, and the chunk's bodies: (HTML, headings) each."""
        if self.spill is None:
            raise RuntimeError("bodies were not spilled")
        first = (number - 1) // CHUNK * CHUNK + 1
        return first, marshal.loads((self.spill / str(first)).read_bytes())  # noqa: S302 - this run wrote it

    def body(self, path: str) -> tuple[str, list[tuple[int, str, str]]]:
        """An item's body, read anew: (HTML, headings)."""
        data = self.data(path)
        return _body(self.record(path, data)) if isinstance(data, bytes) else ("", [])

    def data(self, path: str) -> bytes | Finding:
        """The bytes of a source, or why they can't be read."""
        try:
            with open(f"{self.root}/{path}", "rb", buffering=0) as file:
                return file.read()
        except OSError as error:
            return Finding("GK136", path, params={"why": why(error)})


_reader: Reader | None = None


def get_ready() -> None:
    """What takes a while before anything can be read, and needs to know nothing of the site."""
    global _reader
    _reader = None
    import gongkai_ssg.reading.markdown.body  # noqa: F401 - items are read with it
    from gongkai_ssg.model.item import Item

    Item.model_rebuild()


def prepare_reading(reader: Reader) -> None:
    """Called once in each process that reads."""
    global _reader
    _reader = reader


def prepared_reader() -> Reader:
    """The reader of this process."""
    if _reader is None:
        raise RuntimeError("prepare_reading was not called")
    return _reader


def read_task(chunk: list[ToRead]) -> ReadResult:
    """Read one chunk."""
    return prepared_reader().read_chunk(chunk)


def read_with(place: str, chunk: list[ToRead]) -> ReadResult:
    """Read one chunk in a process that got ready before there was a reader: now one lies at ``place``."""
    if _reader is None:
        prepare_reading(pickle.loads(Path(place).read_bytes()))  # noqa: S301 - this run wrote it
    return read_task(chunk)


def _sketches(number: int, record: Record) -> list[tuple[int, bytes]]:
    from gongkai_ssg.rules.duplicates import sketch  # a build does without

    drawn = sketch(record.body.html)
    return [] if drawn is None else [(number, drawn)]


def _body(record: Record) -> tuple[str, list[tuple[int, str, str]]]:
    if record.item is None:
        return "", []
    return record.body.html, [(each.level, each.id, each.text) for each in record.body.headings]


def chunks(sources: Sequence[ToRead]) -> Iterator[list[ToRead]]:
    """Divide items into tasks."""
    rest = iter(sources)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _add_rows(result: ReadResult, record: Record, number: int, options: ReadingOptions) -> None:
    item = record.item
    if item is None:
        result.items.append(_broken_row(record, number))
        return
    published = item.date.date()
    effective = effective_day(item.effective, published)
    last = last_valid_day(item.expires, effective or published)
    unit = options.units.by_id[record.unit]
    line, column = record.code_place
    held = "withheld" if item.disclosure != "主动公开" else "draft" if item.draft else None
    hold_until = max(published, item.publish_at or published)
    sort = f"{item.date.isoformat()} {item.code}"
    result.items.append(
        (
            number,
            record.path,
            path_key(record.path),
            item.code,
            code_key(item.code),
            line,
            column,
            sort,
            item.title,
            record.unit,
            unit.name_on(published),
            record.category,
            record.kind,
            item.stage,
            item.doc_number,
            (item.formed or published).isoformat(),
            write_moment(item.updated) if item.updated else None,
            record.summary,
            item.model_dump_json(exclude_unset=True, exclude=_PRIVATE, by_alias=True).encode(),
            " ".join(record.lists),
            hold_until.isoformat(),
            item.public_until.isoformat() if item.public_until else None,
            item.comments_until.isoformat() if item.comments_until else None,
            int("library" in record.lists),
            effective.isoformat() if effective else None,
            last.isoformat() if last else None,
            item.repealed.isoformat() if item.repealed else None,
            item.status,
            item.status_basis,
            *record.terms_place,
            held,
            int(item.withdrawn is not None),
            *_TO_LINK,
        )
    )
    for each in record.relations:
        key = code_key(each.code) if each.code else None
        place = (each.line, each.column, None)
        outside = (each.title, each.doc_number, each.url, each.scope, each.since)
        result.relations.append((number, each.kind, key, each.code, *outside, *place))
    for index, link in enumerate(record.body.links):
        where = (link.line, link.column, link_key(link, record.path), None)
        result.links.append((number, index, link.kind, link.target, link.fragment, link.label, *where))
    for file in record.attachments:
        result.attachments.append((number, file.file, file.title, file.role, file.line, file.column, None, None))
    for alias, line, column in record.aliases:
        result.aliases.append(alias_row(alias, f"items/{item.code}.html", number, record.path, (line, column)))
    result.allowed.extend((record.path, each.rule, each.reason) for each in item.allow)


def memberships(items: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str, int]]:
    """What rows of items say of lists: name of the list, place in it, number of the item."""
    for row in items:
        for name in row[_LISTS].split():
            yield name, row[_SORT], row[0]


_SORT, _LISTS = 7, 19
"""Columns of an item's row."""

_TO_LINK = (None,) * 5
"""fault, status, marks, turns, doubt: linking fills them."""

_NO_TEXT = (None,) * 4
"""The columns of a text that is kept nowhere."""


def _broken_row(record: Record, number: int) -> tuple[Any, ...]:
    """What is left of an item with errors: enough to tell others that point to it."""
    code = record.code or ""
    known = (number, record.path, path_key(record.path), code, code_key(code), 0, 0)
    nothing = ("", "", "", "", "", "", None, None, "", None, "", None, "", "")
    return (*known, *nothing, None, None, 0, None, None, None, None, None, 0, 0, "broken", 0, *_TO_LINK)


def path_key(path: str) -> str:
    """A path in one Unicode form."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def link_key(link: Link, path: str) -> str | None:
    """What finds the item that a body links to: its folded code, or the path of its source in one form."""
    if not link.target:
        return None
    if link.kind == "item":
        return code_key(link.target)
    if link.kind == "source":
        return path_key(posixpath.normpath(posixpath.join(posixpath.dirname(path), link.target)))
    return None


def alias_row(alias: str, target: str, item: int | None, path: str, place: tuple[int, int]) -> tuple[Any, ...]:
    """An old address as the store keeps it."""
    address = alias.strip().lstrip("/")
    file = address + "index.html" if address.endswith("/") else address
    key = address_key(file)
    deep = any(part.endswith((".html", ".htm")) for part in key.split("/")[:-1])
    return (file, key, target, item, path, *place, int(deep))
