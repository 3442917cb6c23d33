"""有效性 of everything in the library, on the day of the build."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.linking.addresses import leave_out
from gongkai_ssg.model.validity import Event, Terms, contradiction, validity_on
from gongkai_ssg.store.store import Store

_EVENTS = ("repeals", "replaces", "amends", "version_of", "suspends", "prolongs")


def compute_status(store: Store, today: date, findings: Findings) -> None:
    """Fill ``items.status`` and what goes with it; leave out what contradicts itself on every day.

    Leaving an item out takes its repeals along, so this goes on until nothing more falls. In a scope,
    what is done to a document brings it in, and so does the last build's doubt.
    """
    while True:
        _bring_in(store)
        events = _events(store)
        broken = _contradictions(store, events, findings)
        if not broken:
            break
        for item in broken:
            leave_out(store, item, "broken")
    rows = []
    for item, place, terms in _documents(store):
        validity = validity_on(today, terms, events.get(item, ()))
        doubt = _doubts(today, item, place, terms, events, findings)
        turns = validity.until.isoformat() if validity.until else None
        rows.append((validity.state, " ".join(validity.marks) or None, turns, doubt or None, item))
    changed = "(status, marks, turns, doubt) IS NOT (?1, ?2, ?3, ?4)" if store.scoped else "1"
    store.db.executemany(
        f"UPDATE items SET status = ?1, marks = ?2, turns = ?3, doubt = ?4 WHERE id = ?5 AND {changed}", rows
    )


def _bring_in(store: Store) -> None:
    """Add to the scope what those in it do something to, or did, and what is in doubt."""
    if store.scoped:
        store.db.execute(
            "INSERT OR IGNORE INTO temp.scope SELECT target, 0 FROM relations WHERE item IN (SELECT id FROM temp.scope) "
            f"AND target IS NOT NULL AND kind IN {_EVENTS} UNION SELECT target, 0 FROM temp.parted WHERE target IS NOT NULL AND kind IN {_EVENTS} "
            "UNION SELECT id, 0 FROM items WHERE doubt"
        )


def _doubts(
    today: date,
    item: int,
    place: tuple[str, int, int],
    terms: Terms,
    events: dict[int, list[Event]],
    findings: Findings,
) -> bool:
    before = len(findings)
    validity = validity_on(today, terms, events.get(item, ()))
    if contradiction(today, terms, events.get(item, ())) == "today":
        findings.add(Finding("GK401", *place, params={"declared": terms.declared, "state": validity.state}))
    if validity.state == "失效" and "延长" in validity.marks and terms.expires is not None:
        findings.add(Finding("GK404", *place, params={"expires": terms.expires.isoformat()}))
    return len(findings) > before


def _contradictions(store: Store, events: dict[int, list[Event]], findings: Findings) -> list[int]:
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
        "SELECT id, path, terms_line, terms_column, effective, expires, repealed, declared, basis FROM items "
        f"WHERE in_library AND held IS NULL {store.among('id')} ORDER BY path"
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
        f"WHERE relations.target IS NOT NULL {store.among('relations.target')} AND source.held IS NULL "
        f"AND NOT source.withdrawn AND relations.kind IN {_EVENTS}"
    )
    for target, kind, scope, since, effective, sort in rows:
        start = _day(since) or _day(effective) or date.fromisoformat(sort[:10])
        events[target].append(Event(kind, start, scope))
    return events


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
