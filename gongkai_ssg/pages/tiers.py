"""The index of full-text search: what is planned for each of its tiers.

The store keeps the tiers of the last build with their shapes (``search``), so that a build knows which of them begin or
end elsewhere. A tier whose numbering stands is mended, any other is made anew, from texts that are kept: no source is
read for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from gongkai_ssg.linking.changes import Changes, Reason, Row
from gongkai_ssg.pages.page import Output, Plain, PreparedPlanner
from gongkai_ssg.pages.view import View
from gongkai_ssg.search.tiers import Tier, day_number, tiers

BLOCKS = 128
"""So many files of what hits show are one key."""

_MEND = 200
"""Where more than one item in so many changed, a tier is made anew; one alone is always mended."""

_WHY = Reason("list", "all")


class SearchTiers(PreparedPlanner):
    """``search/index.js`` and ``search/<tier>/…``.

    Keys: ``index``; of each tier ``first|end|items|hot|`` and ``c`` for its facets, ``d<n>`` for a run of what hits show,
    ``t<n>`` for a part of its terms. A change that leaves numbers as they are is planned as ``mend|…`` and gives only the
    files that differ, each under the key that it has anyway.
    """

    name = "tiers"
    styled = False

    def keys(self, view: View) -> Iterator[str]:
        """The key of the index, then those of each tier."""
        if view.config.search:
            yield "index"
            for tier in _tiers(view):
                yield from _keys_of(tier)

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Tiers that begin or end elsewhere now, hold something else, or something that changed; the index for names too."""
        if not view.config.search:
            return
        if changes.site or changes.units or changes.categories:
            yield "index", Reason("site" if changes.site else "units")
        if not (changes.searched or changes.day):
            return
        before = kept_shapes(view)
        counted = changes.day or any(year.moved is not None for year in changes.lists.get("all", {}).values())
        now = {key_of(tier): tier for tier in (_tiers(view) if counted else map(tier_of, before))}
        mended, moved = _compared(changes.searched)
        anew = {key for key, tier in now.items() if key not in before or any(_holds(tier, day) for day in moved)}
        yield from ((key, _WHY) for gone in sorted(before.keys() - now.keys()) for key in _keys_of(tier_of(gone)))
        for key, tier in now.items():
            inside = [each for each in mended if _holds(tier, each.day)]
            if key in anew or len(inside) > max(1, tier.items // _MEND) or _reshaped(view, tier, before[key], inside):
                anew.add(key)
                yield from ((each, _WHY) for each in _keys_of(tier))
            elif inside:
                why = Reason("source", inside[0].path) if len(inside) == 1 else _WHY
                yield f"mend|{key}|{json.dumps([each.told for each in inside], ensure_ascii=False)}", why
                if any(each.facets for each in inside):
                    yield f"{key}|c", why
                    yield "index", why
        if anew or before.keys() != now.keys():
            yield "index", _WHY

    def preparations(self, view: View, keys: Sequence[str]) -> Iterator[str]:
        """The order and cells of each tier that is made, once for all; its texts cut, a run a key."""
        from gongkai_ssg.pages.tierfiles import cells_of, write_order
        from gongkai_ssg.search.index import RUN

        parts = [key.rpartition("|") for key in keys if not key.startswith("mend|")]
        planned = {name for name, _, part in parts if part > "c"}
        filtered = {name for name, _, part in parts if part == "c"} - planned
        shapes = kept_shapes(view)
        now = [key_of(tier) for tier in _tiers(view)] if planned or "index" in keys else list(shapes)
        fresh, facets = {}, kept_cells(view)
        for key in now:
            if key in planned:
                fresh[key], facets[key] = write_order(view, tier_of(key))
            elif key in filtered:
                facets[key] = cells_of(view, tier_of(key))
        view.store.put("search", json.dumps({key: fresh.get(key) or shapes[key] for key in now}))
        view.store.put("search_cells", json.dumps({key: facets[key] for key in now}))
        for key in fresh:
            if any(each.startswith(f"{key}|t") for each in keys):
                yield from (f"{key}|{first}" for first in range(0, tier_of(key).items, RUN))

    def prepare(self, view: View, key: str) -> None:
        """Cut the texts of one run."""
        from gongkai_ssg.pages.tierfiles import cut_run

        name, _, first = key.rpartition("|")
        cut_run(view, tier_of(name), kept_shapes(view)[name], int(first))

    def batch(self, view: View, keys: Sequence[str]) -> Iterator[tuple[str, Output]]:
        """The files of some keys; mended ones with the keys they belong to."""
        for key in keys:
            if key.startswith("mend|"):
                yield from _mended(view, key)
            else:
                for page in self.pages(view, key):
                    yield key, page

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The files of one key; none of a tier that is no more."""
        from gongkai_ssg.pages.tierfiles import files_of, index

        shapes = kept_shapes(view)
        if key == "index":
            yield from _plain([index(view, {tier_of(each): shape for each, shape in shapes.items()})])
            return
        name, _, what = key.rpartition("|")
        if name in shapes:
            yield from _plain(files_of(view, tier_of(name), shapes[name], what))


def _mended(view: View, key: str) -> Iterator[tuple[str, Output]]:
    """The files of a tier that differ; all of them, where one is not what the last build wrote."""
    from gongkai_ssg.pages.tierfiles import all_files, mended_files

    _, *words, told = key.split("|", 5)
    name = "|".join(words)
    tier = tier_of(name)
    try:
        files = list(mended_files(view, tier, kept_shapes(view)[name], json.loads(told)))
    except (OSError, ValueError):
        files = list(all_files(view, tier, kept_shapes(view)[name]))
    for (address, data), what in files:
        yield f"{name}|{what}", Plain(f"search/{address}", data)


def _plain(files: Any) -> Iterator[Plain]:
    return (Plain(f"search/{name}", data) for name, data in files)


class _Edit(NamedTuple):
    """An item that stays where it is in its tier, and is another.

    :ivar told: its number in the store; its old title; what it was found by: digest, file, offset, length, or nothing.
    :ivar facets: whether what filters see of it changed.
    """

    day: int
    path: str
    told: list[Any]
    facets: bool


def _compared(pairs: Sequence[tuple[Row | None, Row | None]]) -> tuple[list[_Edit], set[int]]:
    """Items that stay in their places, and the days of those that come, go or move."""
    olds = {_place(old): old for old, _ in pairs if old is not None}
    news = {_place(new): new for _, new in pairs if new is not None}
    edits = []
    for place in sorted(olds.keys() & news.keys()):
        old, new = olds[place], news[place]
        facets = any(old[name] != new[name] for name in ("status", "kind", "stage")) or _topic(old) != _topic(new)
        if facets or any(old[name] != new[name] for name in ("title", "summary", "text_digest")):
            kept = [old["text_digest"].hex(), *(old[f"text_{name}"] for name in ("file", "offset", "length"))] if old["text_digest"] else None  # fmt: skip
            edits.append(_Edit(_day(place[0]), new["path"], [new["id"], old["title"], kept], facets))
    return edits, {_day(day) for day, *_ in olds.keys() ^ news.keys()}


def _reshaped(view: View, tier: Tier, shape: Shape, edits: Sequence[_Edit]) -> bool:
    """Whether other terms have shards of their own now."""
    if not edits or not tier.sample:
        return False
    from gongkai_ssg.pages.tierfiles import is_reshaped

    return is_reshaped(view, tier, shape, [each.told[0] for each in edits])


def _place(row: Row) -> tuple[str, str, str, str]:
    return row["sort"][:10], row["category"], row["unit"], row["code"]


def _topic(row: Row) -> str | None:
    topic: str | None = json.loads(row["data"]).get("topic")
    return topic


def _day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def _holds(tier: Tier, day: int) -> bool:
    return tier.first <= day < tier.end


def _tiers(view: View) -> list[Tier]:
    rows = view.store.rows(
        "SELECT substr(sort, 1, 10), count(*) FROM lists WHERE list = ? GROUP BY 1", view.list_number("all")
    )
    return tiers(day_number(view.today), {_day(day): count for day, count in rows})


class Shape(NamedTuple):
    """What a tier's texts decide.

    :ivar stamp: of its numbering and its shards.
    :ivar common: which terms have shards of their own, as the index has it.
    """

    stamp: str
    common: str


def kept_shapes(view: View) -> dict[str, Shape]:
    """The keys of the tiers that are there, the oldest first, with their shapes."""
    return {key: Shape(*shape) for key, shape in json.loads(view.store.get("search") or "{}").items()}


def kept_cells(view: View) -> dict[str, dict[str, object]]:
    """The keys of the tiers that are there, with their cells; see :func:`gongkai_ssg.search.documents.cells`."""
    found: dict[str, dict[str, object]] = json.loads(view.store.get("search_cells") or "{}")
    return found


def key_of(tier: Tier) -> str:
    """What a tier is, in one word."""
    return f"{tier.first}|{tier.end}|{tier.items}|{int(tier.hot)}"


def tier_of(key: str) -> Tier:
    """The tier of a key."""
    first, end, items, hot = map(int, key.split("|"))
    return Tier(first, end, items, hot == 1)


def parts_of(tier: Tier) -> Iterator[str]:
    """What a tier is made of: facets, runs of what hits show, parts of terms."""
    yield "c"
    yield from (f"d{number}" for number in range(-(-tier.items // (tier.block * BLOCKS))))
    yield from (f"t{number}" for number in range(tier.parts))


def _keys_of(tier: Tier) -> Iterator[str]:
    return (f"{key_of(tier)}|{part}" for part in parts_of(tier))
