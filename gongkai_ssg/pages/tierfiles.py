"""Tiers of the index made from the rows of the store and the texts that are kept. Works with arrays: imported late."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gongkai_ssg.pages.tiers import BLOCKS, Shape, kept_cells, key_of, parts_of
from gongkai_ssg.pages.view import View
from gongkai_ssg.search.changes import mended_blocks
from gongkai_ssg.search.changes import mended_files as mended_terms
from gongkai_ssg.search.documents import Cell, File, cells, document_block, facet_files, stamp_of
from gongkai_ssg.search.entry import Entry, bare_text, shown_summary
from gongkai_ssg.search.index import RUN, TierTerms, index_file
from gongkai_ssg.search.layout import Layout, layout_of
from gongkai_ssg.search.standing import names
from gongkai_ssg.search.texts import Place
from gongkai_ssg.search.tiers import Tier, day_number

_EPOCH = date(1970, 1, 1)
_FAR = 2_900_000
"""Days after which no date lies."""

_PLACE = "code, substr(items.sort, 1, 10), unit, category, kind, status"
_FACETS = f"{_PLACE}, stage, json_extract(CAST(data AS TEXT), '$.topic')"
_SHOWN = f"items.id, {_PLACE}, title, items.summary"
_TEXT = "text_digest, text_file, text_offset, text_length"
_CELL = "substr(items.sort, 1, 4), category, unit, status"
_ORDER = "substr(items.sort, 1, 4), category, unit, substr(items.sort, 1, 10), code"
"""What numbers the items of a tier: the numbers run through a year, a category and a unit before the next begins."""


def write_order(view: View, tier: Tier) -> tuple[Shape, dict[str, object]]:
    """Leave the items of a tier in order for all processes; returns its shape, and its cells."""
    rows = _rows(view, tier, f"{_CELL}, items.id, code", _ORDER).fetchall()
    items = [row[-2] for row in rows]
    np.array(items, np.uint32).tofile(_scratch(view) / f"{tier.name}.order")
    found = layout_of(tier, list(_texts(view, [items[number] for number in tier.sample])))
    return Shape(stamp_of((row[-1] for row in rows), found), found.written()), _cells(rows)


def cells_of(view: View, tier: Tier) -> dict[str, object]:
    """The cells of a tier."""
    return _cells(_rows(view, tier, _CELL, _ORDER).fetchall())


def _cells(rows: Sequence[Sequence[Any]]) -> dict[str, object]:
    of: list[Cell] = [(int(year), category, unit) for year, category, unit, *_ in rows]
    return cells(of, (row[3] for row in rows))


def layout(tier: Tier, shape: Shape) -> Layout:
    """The shards of a tier."""
    return _layout(tier.shards, shape.common)


_layout = lru_cache(maxsize=16)(Layout.read)


def is_reshaped(view: View, tier: Tier, shape: Shape, items: Sequence[int]) -> bool:
    """Whether edits of some items, which leave the numbering as it is, give the tier other shards."""
    if not any(_number(view, tier, entry) in tier.sample for entry in _entries(view, items).values()):
        return False
    order = [number for (number,) in _rows(view, tier, "items.id", _ORDER)]
    return layout_of(tier, list(_texts(view, [order[number] for number in tier.sample]))).written() != shape.common


def index(view: View, shapes: Mapping[Tier, Shape]) -> File:
    """The file that names the tiers."""
    facets = kept_cells(view)
    rows = [(tier, shape.stamp, layout(tier, shape), facets[key_of(tier)]) for tier, shape in shapes.items()]
    return index_file(rows, names(view.units, view.catalog, view.synonyms))


def cut_run(view: View, tier: Tier, shape: Shape, first: int) -> None:
    """Cut the texts of one run."""
    items = _order(view, tier, first, first + RUN)
    _terms(view, tier, shape).run(first, _texts(view, items))


def files_of(view: View, tier: Tier, shape: Shape, what: str) -> Iterator[File]:
    """The files of a part of a tier, in which :func:`write_order` and :func:`cut_run` have gone before."""
    if what == "c":
        yield from facet_files(tier, shape.stamp, _faceted(view, tier))
    elif what[0] == "d":
        blocks = range(int(what[1:]) * BLOCKS, min((int(what[1:]) + 1) * BLOCKS, -(-tier.items // tier.block)))
        items = _order(view, tier, blocks.start * tier.block, blocks.stop * tier.block)
        found = _entries(view, items)
        for block in blocks:
            start = (block - blocks.start) * tier.block
            yield document_block(tier, shape.stamp, [found[item] for item in items[start : start + tier.block]], block)
    else:
        yield from _terms(view, tier, shape).part(int(what[1:]))


def all_files(view: View, tier: Tier, shape: Shape) -> Iterator[tuple[File, str]]:
    """All files of a tier, made in this process, each with the part it belongs to."""
    with TemporaryDirectory() as folder:
        aside = replace(view, scratch=Path(folder))
        write_order(aside, tier)
        for first in range(0, tier.items, RUN):
            cut_run(aside, tier, shape, first)
        for what in parts_of(tier):
            yield from ((file, what) for file in files_of(aside, tier, shape, what))


def mended_files(view: View, tier: Tier, shape: Shape, told: Sequence[Sequence[Any]]) -> Iterator[tuple[File, str]]:
    """The files of a tier that differ after some of its items did, each with the part it belongs to.

    :param told: for each its number, its old title, and where its old text is kept.
    :raises ValueError, OSError: if that text or a file is not what the last build left.
    """
    entries = _entries(view, [item for item, *_ in told])
    texts: dict[int, tuple[bytes, bytes]] = {}
    shown: dict[int, Entry] = {}
    kept = view.reader.texts
    for item, old_title, place in told:
        entry = entries[item]
        number = _number(view, tier, entry)
        shown[number] = entry
        before: bytes | None = bare_text(old_title, entry.code)
        if place is not None and kept is not None:
            before = next(kept.read([Place(bytes.fromhex(place[0]), *place[1:])]))
        if before is None:
            raise ValueError(entry.code)
        after = next(_texts(view, [item]))
        if before != after:
            texts[number] = before, after

    def read(name: str) -> bytes:
        data = (view.output / "search" / name).read_bytes()
        digest = view.store.value("SELECT digest FROM outputs WHERE address = ?", f"search/{name}")
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(name)
        return data

    for name, data in mended_blocks(tier, shown, read):
        yield (name, data), f"d{_place_of(name, 'd') // BLOCKS}"
    shards = layout(tier, shape)
    for name, data in mended_terms(tier, shards, texts, read):
        if "/f" in name:
            shard = _place_of(name, "f") * tier.group
        else:
            shard = shards.number(_place_of(name, "c")) if "/c" in name else _place_of(name, "")
        yield (name, data), f"t{shard // tier.step}"


def _place_of(name: str, letter: str) -> int:
    return int(name.rpartition("/")[2].removeprefix(letter).removesuffix(".js"))


def _terms(view: View, tier: Tier, shape: Shape) -> TierTerms:
    return TierTerms(tier, shape.stamp, layout(tier, shape), _scratch(view).as_posix())


def _scratch(view: View) -> Path:
    if view.scratch is None:
        raise RuntimeError("nothing was prepared")
    return view.scratch


def _order(view: View, tier: Tier, start: int, end: int) -> list[int]:
    """The items from one number until before another."""
    order = np.fromfile(_scratch(view) / f"{tier.name}.order", np.uint32)
    numbers: list[int] = order[start:end].tolist()
    return numbers


def _number(view: View, tier: Tier, entry: Entry) -> int:
    """The number of an item in its tier: how many come before it."""
    day = (_EPOCH + timedelta(entry.day)).isoformat()
    first, _ = _days(tier)
    start = max(first, day[:4])
    number = view.list_number("all")
    rows = view.store
    earlier = rows.value("SELECT count(*) FROM lists WHERE list = ? AND sort >= ? AND sort < ?", number, first, start)
    same_year = rows.value(
        "SELECT count(*) FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? AND lists.sort >= ? AND lists.sort < ? "
        "AND (category, unit, substr(items.sort, 1, 10), code) < (?, ?, ?, ?)",
        number, start, min(_days(tier)[1], f"{day[:4]}~"), entry.category, entry.unit, day, entry.code,
    )  # fmt: skip
    return int(earlier) + int(same_year)


def _days(tier: Tier) -> tuple[str, str]:
    """What the places of a tier's items in a list begin with, at least and less than."""
    first = (_EPOCH + timedelta(tier.first)).isoformat() if day_number(date.min) < tier.first else ""
    return first, (_EPOCH + timedelta(tier.end)).isoformat() if tier.end < _FAR else "~"


