"""What search matches of each item, kept between builds: neither an edit nor a tier made anew reads what is as it was.

Texts lie one after another in files that only grow, one for each process that wrote any; the store knows where each
lies, and its digest. So what a build wrote that was cut off does no harm, and what anyone else did to a file shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gongkai_ssg.store.store import Store

_SLACK = 1 << 20
"""Bytes that may always be kept in vain."""

_MANY = 1024
"""Texts moved at once."""


class Place(NamedTuple):
    """Where a text is kept. The first four fields are columns of the store, in order."""

    digest: bytes
    file: int
    offset: int
    length: int


@dataclass(frozen=True)
class Texts:
    """Kept texts.

    :ivar owner: the process that may go on with the first file; others begin one of their own.
    """

    folder: Path
    owner: int = field(default_factory=os.getpid)

    def keep(self, texts: Sequence[bytes]) -> list[Place]:
        """Write some texts and tell where they are."""
        number = 0 if os.getpid() == self.owner else os.getpid()
        with open(self._path(number), "ab", buffering=0) as file:
            at = file.seek(0, os.SEEK_END)
            data = memoryview(b"".join(texts))
            while data:
                data = data[file.write(data) :]
        places = []
        for text in texts:
            places.append(Place(_digest(text), number, at, len(text)))
            at += len(text)
        return places

    def read(self, places: Sequence[Place]) -> Iterator[bytes | None]:
        """Texts in the order asked for; None instead of one that is not what was kept."""
        files: dict[int, BinaryIO | None] = {}
        try:
            for digest, number, offset, length in places:
                if number not in files:
                    files[number] = self._open(number)
                file = files[number]
                text = None
                if file is not None:
                    file.seek(offset)
                    text = file.read(length)
                yield text if text is not None and _digest(text) == digest else None
        finally:
            for file in files.values():
                if file is not None:
                    file.close()

    def size(self) -> int:
        """Bytes that all files have."""
        return sum(each.stat().st_size for each in self.folder.iterdir()) if self.folder.is_dir() else 0

    def settle(self, store: Store) -> None:
        """Note how much is kept, now that nothing is kept in vain."""
        store.put("texts", self.folder.name)
        store.put("texts_size", str(self.size()))

    def tidy(self, store: Store, fresh: Callable[[], Path]) -> None:
        """Once more than half of what is kept is of items that are others by now, or are gone, keep the rest elsewhere.

        :param fresh: gives a new folder.
        """
        if self.size() <= 2 * int(store.get("texts_size") or 0) + _SLACK:
            return
        others = Texts(fresh(), self.owner)
        columns = "text_digest, text_file, text_offset, text_length"
        rows = store.rows(f"SELECT id, {columns} FROM items WHERE text_digest IS NOT NULL ORDER BY id").fetchall()
        for start in range(0, len(rows), _MANY):
            some = rows[start : start + _MANY]
            texts = list(self.read([Place(*row[1:]) for row in some]))
            sound = [(row[0], text) for row, text in zip(some, texts, strict=True) if text is not None]
            places = others.keep([text for _, text in sound])
            store.db.executemany(
                f"UPDATE items SET ({columns}) = (?, ?, ?, ?) WHERE id = ?",
                [(*place, item) for place, (item, _) in zip(places, sound, strict=True)],
            )
        others.settle(store)

    def _open(self, number: int) -> BinaryIO | None:
        try:
            return open(self._path(number), "rb", buffering=0)
        except OSError:
            return None

    def _path(self, number: int) -> str:
        return f"{self.folder}/{number}"


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=8).digest()
