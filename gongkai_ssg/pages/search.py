"""Full-text search: its page, and the shards of its index, a tier a key. Only where config.yaml asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Output, Plain, Planner
from gongkai_ssg.pages.view import View
from gongkai_ssg.search.entry import Entry, pack, shown_summary
from gongkai_ssg.search.tiers import Tier, day_number, tiers
from gongkai_ssg.search.words import NEWEST

if TYPE_CHECKING:
    from gongkai_ssg.reading.chunks import Reader

_FIXED = ("page", "standing", "words", "index")
_EPOCH = date(1970, 1, 1)
_FAR = 2_900_000
"""Days after which no date lies."""


class SearchPages(Planner):
    """``search.html``, ``search/…``. Keys: ``page``, ``standing``, ``words``, ``index``, and ``first|end|items|hot`` of each tier.

    A tier is made anew when an item in it changed.
    """

    name = "search"

    def keys(self, view: View) -> Iterator[str]:
        """The fixed ones, then each tier."""
        if view.config.search:
            yield from (_key(tier) for tier in _tiers(view))
            yield from _FIXED

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Tiers that begin or end elsewhere now, or hold something that changed."""
        if not view.config.search:
            return
        before = {key for (key,) in view.store.rows("SELECT DISTINCT key FROM outputs WHERE planner = ?", self.name)}
        now = {_key(tier): tier for tier in _tiers(view)}
        days = {day_number(date.fromisoformat(day)) for day in changes.dates}
        gone = before - now.keys() - set(_FIXED)
        changed = [
            key for key, tier in now.items() if key not in before or any(tier.first <= day < tier.end for day in days)
        ]
        yield from ((key, Reason("list", "all")) for key in (*sorted(gone), *changed))
        if gone or changed:
            yield "index", Reason("list", "all")
        if changes.units or changes.categories:
            yield "standing", Reason("units")
        if "all" in changes.lists or not changes.items.keys().isdisjoint(number for number, *_ in _newest(view)):
            yield "words", Reason("list", "all")

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The files of one key."""
        from gongkai_ssg.search.index import index_file, tier_files
        from gongkai_ssg.search.page import search_pages
        from gongkai_ssg.search.standing import standing_files

        if key == "page":
            yield from search_pages(view.assets)
        elif key == "standing":
            yield from _plain(standing_files(view.units, view.catalog, view.root / view.config.content))
        elif key == "words":
            yield from _plain([_words(view)])
        elif key == "index":
            yield from _plain([index_file([(tier, *_codes_and_sample(view, tier)) for tier in _tiers(view)])])
        else:
            tier = next((tier for tier in _tiers(view) if _key(tier) == key), None)
            if tier is not None:
                entries = sorted(_entries(view, tier), key=lambda entry: entry.place)
                yield from _plain(tier_files(tier, entries))


def _newest(view: View) -> list[tuple[int, str, str]]:
    """Number, title and data of the newest items."""
    return view.store.rows(
        "SELECT items.id, title, data FROM lists JOIN items ON items.id = lists.item WHERE list = ? "
        "ORDER BY lists.sort DESC LIMIT ?", view.list_number("all"), NEWEST
    ).fetchall()  # fmt: skip


def _words(view: View) -> tuple[str, bytes]:
    from gongkai_ssg.search.shards import script
    from gongkai_ssg.search.words import frequent_words

    rows = _newest(view)
    keywords = (word for *_, data in rows for word in json.loads(data).get("keywords", ()))
    return "words.js", script("words", "", frequent_words([title for _, title, _ in rows], keywords))


def _plain(files: Any) -> Iterator[Plain]:
    return (Plain(f"search/{name}", data) for name, data in files)


def _key(tier: Tier) -> str:
    return f"{tier.first}|{tier.end}|{tier.items}|{int(tier.hot)}"


def _tiers(view: View) -> list[Tier]:
    rows = view.store.rows(
        "SELECT substr(sort, 1, 10), count(*) FROM lists WHERE list = ? GROUP BY 1", view.list_number("all")
    )
    return tiers(day_number(view.today), {day_number(date.fromisoformat(day)): count for day, count in rows})


def _rows(view: View, tier: Tier, columns: str, order: str) -> Iterator[Any]:
    """Published items of the days of a tier."""
    first = (_EPOCH + timedelta(tier.first)).isoformat() if tier.first > 0 else ""
    end = (_EPOCH + timedelta(tier.end)).isoformat() if tier.end < _FAR else "~"
    return view.store.rows(
        f"SELECT {columns} FROM lists JOIN items ON items.id = lists.item "
        f"WHERE list = ? AND lists.sort >= ? AND lists.sort < ? ORDER BY {order}", view.list_number("all"), first, end
    )  # fmt: skip


def _places(view: View, tier: Tier) -> Iterator[tuple[int, str, str, int, str]]:
    for day, category, unit, code in _rows(view, tier, "substr(items.sort, 1, 10), category, unit, code", "lists.sort"):
        yield int(day[:4]), category, unit, day_number(date.fromisoformat(day)), code


def _codes_and_sample(view: View, tier: Tier) -> tuple[list[str], list[bytes]]:
    codes = [code for *_, code in sorted(_places(view, tier))]
    sample = [codes[number] for number in tier.sample]
    texts = {entry.code: entry.text for entry in _entries(view, tier, frozenset(sample))}
    return codes, [texts[code] for code in sample]


def _entries(view: View, tier: Tier, only: frozenset[str] | None = None) -> Iterator[Entry]:
    """:param only: the codes of the items that are wanted; all of the tier if left out."""
    columns = (
        "items.id, path, code, substr(items.sort, 1, 10), title, unit, category, kind, stage, doc_number, status, "
        "summary, data, public_until IS NOT NULL AND public_until < '" + view.today.isoformat() + "'"
    )
    bodies = _Bodies(view.reader)
    for row in _rows(view, tier, columns, "items.id"):
        if only is not None and row[2] not in only:
            continue
        number, path, code, day, title, unit, category, kind, stage, doc_number, status, summary, data, ended = row
        keys = json.loads(data)
        numbers = [code, *keys.get("legacy_codes", ())]
        if doc_number and doc_number != "无":
            numbers.append(doc_number)
        typed = summary if keys.get("summary") else ""
        body = "" if ended else bodies.of(number, path)
        yield Entry(
            code=code,
            day=day_number(date.fromisoformat(day)),
            unit=unit,
            category=category,
            kind=kind,
            topic=keys.get("topic") or "",
            stage=stage or "",
            status=status or "",
            title=title,
            summary=shown_summary(summary),
            text=pack(title, numbers, keys.get("keywords", ()), typed, body),
        )


class _Bodies:
    """Bodies of items asked for in the order of their numbers: from the spill, a chunk at a time, or read anew."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._first = 0
        self._chunk: list[Any] = []

    def of(self, number: int, path: str) -> str:
        if self._reader.spill is None:
            return self._reader.body(path)[0]
        if not self._first <= number < self._first + len(self._chunk):
            self._first, self._chunk = self._reader.spilled(number)
        return str(self._chunk[number - self._first][0])
