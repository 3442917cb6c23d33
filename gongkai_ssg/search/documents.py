"""What a tier tells of its items besides terms: who and what they are, in the order of their numbers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from gongkai_ssg.search.entry import Entry, year_of
from gongkai_ssg.search.layout import ALPHABET, Layout
from gongkai_ssg.search.shards import script
from gongkai_ssg.search.tiers import Tier

LAPSED = ("失效", "废止")

File = tuple[str, bytes]
"""An address below ``search/`` and what stands there."""


def stamp_of(codes: Iterable[str], layout: Layout) -> str:
    """The stamp of a tier: other items, another order or other shards, another stamp."""
    return hashlib.sha256("\n".join((*codes, layout.written())).encode()).hexdigest()[:8]


def facet_files(tier: Tier, stamp: str, entries: Sequence[Entry]) -> Iterator[File]:
    """The files that tell what filters and orders see of the items, besides the cells, which stand in the index."""
    yield f"{tier.name}/days.js", script(f"{tier.name}/days", stamp, "".join(_day(entry) for entry in entries))
    yield f"{tier.name}/more.js", script(f"{tier.name}/more", stamp, _more(entries))


def document_block(tier: Tier, stamp: str, entries: Sequence[Entry], number: int) -> File:
    """One file of what hits show."""
    name = f"{tier.name}/d{number}"
    return f"{name}.js", script(name, stamp, [shown_row(entry) for entry in entries])


def shown_row(entry: Entry) -> list[str]:
    """What hits show of one item."""
    return [entry.code, entry.title, _day(entry), entry.kind, entry.status, entry.summary]


def _day(entry: Entry) -> str:
    """The day in its year, from 0, as two characters."""
    of_year = entry.day - _new_year(year_of(entry.day))
    return ALPHABET[of_year >> 6] + ALPHABET[of_year & 63]


def _new_year(year: int) -> int:
    """January 1st as days since 1970-01-01."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 - 719162


Cell = tuple[int, str, str]
"""A year, a category, a unit."""


def cell_of(entry: Entry) -> Cell:
    """The cell that an item belongs to."""
    return year_of(entry.day), entry.category, entry.unit


def cells(of: Sequence[Cell], statuses: Iterable[str | None]) -> dict[str, object]:
    """How many items each cell has: as items are numbered in that order, it tells those of each.

    The years of a category and unit stand together: they are alike, which a packing host likes.

    :param of: the cell of each item, in the order of their numbers.
    :param statuses: the status of each.
    """
    counts = Counter(of)
    years = sorted({year for year, *_ in counts})
    categories = sorted({category for _, category, _ in counts})
    units = sorted({unit for *_, unit in counts})
    text = "".join(_count(counts[year, category, unit]) for category in categories for unit in units for year in years)
    lapsed = [number for number, status in enumerate(statuses) if status in LAPSED]
    return {"years": years, "categories": categories, "units": units, "counts": text, "lapsed": _gaps(lapsed)}


def _count(count: int) -> str:
    return ALPHABET[count] if count < 63 else f"_{count}."


def _gaps(numbers: Sequence[int]) -> list[int]:
    return [number - before for before, number in zip((0, *numbers), numbers, strict=False)]


_MORE: dict[str, Callable[[Entry], str]] = {
    "status": lambda entry: entry.status,
    "kind": lambda entry: entry.kind,
    "topic": lambda entry: entry.topic,
    "stage": lambda entry: entry.stage,
}


def _more(entries: Sequence[Entry]) -> dict[str, object]:
    """The filters that are seldom opened: for each its values, and runs of (value, how many)."""
    found: dict[str, object] = {}
    for name, value_of in _MORE.items():
        values = [value_of(entry) for entry in entries]
        table = sorted(set(values))
        place = {value: number for number, value in enumerate(table)}
        runs = [number for value, run in groupby(values) for number in (place[value], sum(1 for _ in run))]
        found[name] = {"values": table, "runs": runs}
    return found
