"""Codes and old addresses: no two things may stand at one address."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Any

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.units import Units
from gongkai_ssg.reading.chunks import alias_row
from gongkai_ssg.reading.sitefiles import OldAddress
from gongkai_ssg.rules.addresses import address_key, unsafe_alias
from gongkai_ssg.store.store import Store

_OURS = ("apply/", "years/", "topics/", "policies/", "guides/", "reports/", "data/", "assets/", "search/")
_OUR_FILES = {
    "index.html", "404.html", "sitemap.html", "search.html", "apply.html", "today.css", "items/index.html",
    "catalog/index.html", "units/index.html", "feed.xml", "sitemap.xml", "robots.txt", "_headers",
}  # fmt: skip


def check_codes(store: Store, findings: Findings) -> None:
    """Of two items with one code the later by date, then by path, is left out."""
    doubles = store.rows(
        "SELECT code_key FROM items WHERE data IS NOT NULL "
        + (
            "AND code_key IN (SELECT code_key FROM items WHERE id IN (SELECT id FROM temp.scope)) "
            if store.scoped
            else ""
        )
        + "GROUP BY code_key HAVING count(*) > 1"
    ).fetchall()
    for (key,) in doubles:
        rows = store.rows(
            "SELECT id, path, code, code_line, code_column FROM items WHERE code_key = ? AND data IS NOT NULL "
            "ORDER BY substr(sort, 1, 19), path", key
        ).fetchall()  # fmt: skip
        _, first, *_ = rows[0]
        for item, path, code, line, column in rows[1:]:
            leave_out(store, item, "duplicate")
            findings.add(Finding("GK112", path, line, column, {"code": code, "other": first}))


def leave_out(store: Store, item: int, why: str) -> None:
    """An item is broken for a reason that reading alone can't see."""
    store.db.execute("UPDATE items SET held = ?, data = NULL, fault = 1 WHERE id = ?", (why, item))


def check_aliases(
    store: Store, units: Units, catalog: Catalog, old_addresses: Iterable[OldAddress], findings: Findings
) -> None:
    """Old addresses of items, units and categories: none may clash with a page or with another.

    The site's own come first, then items by date, then by path; an item whose old address is taken is left out.
    """
    waiting: list[tuple[str, str, int]] = []
    for old in old_addresses:
        row = alias_row(old.address, old.target, None, old.path, (old.line, old.column))
        reason = unsafe_alias(old.address)
        rivals = [] if reason else _rivals(store, row[1], bool(row[7]))
        if not reason and (_is_page(row[0], store, units, catalog) or any(rival[2] is None for rival in rivals)):
            reason = "clash"
        if reason:
            findings.add(Finding("GK019", old.path, old.line, old.column, {"value": old.address, "hint": reason}))
        else:
            store.insert("aliases", [row])
            waiting.extend((moment, path, item) for _, path, item, moment in rivals if item is not None)
    # Only an old address below items/ can clash with a code, whichever item it belongs to.
    waiting += store.rows(
        "SELECT DISTINCT substr(sort, 1, 19), items.path, items.id FROM aliases JOIN items ON items.id = aliases.item "
        f"WHERE items.data IS NOT NULL {store.among('items.id')} UNION "
        "SELECT DISTINCT substr(sort, 1, 19), items.path, items.id FROM aliases JOIN items ON items.id = aliases.item "
        "WHERE items.data IS NOT NULL AND aliases.key >= 'items/' AND aliases.key < 'items0'"
    ).fetchall()
    heapify(waiting)
    seen: set[int] = set()
    while waiting:
        moment, path, item = heappop(waiting)
        if item in seen:
            continue
        seen.add(item)
        found = _check_item(store, units, catalog, item, (moment, path), waiting)
        if found:
            findings.add(Finding("GK130", path, *found[0], found[1]))
            leave_out(store, item, "broken")


def _check_item(
    store: Store, units: Units, catalog: Catalog, item: int, order: tuple[str, str], waiting: list[Any]
) -> tuple[tuple[int, int], dict[str, Any]] | None:
    """What is wrong with an item's old addresses, if anything; later items that must give way are to be looked at."""
    rows = store.rows(
        "SELECT rowid, address, key, deep, line, column FROM aliases WHERE item = ? ORDER BY rowid", item
    ).fetchall()
    later: list[tuple[str, str, int]] = []
    for row, address, key, deep, line, column in rows:
        if _is_page(address, store, units, catalog):
            return (line, column), {"value": address, "other": "", "hint": "page"}
        for rival, rival_path, other, moment in _rivals(store, key, bool(deep)):
            if rival == row:
                continue
            if other is None or (other == item and rival < row) or (other != item and (moment, rival_path) < order):
                return (line, column), {"value": address, "other": rival_path, "hint": "alias"}
            if other != item:
                later.append((moment, rival_path, other))
    for each in later:
        heappush(waiting, each)
    return None


def _rivals(store: Store, key: str, deep: bool) -> list[tuple[int, str, int | None, str]]:
    """Other old addresses that can't stand beside one: row, path, item, when it was published."""
    query = (
        "SELECT aliases.rowid, aliases.path, aliases.item, coalesce(substr(items.sort, 1, 19), '') FROM aliases "
        "LEFT JOIN items ON items.id = aliases.item WHERE (aliases.item IS NULL OR items.data IS NOT NULL) AND "
    )
    found = store.rows(f"{query} aliases.key = ?", key).fetchall()
    found += store.rows(
        f"{query} aliases.deep AND aliases.key >= ? AND aliases.key < ?", f"{key}/", f"{key}0"
    ).fetchall()
    if deep:
        parts = key.split("/")
        for depth in range(1, len(parts)):
            found += store.rows(f"{query} aliases.key = ?", "/".join(parts[:depth])).fetchall()
    return found


def _is_page(file: str, store: Store, units: Units, catalog: Catalog) -> bool:
    """Whether the site itself puts something at this address, or may, or has a file where it needs a folder."""
    parts = address_key(file).split("/")
    return any(
        _is_ours("/".join(parts[:depth]), store, units, catalog, whole=depth == len(parts))
        for depth in range(1, len(parts) + 1)
    )


def _is_ours(key: str, store: Store, units: Units, catalog: Catalog, whole: bool) -> bool:
    first, _, rest = key.partition("/")
    if key in _OUR_FILES or (first.startswith("sitemap-") and not rest and first.endswith(".xml")):
        return True
    if first == "items" and rest:
        code = rest.removesuffix(".html")
        return (whole or rest.endswith(".html")) and any(
            store.value("SELECT 1 FROM items WHERE code_key = ? AND data IS NOT NULL", code.rsplit("/", depth)[0])
            for depth in range(code.count("/") + 1)
        )
    if not whole:
        return False
    if key.startswith(_OURS):
        return True
    if first == "units":
        return rest.partition("/")[0] in units.by_id
    if first == "catalog":
        return any(
            rest == f"{path}/index.html"
            or rest.startswith(f"{path}/index.html/")
            or (rest.startswith(f"{path}/") and _is_year(rest[len(path) + 1 :]))
            for path in catalog.by_path
        )
    return False


def _is_year(rest: str) -> bool:
    return rest.partition("/")[0].isdigit()
