"""有效性 of everything in the library, on the day of the build."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.validity import Event, Terms, contradiction, validity_on
from gongkai_ssg.store.store import Store

_EVENTS = ("repeals", "replaces", "amends", "version_of", "suspends", "prolongs")


def compute_status(store: Store, today: date, findings: Findings) -> None:
    """Fill ``items.status`` and ``items.marks``; leave out what contradicts itself on every day.

    Leaving an item out takes its repeals along, so this goes on until nothing more falls.
    """
    while broken := _contradictions(store, findings):
        store.db.executemany("UPDATE items SET held = 'broken', data = NULL WHERE id = ?", [(item,) for item in broken])
    events = _events(store)
    rows = []
    for item, place, terms in _documents(store):
        validity = validity_on(today, terms, events.get(item, ()))
        rows.append((validity.state, " ".join(validity.marks) or None, item))
        if contradiction(today, terms, events.get(item, ())) == "today":
            findings.add(Finding("GK401", *place, params={"declared": terms.declared, "state": validity.state}))
        if validity.state == "失效" and "延长" in validity.marks and terms.expires is not None:
            findings.add(Finding("GK404", *place, params={"expires": terms.expires.isoformat()}))
    store.db.executemany("UPDATE items SET status = ?, marks = ? WHERE id = ?", rows)


def _contradictions(store: Store, findings: Findings) -> list[int]:
    events = _events(store)
    broken = []
    for item, place, terms in _documents(store):
        if terms.effective and terms.expires and terms.expires < terms.effective:
            dates = {"effective": terms.effective.isoformat(), "expires": terms.expires.isoformat()}
            findings.add(Finding("GK402", *place, params=dates))
        elif contradiction(date.min, terms, events.get(item, ())) == "always":
            state = validity_on(date.max, terms, events.get(item, ())).state
            findings.add(Finding("GK400", *place, params={"declared": terms.declared, "state": state}))
        else:
            continue
        broken.append(item)
    return broken


def _documents(store: Store) -> list[tuple[int, tuple[str, int, int], Terms]]:
    rows = store.rows(
        "SELECT id, path, terms_line, terms_column, effective, expires, repealed, declared, basis FROM items WHERE library AND held IS NULL ORDER BY id"
    )
    return [
        (item, (path, line, column), Terms(_day(effective), _day(expires), _day(repealed), declared, basis))
        for item, path, line, column, effective, expires, repealed, declared, basis in rows
    ]


def _events(store: Store) -> dict[int, list[Event]]:
    """What published items do to others, by the other."""
    events: dict[int, list[Event]] = defaultdict(list)
    rows = store.rows(
        "SELECT relations.target, relations.kind, relations.scope, relations.since, source.effective, source.sort "
        "FROM relations JOIN items AS source ON source.id = relations.item "
        f"WHERE relations.target IS NOT NULL AND source.held IS NULL AND NOT source.withdrawn "
        f"AND relations.kind IN ({','.join('?' * len(_EVENTS))}) ORDER BY relations.rowid",
        *_EVENTS,
    )
    for target, kind, scope, since, effective, sort in rows:
        start = _day(since) or _day(effective) or date.fromisoformat(sort[:10])
        events[target].append(Event(kind, start, scope))
    return events


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
