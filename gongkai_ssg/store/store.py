"""The rows of a site in SQLite: written by one process, read by all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gongkai_ssg.store.rows import INDEXES, LIST_INDEXES, OUTPUT_INDEXES, SCHEMA


class Store:
    """One site's rows.

    :param path: the database file.
    :ivar scoped: whether only some items are being linked: those numbered in the table ``scope``.
    """

    def __init__(self, path: Path, db: sqlite3.Connection | None = None) -> None:
        """Without ``db``, open the file for reading, as workers do: nothing is written while there are readers."""
        self.path = path
        self.scoped = False
        self._lists: dict[str, int] = {}
        if db is None:
            # No locks, no looking for journals.
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
            db.execute("PRAGMA mmap_size = 1073741824")
        self.db = db

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        """In another process a store is the same file, opened for reading."""
        return Store, (self.path,)

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty store in place of any older one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        db = sqlite3.connect(path, isolation_level=None)
        # A row of an item takes some 2 KB: few would share a page of the usual size.
        db.executescript(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;"
        )
        db.executescript(SCHEMA)
        db.executescript("ATTACH ':memory:' AS aside; CREATE TABLE aside.outputs AS SELECT * FROM outputs WHERE false;")
        db.execute("BEGIN")
        return cls(path, db)

    @classmethod
    def open(cls, path: Path) -> Store:
        """A store that is there already, to be changed in one transaction.

        :raises sqlite3.DatabaseError: if it is damaged, as far as that shows at once.
        """
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            db.executescript(
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL; PRAGMA locking_mode = EXCLUSIVE; "
                "PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; BEGIN IMMEDIATE;"
            )
        except BaseException:
            db.close()
            raise
        return cls(path, db)

    def among(self, column: str) -> str:
        """A condition that holds for the items that are being linked; nothing if all are."""
        return f"AND {column} IN (SELECT id FROM temp.scope)" if self.scoped else ""

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table, all columns in order."""
        if rows:
            places = ",".join("?" * len(rows[0]))
            self.db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)

    def list_number(self, name: str) -> int:
        """The number of a list; a new one for a name that has none."""
        number = self._lists.get(name)
        if number is None:
            if not self._lists:
                self._lists.update(self.rows("SELECT name, id FROM list_names"))
            number = self._lists.get(name)
            if number is None:
                number = self._lists[name] = len(self._lists) + 1
                self.db.execute("INSERT INTO list_names VALUES (?, ?)", (number, name))
        return number

    def insert_lists(self, memberships: Iterable[tuple[str, str, int]]) -> None:
        """Add (list name, sort key, item) rows; names become numbers."""
        known = self._lists.get
        rows = [(known(name) or self.list_number(name), sort, item) for name, sort, item in memberships]
        self.insert("lists", rows)

    def delete_lists(self, memberships: Iterable[tuple[str, str, int]]) -> None:
        """Remove (list name, sort key, item) rows."""
        rows = [(self.list_number(name), sort, item) for name, sort, item in memberships]
        self.db.executemany("DELETE FROM lists WHERE list = ? AND sort = ? AND item = ?", rows)

    def index(self) -> None:
        """All rows are in: make the indexes that linking needs."""
        self._run(INDEXES)

    def index_lists(self) -> None:
        """All lists are settled: make the indexes that pages are planned by."""
        self._run(LIST_INDEXES)

    def set_outputs_aside(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows of outputs for a new store while other processes read it; they wait in memory for :meth:`record_outputs`."""
        self.db.execute("BEGIN")
        self.insert("aside.outputs", list(rows))
        self.db.execute("COMMIT")

    def record_outputs(self) -> None:
        """Put all rows that wait where they belong, with their indexes."""
        self.db.execute("INSERT OR REPLACE INTO main.outputs SELECT * FROM aside.outputs ORDER BY address, rowid")
        self._run(OUTPUT_INDEXES)

    def _run(self, statements: str) -> None:
        for statement in statements.split(";"):
            if statement.strip():
                self.db.execute(statement)

    def rows(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a query."""
        return self.db.execute(sql, values)

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def get(self, name: str) -> str:
        """A value that the store keeps about itself; empty if there is none."""
        return str(self.value("SELECT value FROM state WHERE name = ?", name) or "")

    def put(self, name: str, value: str) -> None:
        """Keep a value."""
        self.db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the connection; what was not committed is as if it had never been."""
        self.db.close()
