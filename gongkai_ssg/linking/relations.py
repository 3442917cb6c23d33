"""Relations between items, both ways, and links from bodies to items."""

from __future__ import annotations

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.codes import code_key
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.store.store import Store

_SIMILAR = 2000


def resolve_relations(store: Store) -> None:
    """Fill ``relations.target``, of all relations or of those that name an item in the scope, as it is or was."""
    found = (
        "(SELECT id FROM items WHERE items.code_key = relations.code_key "
        "ORDER BY held IS NOT NULL, substr(sort, 1, 19), path LIMIT 1)"
    )
    if not store.scoped:
        store.db.execute(f"UPDATE relations SET target = {found} WHERE code_key IS NOT NULL")
        return
    rows = store.rows(
        f"SELECT rowid, {found} FROM relations WHERE code_key IN (SELECT code_key FROM items WHERE id IN "
        "(SELECT id FROM temp.scope) UNION SELECT code_key FROM temp.was) OR (code_key IS NOT NULL AND item IN "
        "(SELECT id FROM temp.scope))"
    ).fetchall()
    store.db.executemany(
        "UPDATE relations SET target = ? WHERE rowid = ? AND target IS NOT ?", [(to, row, to) for row, to in rows]
    )


def check_relations(store: Store, findings: Findings) -> None:
    """Relations that lead nowhere, or to what is not published."""
    nowhere = store.rows(
        "SELECT path, items.code, relations.code, relations.kind, line, column FROM relations "
        "JOIN items ON items.id = relations.item WHERE data IS NOT NULL AND relations.code_key IS NOT NULL AND target IS NULL"
    ).fetchall()
    for path, own, code, kind, line, column in nowhere:
        name = chinese_names(Item.model_fields[kind])[0]
        params = {"code": code, "key": name, "guess": _similar(store, code, own)}
        findings.add(Finding("GK200", path, line, column, params))
    unpublished = store.rows(
        "SELECT source.path, relations.code, relations.line, relations.column, target.held FROM items AS target "
        "JOIN relations ON relations.target = target.id JOIN items AS source ON source.id = relations.item "
        "WHERE target.held IS NOT NULL AND source.data IS NOT NULL AND relations.code_key IS NOT NULL"
    ).fetchall()
    for path, code, line, column, held in unpublished:
        findings.add(Finding("GK211", path, line, column, {"target": code, "hint": held}))


def resolve_item_links(store: Store, findings: Findings) -> None:
    """Links from bodies to items and standing pages, by code or by the path of their source.

    In a scope: what names something in it, as it is or was, and what led nowhere.
    """
    named = (
        "OR key IN (SELECT code_key FROM items WHERE id IN (SELECT id FROM temp.scope) UNION SELECT code_key FROM temp.was "
        "UNION SELECT path_key FROM items WHERE id IN (SELECT id FROM temp.scope) UNION SELECT path_key FROM temp.was)"
    )
    rows = store.rows(
        "SELECT links.rowid, items.path, links.kind, target, key, line, column, address FROM links "
        "JOIN items ON items.id = links.item WHERE items.data IS NOT NULL AND links.kind IN ('item', 'source') "
        f"AND target <> '' AND (address IS NULL {named if store.scoped else ''})"
    ).fetchall()
    for row, path, kind, target, key, line, column, before in rows:
        address, finding = item_address(store, path, kind, target, key, (line, column))
        if finding:
            findings.add(finding)
        if address != before:
            store.db.execute("UPDATE links SET address = ? WHERE rowid = ?", (address, row))


def item_address(
    store: Store, path: str, kind: str, target: str, key: str | None, place: tuple[int, int]
) -> tuple[str | None, Finding | None]:
    """The page of the item that a text links to, by code or by the path of its source; or what is wrong."""
    column = "code_key" if kind == "item" else "path_key"
    found = store.rows(
        f"SELECT code, held FROM items WHERE {column} = ? ORDER BY held IS NOT NULL, path LIMIT 1", key
    ).fetchone()
    if found is None:
        params = {"target": target, "guess": _similar(store, target) if kind == "item" else "", "hint": kind}
        return None, Finding("GK202", path, *place, params)
    code, held = found
    if held is not None:
        return None, Finding("GK211", path, *place, {"target": target, "hint": held})
    return f"items/{code}.html", None


def _similar(store: Store, code: str, besides: str = "") -> str:
    """A code like this one, among those that begin alike."""
    prefix = code_key(code)[: max(4, len(code) - 5)]
    rows = store.rows(
        "SELECT code FROM items WHERE code_key >= ? AND code_key < ? LIMIT ?", prefix, prefix + "\U0010ffff", _SIMILAR
    )
    return guess(code, [row[0] for row in rows if row[0] != besides])
