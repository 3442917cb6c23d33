"""Withdrawals of a later day: what is to be taken back is taken back at once, which is the safe side, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names
from gongkai_ssg.reading.frontmatter import read_front, split
from gongkai_ssg.reading.text import decode
from gongkai_ssg.store.store import Store


def future_withdrawals(store: Store, folder: Path, today: date) -> Iterator[Finding]:
    """A finding for each published item whose withdrawal has not come yet.

    :param folder: what the paths of items start from.
    """
    rows = store.rows("SELECT path, data FROM items WHERE withdrawn AND held IS NULL ORDER BY path").fetchall()
    for path, data in rows:
        day = json.loads(data)["withdrawn"]["date"]
        if day > today.isoformat():
            yield Finding("GK140", path, *_place(folder, path), {"date": day})


def _place(folder: Path, path: str) -> tuple[int, int]:
    """Where the day was typed: looked up again, since it is wanted so seldom."""
    try:
        parts = split(decode((folder / path).read_bytes(), path)[0], path, Item)
    except OSError:
        return 0, 0
    tree = None if isinstance(parts, Finding) else read_front(parts.front, path, parts.front_line, Item)[0]
    if tree is None:
        return 0, 0
    names = ("withdrawn", *chinese_names(Item.model_fields["withdrawn"]))
    name = next((name for name in names if (name,) in tree.keys), "")
    return tree.place((name, "date" if (name, "date") in tree.keys else "日期"))
