"""What depends on the day: notices that are open, documents that came into force or lapsed lately.

Asked of lists, and only of their newest part where they may be long: nobody posts a notice, or makes
a document, more than a year before it counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gongkai_ssg.pages.view import View

LATELY = 90
"""Days that count as lately."""

_AHEAD = 400
"""Days before today that a document which turned lately may have been published."""

_SHOWN = 6

_FIELDS = "items.title, items.code, items.unit_name, items.doc_number"


def open_notices(view: View) -> list[dict[str, Any]]:
    """Calls for comment and 公示 whose last day is today or later, the nearest end first."""
    today = view.today.isoformat()
    found = []
    rows = view.store.rows(
        f"SELECT {_FIELDS}, items.kind, items.public_until, items.data FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? AND lists.sort >= ?", view.list_number("notice"), _before(view, _AHEAD)
    )  # fmt: skip
    for title, code, unit, number, kind, public_until, data in rows:
        last = public_until or json.loads(data).get("comments_until")
        if last and last >= today:
            entry = _entry(title, code, unit, number)
            found.append({**entry, "until": last, "kind": "公示" if public_until else kind, "last_day": last == today})
    return sorted(found, key=lambda notice: (notice["until"], notice["code"]))


def in_force_lately(view: View) -> list[dict[str, Any]]:
    """Documents of the library whose first valid day lies in the last days, the newest first."""
    rows = view.store.rows(
        f"SELECT {_FIELDS}, items.effective FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? AND lists.sort >= ? AND items.effective BETWEEN ? AND ? ORDER BY items.effective DESC, lists.sort DESC LIMIT ?",
        view.list_number("library:现行有效"), _before(view, _AHEAD), _before(view, LATELY), view.today.isoformat(), _SHOWN
    )  # fmt: skip
    return [{**_entry(*row[:4]), "day": row[4]} for row in rows]


def lapsed_lately(view: View) -> list[dict[str, Any]]:
    """Documents that expired or were repealed in the last days, the newest first."""
    turned = [*_expired(view), *_repealed(view)]
    first, today = _before(view, LATELY), view.today.isoformat()
    recent = [entry for entry in turned if first <= entry["day"] <= today]
    return sorted(recent, key=lambda entry: (entry["day"], entry["code"]), reverse=True)[:_SHOWN]


def _expired(view: View) -> Iterator[dict[str, Any]]:
    rows = view.store.rows(
        f"SELECT {_FIELDS}, items.expires FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? AND items.expires >= ?", view.list_number("library:失效"), _before(view, LATELY + 1)
    )  # fmt: skip
    for *fields, expires in rows:
        day = date.fromisoformat(expires) + timedelta(days=1)
        yield {**_entry(*fields), "day": day.isoformat(), "state": "失效"}


def _repealed(view: View) -> Iterator[dict[str, Any]]:
    """From the document's own day, or the first whole repeal or replacement (see ``linking/status.py``)."""
    rows = view.store.rows(
        f"SELECT {_FIELDS}, min(coalesce(items.repealed, '9999'), coalesce((SELECT "
        "min(coalesce(relations.since, source.effective, substr(source.sort, 1, 10))) FROM relations "
        "JOIN items AS source ON source.id = relations.item WHERE relations.target = items.id "
        "AND relations.kind IN ('repeals', 'replaces') AND relations.scope IS NULL "
        "AND source.held IS NULL AND NOT source.withdrawn), '9999')) "
        "FROM lists JOIN items ON items.id = lists.item WHERE list = ?", view.list_number("library:废止")
    )  # fmt: skip
    for *fields, day in rows:
        yield {**_entry(*fields), "day": day, "state": "废止"}


def _entry(title: str, code: str, unit: str, number: str | None) -> dict[str, Any]:
    return {"title": title, "code": code, "unit": unit, "doc_number": number if number != "无" else None}


def _before(view: View, days: int) -> str:
    return (view.today - timedelta(days=days)).isoformat()
