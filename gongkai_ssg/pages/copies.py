"""Attachments of what is published: copied as they are."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Copy, Planner
from gongkai_ssg.pages.view import View


class Copies(Planner):
    """``items/<code>/…`` and the files of standing pages. Keys: an item's number, or nothing for the latter."""

    name = "attachments"

    def keys(self, view: View) -> Iterator[str]:
        """Each item that has files."""
        yield ""
        rows = view.store.rows("SELECT DISTINCT item FROM copies WHERE item IS NOT NULL ORDER BY item")
        yield from (str(item) for (item,) in rows)

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Items that changed."""
        if changes.guides:
            yield "", Reason("guides")
        yield from ((str(item), Reason("source")) for item in sorted(changes.copied))

    def pages(self, view: View, key: str) -> Iterator[Copy]:
        """The files of one item; of those that are not (or no longer) shown they stay behind."""
        if not key:
            rows = view.store.rows("SELECT address, source FROM copies WHERE item IS NULL ORDER BY address")
        else:
            rows = view.store.rows(
                "SELECT address, source FROM copies JOIN items ON items.id = copies.item WHERE copies.item = ? "
                "AND items.held IS NULL AND NOT items.withdrawn AND (items.public_until IS NULL OR items.public_until >= ?) "
                "ORDER BY address", int(key), view.today.isoformat()
            )  # fmt: skip
        return (Copy(address, source) for address, source in rows)
