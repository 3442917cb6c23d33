"""Withdrawals of a later day: what is to be taken back is taken back at once, which is the safe side, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.rules.places import place_of
from gongkai_ssg.store.store import Store


def future_withdrawals(store: Store, folder: Path, today: date) -> Iterator[Finding]:
    """A finding for each published item whose withdrawal has not come yet.

    :param folder: what the paths of items start from.
    """
    rows = store.rows("SELECT path, data FROM items WHERE withdrawn AND held IS NULL ORDER BY path").fetchall()
    for path, data in rows:
        day = json.loads(data)["withdrawn"]["date"]
        if day > today.isoformat():
            yield Finding("GK140", path, *place_of(folder, path, "withdrawn", "date"), {"date": day})
