"""How many items are published by unit, category and so on: counted once, then kept up to date."""

from __future__ import annotations

from typing import Any

from gongkai_ssg.store.store import Store

TALLIED = {
    "unit": "unit", "category": "category", "year": "substr(sort, 1, 4)", "stage": "stage", "status": "status",
    "kind": "kind",
}  # fmt: skip
"""What is counted → the column it is counted by."""


def count_all(store: Store) -> None:
    """Count everything."""
    for what, column in TALLIED.items():
        store.db.execute(
            f"INSERT INTO tallies SELECT '{what}', {column}, count(*) FROM items "
            f"WHERE held IS NULL AND NOT withdrawn AND {column} IS NOT NULL GROUP BY 2"
        )


def count_change(store: Store, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    """Take an item as it was out of the counts, and add it as it is; None for what is not published."""
    for row, change in ((before, -1), (after, 1)):
        if row is None or row["withdrawn"]:
            continue
        named = {**row, "year": row["sort"][:4]}
        for what in TALLIED:
            if named[what] is not None:
                store.db.execute(
                    "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                    (what, named[what], change),
                )
