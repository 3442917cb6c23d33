"""Attachments of what is published: copied as they are."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai_ssg.pages.page import Copy
from gongkai_ssg.pages.view import View

_RUN = 64


class Copies:
    """``items/<code>/…`` and the files of standing pages."""

    name = "attachments"

    def keys(self, view: View) -> Iterator[int]:
        """Runs of rows."""
        last = view.store.value("SELECT max(rowid) FROM copies") or 0
        yield from range(1, last + 1, _RUN)

    def pages(self, view: View, key: int) -> Iterator[Copy]:
        """One run; files of items that are not (or no longer) shown stay behind."""
        rows = view.store.rows(
            "SELECT address, source FROM copies LEFT JOIN items ON items.id = copies.item "
            "WHERE copies.rowid BETWEEN ? AND ? AND (copies.item IS NULL OR (items.held IS NULL AND NOT items.withdrawn "
            "AND (items.public_until IS NULL OR items.public_until >= ?)))",
            key, key + _RUN - 1, view.today.isoformat()
        )  # fmt: skip
        return (Copy(address, source) for address, source in rows)
