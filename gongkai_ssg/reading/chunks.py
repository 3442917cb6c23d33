"""Reading many items in a worker: rows for the store go back, bodies go to a spill file."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.codes import code_key
from gongkai_ssg.model.dates import effective_day, last_valid_day, write_moment
from gongkai_ssg.model.item import PRIVATE
from gongkai_ssg.reading.items import ReadingOptions, read_item
from gongkai_ssg.reading.record import Record
from gongkai_ssg.reading.text import why

CHUNK = 64
"""How many items make one task: enough to hide the cost of a task, few enough to spread evenly."""


_PRIVATE = set(PRIVATE)


@dataclass(slots=True)
class ReadResult:
    """The rows of a chunk, by table."""

    count: int = 0
    items: list[tuple[Any, ...]] = field(default_factory=list)
    relations: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    aliases: list[tuple[Any, ...]] = field(default_factory=list)
    lists: list[tuple[str, str, int]] = field(default_factory=list)
    allowed: dict[str, dict[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """What a worker needs to read items."""

    root: Path
    items_prefix: str
    spill: Path | None
    options: ReadingOptions

    def read_chunk(self, first: int, paths: list[str]) -> ReadResult:
        """Read items; the first one gets the number ``first``, the others the next ones."""
        result = ReadResult(len(paths))
        bodies: list[tuple[str, list[tuple[int, str, str]]]] = []
        for number, path in enumerate(paths, first):
            record = self._read(path)
            result.findings.extend(record.findings)
            _add_rows(result, record, number, self.options)
            headings = [(each.level, each.id, each.text) for each in record.body.headings]
            bodies.append((record.body.html, headings) if record.item else ("", []))
        if self.spill is not None:
            (self.spill / str(first)).write_bytes(marshal.dumps(bodies))
        return result

    def _read(self, path: str) -> Record:
        try:
            with open(f"{self.root}/{path}", "rb", buffering=0) as file:
                data = file.read()
        except OSError as error:
            return Record(path, findings=[Finding("GK136", path, params={"why": why(error)})])
        below = path[len(self.items_prefix) :]
        folder_unit = below.partition("/")[0] if "/" in below else ""
        return read_item(data, path, folder_unit, self.options)


def chunks(paths: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Divide paths into tasks, numbered from 1."""
    for start in range(0, len(paths), CHUNK):
        yield start + 1, paths[start : start + CHUNK]


def read_spill(spill: Path, number: int) -> list[Any]:
    """The bodies of the chunk that begins with item ``number``: (HTML, headings) each."""
    bodies: list[Any] = marshal.loads((spill / str(number)).read_bytes())  # noqa: S302 - this run wrote it
    return bodies


def _add_rows(result: ReadResult, record: Record, number: int, options: ReadingOptions) -> None:
    item = record.item
    if item is None:
        if record.code:
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
            hold_until.isoformat(),
            item.public_until.isoformat() if item.public_until else None,
            int("library" in record.lists),
            effective.isoformat() if effective else None,
            last.isoformat() if last else None,
            item.repealed.isoformat() if item.repealed else None,
            item.status,
            item.status_basis,
            *record.terms_place,
            held,
            int(item.withdrawn is not None),
            None,
            None,
        )
    )
    for each in record.relations:
        key = code_key(each.code) if each.code else None
        place = (each.line, each.column, None)
        outside = (each.title, each.doc_number, each.url, each.scope, each.since)
        result.relations.append((number, each.kind, key, each.code, *outside, *place))
    for index, link in enumerate(record.body.links):
        row = (number, index, link.kind, link.target, link.fragment, link.label, link.line, link.column, None)
        result.links.append(row)
    for file in record.attachments:
        result.attachments.append((number, file.file, file.title, file.role, file.line, file.column, None, None))
    for alias, line, column in record.aliases:
        result.aliases.append((alias, f"items/{item.code}.html", number, record.path, line, column))
    result.lists.extend((name, sort, number) for name in record.lists)
    if item.allow:
        result.allowed[record.path] = {each.rule: each.reason for each in item.allow}


def _broken_row(record: Record, number: int) -> tuple[Any, ...]:
    """What is left of an item with errors: enough to tell others that point to it."""
    code = record.code or ""
    known = (
        number,
        record.path,
        code,
        code_key(code),
        0,
        0,
        "",
        "",
        "",
        "",
        "",
        "",
        None,
        None,
        "",
        None,
        "",
        None,
        "",
    )
    return (*known, None, 0, None, None, None, None, None, 0, 0, "broken", 0, None, None)
