"""What planners see of the site: units, catalog, the day, and questions to the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from gongkai_ssg.config import Config
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.units import Units
from gongkai_ssg.reading.chunks import Reader
from gongkai_ssg.reading.guides import Guide
from gongkai_ssg.search.synonyms import Groups
from gongkai_ssg.store.store import Store

PAGE = 20
"""Items a page of a list."""

_CARD = "items.title, items.code, substr(items.sort, 1, 10), items.unit_name, items.doc_number, items.status"


class Card(NamedTuple):
    """An item as lists show it."""

    title: str
    code: str
    day: str
    unit: str
    doc_number: str | None
    status: str | None

    @property
    def address(self) -> str:
        """Its page."""
        return f"items/{self.code}.html"


Neighbour = dict[str, str | None] | None
"""What a page tells of the item before or after its own."""


@dataclass
class View:
    """The site on one day.

    :ivar output: the folder that holds what the last build wrote, until this one is done.
    :ivar scratch: a folder for what preparations leave for pages; None where nothing is prepared.
    """

    config: Config
    units: Units
    catalog: Catalog
    guides: Sequence[Guide]
    today: date
    store: Store
    reader: Reader
    output: Path
    assets: Mapping[str, str]
    synonyms: Groups
    scratch: Path | None = None
    _lists: dict[str, int] | None = field(default=None, repr=False)
    _totals: dict[int, int] = field(default_factory=dict, repr=False)
    _ended: tuple[str, str, int, str] = field(default=("", "", 0, ""), repr=False)

    @property
    def root(self) -> Path:
        """The folder that the paths of sources begin from."""
        return self.reader.root

    def list_number(self, name: str) -> int:
        """The number of a list; 0 for one that holds nothing."""
        if self._lists is None:
            rows = self.store.rows(
                "SELECT name, id, sum(count) FROM list_names JOIN list_years ON list = id GROUP BY id"
            ).fetchall()
            self._lists = {name: number for name, number, _ in rows}
            self._totals = {number: total for _, number, total in rows}
        return self._lists.get(name, 0)

    def has(self, name: str) -> bool:
        """Whether a list holds anything."""
        return self.list_number(name) > 0

    def lists(self, prefix: str) -> list[str]:
        """The names of all lists that hold something and begin with ``prefix``."""
        self.list_number("")
        return sorted(name for name in self._lists or () if name.startswith(prefix))

    def years(self, name: str) -> list[tuple[str, int]]:
        """The years of a list, the oldest first, with how many items each has."""
        number = self.list_number(name)
        return list(self.store.rows("SELECT year, count FROM list_years WHERE list = ? ORDER BY year", number))

    def count(self, name: str) -> int:
        """How many items a list holds."""
        number = self.list_number(name)  # fills the totals
        return self._totals.get(number, 0)

    def newest(self, name: str, limit: int) -> list[Card]:
        """The newest items of a list, the newest first."""
        rows = self.store.rows(
            f"SELECT {_CARD} FROM lists JOIN items ON items.id = lists.item WHERE list = ? ORDER BY lists.sort DESC LIMIT ?",
            self.list_number(name), limit
        )  # fmt: skip
        return [Card(*row) for row in rows]

    def newest_of_year(self, name: str, year: str, limit: int) -> list[Card]:
        """The newest items of a list in a year, the newest first."""
        rows = self.store.rows(
            f"SELECT {_CARD} FROM lists JOIN items ON items.id = lists.item "
            "WHERE list = ? AND lists.sort >= ? AND lists.sort < ? ORDER BY lists.sort DESC LIMIT ?",
            self.list_number(name), year, f"{year}~", limit
        )  # fmt: skip
        return [Card(*row) for row in rows]

    def of_year(self, name: str, year: str, page: int) -> list[Card]:
        """One page of the items of a list in a year, the oldest first, and the item after them if there is one.

        Pages are mostly asked for one after another: where the last one ended is kept, since counting off takes time.
        """
        went_on = self._ended[:3] == (name, year, page)
        rows = self.store.rows(
            f"SELECT {_CARD}, page.sort FROM (SELECT item, sort FROM lists WHERE list = ? AND sort > ? AND sort < ? "
            "ORDER BY sort LIMIT ? OFFSET ?) AS page JOIN items ON items.id = page.item ORDER BY page.sort",
            self.list_number(name), self._ended[3] if went_on else year, f"{year}~", PAGE + 1,
            0 if went_on else (page - 1) * PAGE
        ).fetchall()  # fmt: skip
        if len(rows) > PAGE:
            self._ended = (name, year, page + 1, rows[PAGE - 1][-1])
        return [Card(*row[:-1]) for row in rows]

    def rank(self, name: str, year: str, sort: str) -> int:
        """How many items of a year of a list come before a place."""
        return int(
            self.store.value(
                "SELECT count(*) FROM lists WHERE list = ? AND sort >= ? AND sort < ?",
                self.list_number(name), year, sort
            )
        )  # fmt: skip

    def items_in(self, name: str) -> Iterator[int]:
        """The numbers of all items of a list."""
        return (item for (item,) in self.store.rows("SELECT item FROM lists WHERE list = ?", self.list_number(name)))

    def months(self, name: str, year: str) -> list[tuple[str, int]]:
        """The months of a list in a year, the oldest first, with how many items each has."""
        rows = self.store.rows(
            "SELECT substr(sort, 6, 2), count(*) FROM lists WHERE list = ? AND sort >= ? AND sort < ? GROUP BY 1 ORDER BY 1",
            self.list_number(name), year, f"{year}~"
        )  # fmt: skip
        return list(rows)

    def neighbours(self, first: int, last: int) -> dict[int, tuple[Neighbour, Neighbour]]:
        """Of the items with numbers in a row, those before and after them in their categories: title and code, or nothing."""
        rows = self.store.rows(
            "SELECT items.id, older.title, older.code, newer.title, newer.code "
            "FROM items JOIN list_names ON name = 'category:' || items.category "
            "LEFT JOIN items AS older ON older.id = "
            "(SELECT item FROM lists WHERE list = list_names.id AND sort < items.sort ORDER BY sort DESC LIMIT 1) "
            "LEFT JOIN items AS newer ON newer.id = "
            "(SELECT item FROM lists WHERE list = list_names.id AND sort > items.sort ORDER BY sort LIMIT 1) "
            "WHERE items.id BETWEEN ? AND ?", first, last
        )  # fmt: skip
        return {item: (_neighbour(*ends[:2]), _neighbour(*ends[2:])) for item, *ends in rows}


def _neighbour(title: str | None, code: str | None) -> Neighbour:
    return {"title": title, "code": code} if code is not None else None
