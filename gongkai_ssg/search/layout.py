"""Which shard of a tier holds which terms: by the upper half of their keys.

Most shards hold a range of upper halves. A term that stands in very many texts makes a long list, and whoever asks for
it should not have to fetch a range's worth of others beside it: its upper half is *common*, and has a shard to itself,
numbered behind the others. Which are common is read off a sample of the texts, so that no other text can change it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gongkai_ssg.search.positions import read_positions
from gongkai_ssg.search.tiers import Tier

Range = tuple[int, int]
"""Upper halves of keys, the second one not among them."""

OFTEN = 8
"""A term in one of so many texts of the sample makes its upper half common."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""A follower, a count or half a number as one character."""


@dataclass(frozen=True)
class Layout:
    """The shards of a tier.

    :param shards: how many share all upper halves that are not common.
    :param common: the upper halves that have a shard each, ascending.
    """

    shards: int
    common: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many shards there are."""
        return self.shards + len(self.common)

    def range(self, number: int) -> Range:
        """The upper halves a shard may hold."""
        if number >= self.shards:
            half = self.common[number - self.shards]
            return half, half + 1
        return self._start(number), self._start(number + 1)

    def number(self, half: int) -> int:
        """The shard of an upper half."""
        place = bisect_left(self.common, half)
        if place < len(self.common) and self.common[place] == half:
            return self.shards + place
        return half * self.shards >> 16

    def _start(self, number: int) -> int:
        return -(-number * 65536 // self.shards)

    @cached_property
    def ranks(self) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
        """The place of each upper half when those of the first shard come first, and so on."""
        common = np.array(self.common, np.int64)
        order = np.concatenate((np.delete(np.arange(65536), common), common))
        ranks = np.empty(65536, np.uint16)
        ranks[order] = np.arange(65536)
        return ranks

    def edge(self, number: int) -> int:
        """The rank at which a shard begins; behind the last one, 65,536."""
        if number >= self.shards:
            return 65536 - len(self.common) + number - self.shards
        start = self._start(number)
        return start - bisect_left(self.common, start)

    def written(self) -> str:
        """The common upper halves as the index has them: gaps, a character each; ``_`` adds 63 and goes on."""
        gaps = (half - before for before, half in zip((0, *self.common), self.common, strict=False))
        return "".join("_" * (gap // 63) + ALPHABET[gap % 63] for gap in gaps)

    @classmethod
    def read(cls, shards: int, written: str) -> Layout:
        """What :meth:`written` gave.

        :raises ValueError: if it is nothing of the kind.
        """
        common, half = [], 0
        for letter in written:
            half += ALPHABET.index(letter)
            if letter != "_":
                common.append(half)
        return cls(shards, tuple(common))


def layout_of(tier: Tier, sample: Sequence[bytes]) -> Layout:
    """The layout of a tier.

    :param sample: the packed texts whose numbers are :attr:`Tier.sample`.
    """
    if not sample:
        return Layout(tier.shards)
    places = read_positions(sample)
    pairs = np.unique(places.keys.astype(np.uint64) << np.uint64(16) | places.texts)
    keys, counts = np.unique(pairs >> np.uint64(16), return_counts=True)
    halves = np.unique(keys[counts * OFTEN >= len(sample)] >> np.uint64(16))
    return Layout(tier.shards, tuple(halves.tolist()))
