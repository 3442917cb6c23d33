"""What stands in the bodies: for each term the items that have it, in segments that are written once.

A segment holds the terms of the items that were read at one time. An item read again gets a new number, so that what
older segments say of it counts no more; small segments are joined when there are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search.analysis import ALONE, term, unit_number
from gongkai_ssg.search.positions import distinct, read_positions

RUN = 2048
"""How many items make a segment at most when they are read together."""

_SMALL, _FEW = 1 << 18, 8
_BATCH = 128

U32 = NDArray[np.uint32]


class Bodies:
    """Segments in a folder.

    Each is a file of 32-bit numbers: how many terms there are, their keys, where each one's items end, the items.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, numbers: Sequence[int], texts: Sequence[bytes]) -> None:
        """Put items in.

        :param texts: packed, see :func:`gongkai_ssg.search.entry.pack_body`.
        """
        keys, items = [], []
        for start in range(0, len(texts), _BATCH):
            places = read_positions(texts[start : start + _BATCH])
            keys.append(places.keys)
            items.append(np.asarray(numbers[start : start + _BATCH], np.uint32)[places.texts])
        if sum(map(len, keys)):
            self._write(np.concatenate(keys), np.concatenate(items))
            self._join_small()

    def find(self, cut: Sequence[str]) -> set[int]:
        """The numbers of the items, old ones among them, in which each two neighbouring units are neighbours."""
        numbers = [unit_number(unit) for unit in cut]
        if len(numbers) == 1:
            wanted = [term(numbers[0], ALONE)]
        else:
            wanted = [term(one, other) for one, other in pairwise(numbers)]
        found: set[int] = set()
        for path in self._segments():
            keys, ends, items = _opened(path)
            left: U32 | None = None
            for key in wanted:
                place = int(np.searchsorted(keys, key))
                if place == len(keys) or keys[place] != key:
                    left = None
                    break
                have = items[ends[place - 1] if place else 0 : ends[place]]
                left = have if left is None else np.intersect1d(left, have, assume_unique=True)
            if left is not None:
                found.update(left.tolist())
        return found

    def _segments(self) -> list[Path]:
        return sorted(self.folder.glob("*.seg"))

    def _write(self, keys: U32, items: U32) -> None:
        pairs = distinct(keys.astype(np.uint64) << np.uint64(32) | items)
        have = (pairs >> np.uint64(32)).astype(np.uint32)
        ends = np.append(np.flatnonzero(have[1:] != have[:-1]) + 1, len(have))
        terms = have[ends - 1]
        numbers = [int(path.stem) for path in self._segments()]
        path = self.folder / f"{max(numbers, default=0) + 1:08}.tmp"
        with path.open("wb") as file:
            np.array([len(terms)], np.uint32).tofile(file)
            terms.tofile(file)
            ends.astype(np.uint32).tofile(file)
            pairs.astype(np.uint32).tofile(file)
        path.replace(path.with_suffix(".seg"))

    def _join_small(self) -> None:
        small = [path for path in self._segments() if path.stat().st_size < _SMALL]
        if len(small) <= _FEW:
            return
        opened = [_opened(path) for path in small]
        keys = [np.repeat(keys, np.diff(ends, prepend=np.uint32(0))) for keys, ends, _ in opened]
        self._write(np.concatenate(keys), np.concatenate([items for _, _, items in opened]))
        del opened
        for path in small:
            path.unlink()


def _opened(path: Path) -> tuple[U32, U32, U32]:
    """(keys, ends, items) of a segment, read as they are needed."""
    data = np.memmap(path, np.uint32, "r")
    count = int(data[0])
    return data[1 : 1 + count], data[1 + count : 1 + 2 * count], data[1 + 2 * count :]
