"""Codes and old addresses: no two things may stand at one address."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.units import Units
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
    store.db.execute("CREATE INDEX items_by_code_now ON items (code_key)")
    doubles = store.rows(
        "SELECT code_key FROM items WHERE data IS NOT NULL GROUP BY code_key HAVING count(*) > 1"
    ).fetchall()
    for (key,) in doubles:
        rows = store.rows(
            "SELECT id, path, code, code_line, code_column FROM items WHERE code_key = ? AND data IS NOT NULL "
            "ORDER BY substr(sort, 1, 19), path", key
        ).fetchall()  # fmt: skip
        _, first, *_ = rows[0]
        for item, path, code, line, column in rows[1:]:
            store.db.execute("UPDATE items SET held = 'duplicate', data = NULL WHERE id = ?", (item,))
            findings.add(Finding("GK112", path, line, column, {"code": code, "other": first}))


def check_aliases(
    store: Store, units: Units, catalog: Catalog, old_addresses: Iterable[OldAddress], findings: Findings
) -> None:
    """Old addresses of items, units and categories: none may clash with a page or with another."""
    taken: dict[str, str] = {}
    folders: set[str] = set()
    for old in old_addresses:
        file = _file(old.address)
        reason = unsafe_alias(old.address)
        if not reason and (_is_page(file, store, units, catalog) or _taken(file, taken, folders)):
            reason = "clash"
        if reason:
            findings.add(Finding("GK019", old.path, old.line, old.column, {"value": old.address, "hint": reason}))
            continue
        _take(file, taken, folders, old.path)
        store.insert("aliases", [(file, old.target, None, old.path, old.line, old.column)])
    rows = store.rows(
        "SELECT aliases.rowid, address, aliases.item, items.path, aliases.line, aliases.column FROM aliases "
        "JOIN items ON items.id = aliases.item WHERE items.data IS NOT NULL "
        "ORDER BY substr(items.sort, 1, 19), items.path, aliases.rowid"
    ).fetchall()
    for row, address, item, path, line, column in rows:
        file = _file(address)
        if _is_page(file, store, units, catalog) or _taken(file, taken, folders):
            other = taken.get(address_key(file), "")
            params = {"value": address, "other": other, "hint": "alias" if other else "page"}
            findings.add(Finding("GK130", path, line, column, params))
            store.db.execute("UPDATE items SET held = 'broken', data = NULL WHERE id = ?", (item,))
            continue
        _take(file, taken, folders, path)
        store.db.execute("UPDATE aliases SET address = ? WHERE rowid = ?", (file, row))


def _file(alias: str) -> str:
    """The file that serves an old address."""
    address = alias.strip().lstrip("/")
    return address + "index.html" if address.endswith("/") else address


def _taken(file: str, taken: dict[str, str], folders: set[str]) -> bool:
    key = address_key(file)
    parts = key.split("/")
    return key in taken or key in folders or any("/".join(parts[:depth]) in taken for depth in range(1, len(parts)))


def _take(file: str, taken: dict[str, str], folders: set[str], path: str) -> None:
    key = address_key(file)
    parts = key.split("/")
    taken[key] = path
    folders.update("/".join(parts[:depth]) for depth in range(1, len(parts)))


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