def _rows(view: View, tier: Tier, columns: str, order: str) -> Any:
    """Published items of the days of a tier."""
    return view.store.rows(
        f"SELECT {columns} FROM lists JOIN items ON items.id = lists.item "
        f"WHERE list = ? AND lists.sort >= ? AND lists.sort < ? ORDER BY {order}", view.list_number("all"), *_days(tier)
    )  # fmt: skip


def _some(view: View, columns: str, items: Sequence[int]) -> Any:
    """Rows of some items, in any order."""
    query = f"SELECT {columns} FROM items WHERE id IN (SELECT value FROM json_each(?))"
    return view.store.rows(query, json.dumps(items))


def _entries(view: View, items: Sequence[int]) -> dict[int, Entry]:
    """What hits show of some items."""
    rows = _some(view, _SHOWN, items)
    return {item: _entry(place, title=title, summary=shown_summary(summary)) for item, *place, title, summary in rows}


def _faceted(view: View, tier: Tier) -> list[Entry]:
    """What filters see of the items of a tier, in order."""
    rows = _rows(view, tier, _FACETS, _ORDER)
    return [_entry(place, stage=stage or "", topic=topic or "") for *place, stage, topic in rows]


def _entry(place: Sequence[Any], topic: str = "", stage: str = "", title: str = "", summary: str = "") -> Entry:
    """What rows tell of an item, as far as it is asked for."""
    code, day, unit, category, kind, status = place
    number = day_number(date.fromisoformat(day))
    return Entry(code, number, unit, category, kind, topic, stage, status or "", title, summary)


def _texts(view: View, items: Sequence[int]) -> Iterator[bytes]:
    """What search matches of some items: as it is kept, or read anew."""
    rows = {row[0]: row[1:] for row in _some(view, f"id, path, title, code, {_TEXT}", items)}
    kept = view.reader.texts
    places = [Place(*rows[item][3:]) for item in items if rows[item][3] is not None]
    texts = kept.read(places) if kept is not None else iter([None] * len(places))
    for item in items:
        path, title, code, digest = rows[item][:4]
        text = None if digest is None else next(texts) or view.reader.text(path)
        yield text or bare_text(title, code)
