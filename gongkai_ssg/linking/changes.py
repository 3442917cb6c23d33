"""What linking changed, as the pages see it: which items, which places of which lists, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gongkai_ssg.store.store import Store
from gongkai_ssg.store.tallies import count_change

_CARD = ("sort", "title", "code", "unit_name", "doc_number", "status")
_SUMMED = (*_CARD, "summary", "updated", "unit", "category", "kind", "stage", "formed", "data")
_LIBRARY = ("title", "code", "doc_number", "status", "in_library")


Row = dict[str, Any]
"""A row of the table of items, by column."""


class Reason(NamedTuple):
    """Why a page is made: a kind that the messages know, and what it is about."""

    kind: str
    about: str = ""


FIRST = Reason("first")


@dataclass(slots=True)
class YearChange:
    """What changed in one year of a list: from where on entries moved, which entries look different, how many came."""

    moved: str | None = None
    shown: set[str] = field(default_factory=set)
    grown: int = 0


@dataclass(slots=True)
class Changes:
    """Everything a planner needs to name the pages that must be made again.

    :ivar searched: how each item that changed was and is; None where it was not or is not to be found.
    """

    items: dict[int, Reason] = field(default_factory=dict)
    searched: list[tuple[Row | None, Row | None]] = field(default_factory=list)
    lists: dict[str, dict[str, YearChange]] = field(default_factory=dict)
    months: set[str] = field(default_factory=set)
    counted: bool = False
    numbered: bool = False
    copied: set[int] = field(default_factory=set)
    redirected: set[int] = field(default_factory=set)
    guides: bool = False
    lost_guides: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    site: bool = False
    day: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.items or self.lists or self.counted or self.copied or self.redirected or self.guides
            or self.units or self.categories or self.site or self.day
        )  # fmt: skip

    def toggled(self, view: Any, prefix: str = "") -> bool:
        """Whether a list whose name begins with ``prefix`` got its first entry, or lost its last."""
        for name, years in self.lists.items():
            now = view.count(name)
            if name.startswith(prefix) and (now == 0) != (now - sum(year.grown for year in years.values()) == 0):
                return True
        return False


def changes_in(store: Store, changes: Changes) -> Changes:
    """Add what the record of a scope tells; bring the counts up to date."""
    names = {number: name for name, number in store.rows("SELECT name, id FROM list_names")}
    _list_changes(store, changes, names)
    for before, after in _pairs(store):
        _item_change(store, changes, before, after)
    for (item,) in store.rows("SELECT item FROM temp.shown").fetchall():
        changes.items.setdefault(item, Reason("relation"))
    for item in list(changes.items):
        if store.value("SELECT 1 FROM items WHERE id = ?", item) is None and changes.items[item].kind == "relation":
            del changes.items[item]
    store.db.execute("DELETE FROM tallies WHERE count = 0")
    _neighbours(store, changes)
    return changes


def _list_changes(store: Store, changes: Changes, names: dict[int, str]) -> None:
    rows = store.rows(
        "SELECT list, sort, sum(change) FROM temp.listed GROUP BY list, sort, item HAVING sum(change) <> 0"
    ).fetchall()
    for number, sort, change in rows:
        year = _year(changes, names[number], sort)
        year.grown += change
        year.moved = sort if year.moved is None else min(year.moved, sort)
        changes.counted = True
    for number, name in names.items():
        for year_name, year in changes.lists.get(name, {}).items():
            store.db.execute(
                "INSERT INTO list_years VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (number, year_name, year.grown),
            )
    store.db.execute("DELETE FROM list_years WHERE count = 0")


def _year(changes: Changes, name: str, sort: str) -> YearChange:
    return changes.lists.setdefault(name, {}).setdefault(sort[:4], YearChange())


def _pairs(store: Store) -> list[tuple[Row | None, Row | None]]:
    """How each item that changed was and is; None where it was not there or is not."""
    columns = [name for _, name, *_ in store.rows("PRAGMA table_info(items)")]
    before = {row[0]: dict(zip(columns, row, strict=True)) for row in store.rows("SELECT * FROM temp.was")}
    came = {number for (number,) in store.rows("SELECT id FROM temp.scope WHERE came")}
    pairs: list[tuple[Row | None, Row | None]] = []
    for number in sorted(before.keys() | came):
        row = store.rows("SELECT * FROM items WHERE id = ?", number).fetchone()
        pairs.append((before.get(number), dict(zip(columns, row, strict=True)) if row else None))
    return pairs


def _item_change(store: Store, changes: Changes, before: Row | None, after: Row | None) -> None:
    old = before if before is not None and before["held"] is None else None
    new = after if after is not None and after["held"] is None else None
    row = new or old
    if row is None:
        return
    count_change(store, old, new)
    changes.searched.append((_if_found(old), _if_found(new)))
    number = row["id"]
    changes.items[number] = Reason("source", row["path"])
    changes.copied.add(number)
    changes.redirected.add(number)
    if _differ(old, new, (*_CARD, "formed", "withdrawn", "held")):
        others = store.rows(
            "SELECT item FROM relations WHERE target = ?1 UNION SELECT target FROM relations WHERE item = ?1 AND target IS NOT NULL",
            number,
        )
        for (other,) in others.fetchall():
            changes.items.setdefault(other, Reason("relation", row["path"]))
    if _differ(old, new, (*_SUMMED, "withdrawn")):
        changes.counted = True
        changes.months.update(each["sort"][:7] for each in (old, new) if each)
    if _differ(old, new, (*_LIBRARY, "withdrawn")) and any(each and each["in_library"] for each in (old, new)):
        changes.numbered = True
    if old is not None and new is not None and _differ(old, new, (*_CARD, "summary", "updated")):
        for name in _lists(new):
            _year(changes, name, new["sort"]).shown.add(new["sort"])


def _if_found(row: Row | None) -> Row | None:
    """A row that search is to find."""
    return None if row is None or row["withdrawn"] else row


def _lists(row: Row) -> list[str]:
    if row["withdrawn"]:
        return []
    return [*row["lists"].split(), *([f"library:{row['status']}"] if row["status"] else [])]


def _differ(old: Row | None, new: Row | None, columns: tuple[str, ...]) -> bool:
    if old is None or new is None:
        return old is not new
    return any(old[column] != new[column] for column in columns)


def _neighbours(store: Store, changes: Changes) -> None:
    """Pages name the item before and after theirs in their category."""
    for name, years in list(changes.lists.items()):
        if not name.startswith("category:"):
            continue
        number = store.list_number(name)
        touched = store.rows("SELECT DISTINCT sort FROM temp.listed WHERE list = ?", number).fetchall()
        places = {sort for (sort,) in touched} | {sort for year in years.values() for sort in year.shown}
        for sort in places:
            for query in (
                "SELECT item FROM lists WHERE list = ? AND sort < ? ORDER BY sort DESC LIMIT 1",
                "SELECT item FROM lists WHERE list = ? AND sort > ? ORDER BY sort LIMIT 1",
            ):
                found = store.value(query, number, sort)
                if found is not None:
                    changes.items.setdefault(found, Reason("neighbour", name))
