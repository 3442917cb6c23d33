"""Relations between items, both ways, and links from bodies to items."""

from __future__ import annotations

import posixpath
import unicodedata

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.codes import code_key
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.store.store import Store

_SIMILAR = 2000


def resolve_relations(store: Store) -> None:
    """Fill ``relations.target``; the index lets both ends be asked for."""
    store.db.execute(
        "UPDATE relations SET target = (SELECT id FROM items WHERE items.code_key = relations.code_key "
        "ORDER BY held IS NOT NULL, id LIMIT 1) WHERE code_key IS NOT NULL"
    )
    store.db.execute("CREATE INDEX relations_by_target_now ON relations (target)")


def check_relations(store: Store, findings: Findings) -> None:
    """Relations that lead nowhere, or to what is not published."""
    rows = store.rows(
        "SELECT source.path, source.code, relations.code, relations.kind, relations.line, relations.column, target.held, target.id FROM relations "
        "JOIN items AS source ON source.id = relations.item LEFT JOIN items AS target ON target.id = relations.target "
        "WHERE source.data IS NOT NULL AND relations.code_key IS NOT NULL AND (target.id IS NULL OR target.held IS NOT NULL)"
    ).fetchall()
    for path, own, code, kind, line, column, held, target in rows:
        if target is None:
            findings.add(
                Finding(
                    "GK200",
                    path,
                    line,
                    column,
                    {
                        "code": code,
                        "key": chinese_names(Item.model_fields[kind])[0],
                        "guess": _similar(store, code, own),
                    },
                )
            )
        else:
            findings.add(Finding("GK211", path, line, column, {"target": code, "hint": held}))


def resolve_item_links(store: Store, findings: Findings) -> None:
    """Links from bodies to items, by code or by the path of their source."""
    store.db.execute("CREATE INDEX items_by_path_now ON items (path)")
    rows = store.rows(
        "SELECT links.rowid, items.path, links.kind, target, line, column FROM links "
        "JOIN items ON items.id = links.item WHERE items.data IS NOT NULL AND links.kind IN ('item', 'source') AND target <> ''"
    ).fetchall()
    for row, path, kind, target, line, column in rows:
        address, finding = item_address(store, path, kind, target, (line, column))
        if finding:
            findings.add(finding)
        store.db.execute("UPDATE links SET address = ? WHERE rowid = ?", (address, row))


def item_address(
    store: Store, path: str, kind: str, target: str, place: tuple[int, int]
) -> tuple[str | None, Finding | None]:
    """The page of the item that a body links to, by code or by the path of its source; or what is wrong."""
    if kind == "item":
        found = _by_code(store, target)
        similar = "" if found else _similar(store, target)
    else:
        found = _by_path(store, posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        similar = ""
    if found is None:
        return None, Finding("GK202", path, *place, {"target": target, "guess": similar, "hint": kind})
    code, held = found
    if held is not None:
        return None, Finding("GK211", path, *place, {"target": target, "hint": held})
    return f"items/{code}.html", None


def _by_code(store: Store, code: str) -> tuple[str, str | None] | None:
    rows = store.rows(
        "SELECT code, held FROM items WHERE code_key = ? ORDER BY held IS NOT NULL LIMIT 1", code_key(code)
    )
    row = rows.fetchone()
    return (row[0], row[1]) if row else None


def _by_path(store: Store, path: str) -> tuple[str, str | None] | None:
    for form in (path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)):
        rows = store.rows("SELECT code, held FROM items WHERE path = ?", form)
        row = rows.fetchone()
        if row:
            return row[0], row[1]
    return None


def _similar(store: Store, code: str, besides: str = "") -> str:
    """A code like this one, among those that begin alike."""
    prefix = code_key(code)[: max(4, len(code) - 5)]
    rows = store.rows(
        "SELECT code FROM items WHERE code_key >= ? AND code_key < ? LIMIT ?", prefix, prefix + "\U0010ffff", _SIMILAR
    )
    return guess(code, [row[0] for row in rows if row[0] != besides])
