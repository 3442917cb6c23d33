"""The catalog as data: by month, in parts that stay put, and counts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Plain, Planner
from gongkai_ssg.pages.view import View
from gongkai_ssg.store.tallies import TALLIED

CATALOG_COLUMNS = (
    "code", "title", "unit", "unit_name", "category", "kind", "doc_number", "formed", "date", "updated", "status",
    "topic", "summary", "keywords", "url",
)  # fmt: skip
"""The columns of the exported catalog, in order."""


class DataFiles(Planner):
    """``data/catalog/<yyyy-mm>.jsonl`` and ``.csv``, ``data/counts.json``."""

    name = "data"

    def keys(self, view: View) -> Iterator[str]:
        """Each month in which something was published, then the counts."""
        for year, _ in view.years("all"):
            yield from (f"{year}-{month}" for month, _ in view.months("all", year))
        yield "counts"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Months in which something changed, and the counts."""
        yield from ((month, Reason("month", month)) for month in sorted(changes.months))
        if changes.counted:
            yield "counts", Reason("list", "all")

    def pages(self, view: View, key: str) -> Iterator[Plain]:
        """The two files of a month, or the counts."""
        if key == "counts":
            text = json.dumps(counts(view), ensure_ascii=False, indent=1, sort_keys=True)
            yield Plain("data/counts.json", f"{text}\n".encode())
            return
        records = list(catalog_records(view, key))
        if not records:
            return
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        yield Plain(f"data/catalog/{key}.jsonl", "".join(lines).encode())
        yield Plain(f"data/catalog/{key}.csv", catalog_csv(records).encode("utf-8-sig"))


def catalog_records(view: View, month: str = "") -> Iterator[dict[str, Any]]:
    """The elements of every published item (条例 art. 12), the oldest first; of one month if given."""
    rows = view.store.rows(
        "SELECT code, title, unit, unit_name, category, kind, doc_number, formed, items.sort, updated, status, summary, data "
        "FROM lists JOIN items ON items.id = lists.item WHERE list = ? AND lists.sort >= ? AND lists.sort < ? ORDER BY lists.sort",
        view.list_number("all"), month, month + "\U0010ffff"
    )  # fmt: skip
    for code, title, unit, unit_name, category, kind, doc_number, formed, sort, updated, status, summary, data in rows:
        keys = json.loads(data)
        date = sort[:10] if sort[11:16] == "00:00" else f"{sort[:10]} {sort[11:16]}"
        yield {
            "code": code,
            "title": title,
            "unit": unit,
            "unit_name": unit_name,
            "category": category,
            "kind": kind,
            "doc_number": doc_number,
            "formed": formed,
            "date": date,
            "updated": updated,
            "status": status,
            "topic": keys.get("topic"),
            "summary": summary,
            "keywords": keys.get("keywords", []),
            "url": f"items/{code}.html",
        }


def catalog_csv(records: list[dict[str, Any]]) -> str:
    """Records as CSV with a header row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CATALOG_COLUMNS)
    for record in records:
        writer.writerow([harmless(cell(record[name])) for name in CATALOG_COLUMNS])
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as one cell of text."""
    return "、".join(value) if isinstance(value, list) else "" if value is None else str(value)


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def counts(view: View) -> Mapping[str, Any]:
    """How many items there are: in all, by unit, category (counted once), year, stage and state."""
    found: dict[str, dict[str, int]] = {what: {} for what in TALLIED}
    for what, name, number in view.store.rows("SELECT what, name, count FROM tallies ORDER BY what, name"):
        found[what][name] = number
    return {"total": view.count("all"), **found}
