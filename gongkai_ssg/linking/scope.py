"""What is linked anew when little has changed, and a record of how it was.

While a scope is open the store notes the old row of every item that changes, every list entry that
comes or goes, and every page that shows something else than it did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from gongkai_ssg.linking.link import Day
from gongkai_ssg.model.validity import STATES
from gongkai_ssg.store.store import Store

_OPEN = """
CREATE TEMP TABLE scope (id INTEGER PRIMARY KEY, came INTEGER);
CREATE TEMP TABLE was AS SELECT * FROM main.items WHERE 0;
CREATE UNIQUE INDEX temp.was_by_id ON was (id);
CREATE TEMP TABLE listed (list INTEGER, sort TEXT, item INTEGER, change INTEGER);
CREATE TEMP TABLE parted (target INTEGER, kind TEXT);
CREATE TEMP TABLE shown (item INTEGER PRIMARY KEY);
CREATE TEMP TRIGGER item_changes BEFORE UPDATE ON main.items BEGIN
    INSERT OR IGNORE INTO was SELECT * FROM main.items WHERE id = old.id
        AND NOT EXISTS (SELECT 1 FROM scope WHERE scope.id = old.id AND came);
    INSERT OR IGNORE INTO scope VALUES (old.id, 0);
END;
CREATE TEMP TRIGGER item_goes BEFORE DELETE ON main.items BEGIN
    INSERT OR IGNORE INTO was SELECT * FROM main.items WHERE id = old.id
        AND NOT EXISTS (SELECT 1 FROM scope WHERE scope.id = old.id AND came);
    INSERT OR IGNORE INTO scope VALUES (old.id, 0);
END;
CREATE TEMP TRIGGER item_comes AFTER INSERT ON main.items BEGIN
    INSERT INTO scope VALUES (new.id, 1) ON CONFLICT DO UPDATE SET came = 1;
END;
CREATE TEMP TRIGGER list_grows AFTER INSERT ON main.lists BEGIN
    INSERT INTO listed VALUES (new.list, new.sort, new.item, 1);
END;
CREATE TEMP TRIGGER list_shrinks AFTER DELETE ON main.lists BEGIN
    INSERT INTO listed VALUES (old.list, old.sort, old.item, -1);
END;
CREATE TEMP TRIGGER relation_goes BEFORE DELETE ON main.relations WHEN old.target IS NOT NULL BEGIN
    INSERT INTO parted VALUES (old.target, old.kind);
    INSERT OR IGNORE INTO shown VALUES (old.target);
END;
CREATE TEMP TRIGGER relation_turns AFTER UPDATE OF target ON main.relations BEGIN
    INSERT INTO parted VALUES (old.target, old.kind);
    INSERT OR IGNORE INTO shown VALUES (old.item);
    INSERT OR IGNORE INTO shown SELECT old.target WHERE old.target IS NOT NULL;
    INSERT OR IGNORE INTO shown SELECT new.target WHERE new.target IS NOT NULL;
END;
CREATE TEMP TRIGGER link_turns AFTER UPDATE OF address ON main.links BEGIN
    INSERT OR IGNORE INTO shown VALUES (old.item);
END;
"""
_TRIGGERS = (
    "item_changes", "item_goes", "item_comes", "list_grows", "list_shrinks", "relation_goes", "relation_turns",
    "link_turns",
)  # fmt: skip


def open_scope(store: Store) -> None:
    """Note every change from now on."""
    statement = ""
    for line in _OPEN.splitlines(keepends=True):  # one by one: executescript would end the transaction
        statement += line
        if sqlite3.complete_statement(statement):
            store.db.execute(statement)
            statement = ""
    store.scoped = True


def close_scope(store: Store) -> None:
    """Everything is linked: forget how it was."""
    for name in _TRIGGERS:
        store.db.execute(f"DROP TRIGGER temp.{name}")
    for name in ("scope", "was", "listed", "parted", "shown"):
        store.db.execute(f"DROP TABLE temp.{name}")
    store.scoped = False


def to_read_anew(store: Store, day: Day, before: Day) -> list[tuple[int, str]]:
    """Items whose rows linking can't restore: what it found broken, what comes out of hiding on this day."""
    rows = store.rows(
        "SELECT id, path FROM items WHERE fault UNION "
        "SELECT id, path FROM items WHERE held = 'future' AND hold_until <= ?1 UNION "
        "SELECT id, path FROM items WHERE public_until >= ?1 AND public_until < ?2",
        day.today.isoformat(), before.today.isoformat()
    )  # fmt: skip
    return list(rows)


def bring_in_turning(store: Store, day: Day, before: Day) -> None:
    """Add what the new day changes: what must wait again, notices that end, documents whose state turns."""
    today, then = day.today.isoformat(), before.today.isoformat()
    if today == then:
        return
    store.db.execute("INSERT OR IGNORE INTO temp.scope SELECT id, 0 FROM items WHERE turns <= ?", (today,))
    store.db.execute(
        "INSERT OR IGNORE INTO temp.shown SELECT id FROM items WHERE comments_until >= ? AND comments_until < ?",
        sorted((then, today)),
    )
    if today < then:
        store.db.execute("INSERT OR IGNORE INTO temp.scope SELECT id, 0 FROM items WHERE in_library")
        store.db.execute("INSERT OR IGNORE INTO temp.scope SELECT id, 0 FROM items WHERE hold_until > ?", (today,))
    store.db.execute(
        "INSERT OR IGNORE INTO temp.scope SELECT id, 0 FROM items WHERE public_until >= ? AND public_until < ?",
        (then, today),
    )


def remove_items(store: Store, items: Iterable[int]) -> None:
    """Take items out of every table, to be read anew or for good."""
    for item in items:
        row = store.rows("SELECT path, sort, lists FROM items WHERE id = ?", item).fetchone()
        if row is None:
            continue
        path, sort, lists = row
        names = [*lists.split(), *(f"library:{state}" for state in STATES)]
        store.delete_lists((name, sort, item) for name in names)
        for table in ("relations", "links", "attachments", "aliases", "copies"):
            store.db.execute(f"DELETE FROM {table} WHERE item = ?", (item,))
        store.db.execute("DELETE FROM items WHERE id = ?", (item,))
        for table in ("findings", "allowed"):
            store.db.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
