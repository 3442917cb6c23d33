"""The rows of a build in SQLite: written by one process, read by all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gongkai_ssg.store.rows import INDEXES, SCHEMA


class Store:
    """One build's rows.

    :param path: the database file.
    :param writable: False opens it for reading only, as workers do.
    """

    def __init__(self, path: Path, writable: bool = False) -> None:
        self.path = path
        self._lists: dict[str, int] = {}
        if writable:
            self.db = sqlite3.connect(path, isolation_level=None)
            self.db.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
                "PRAGMA cache_size = -65536;"
            )
        else:
            # Nothing is written any more once there are readers: no locks, no looking for journals.
            self.db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
            self.db.execute("PRAGMA mmap_size = 1073741824")

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        """In another process a store is the same file, opened for reading."""
        return Store, (self.path,)

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty store in place of any older one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        store = cls(path, writable=True)
        store.db.executescript(SCHEMA)
        store.db.execute("BEGIN")
        return store

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table, all columns in order."""
        if rows:
            places = ",".join("?" * len(rows[0]))
            self.db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)

    def insert_lists(self, memberships: Iterable[tuple[str, str, int]]) -> None:
        """Add (list name, sort key, item) rows; names become numbers."""
        numbers = self._lists
        rows = []
        for name, sort, item in memberships:
            number = numbers.get(name)
            if number is None:
                number = numbers[name] = len(numbers) + 1
                self.db.execute("INSERT INTO list_names VALUES (?, ?)", (number, name))
            rows.append((number, sort, item))
        self.insert("lists", rows)

    def index(self) -> None:
        """Everything is in: make the indexes and close the transaction."""
        for statement in INDEXES.split(";"):
            if statement.strip():
                self.db.execute(statement)
        self.db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a query."""
        return self.db.execute(sql, values)

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the connection."""
        self.db.close()
