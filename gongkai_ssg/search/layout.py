"""Which shard of a tier holds which terms: by the upper half of their keys.

Most shards hold a range of upper halves. A term that stands in very many texts makes a long list, and whoever asks for
it should not have to fetch a range's worth of others beside it: its upper half is *common*, and has a shard to itself.
Which are common is read off a sample of the texts, so that no other text can change it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search.positions import distinct, read_positions
from gongkai_ssg.search.tiers import Tier, edge

Range = tuple[int, int]
"""Upper halves of keys, the second one not among them."""

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

    def number(self, half: int) -> int:
        """Which of the shards that are no common half's own has an upper half in its range."""
        return half * self.shards >> 16

    def edge(self, number: int) -> int:
        """The first upper half of such a shard; 65,536 behind the last."""
        return edge(number, self.shards)

    def name(self, half: int) -> str:
        """What the shard of an upper half is called."""
        return f"c{half}" if half in self._common else str(self.number(half))

    def range(self, half: int) -> Range:
        """The upper halves that the shard of an upper half may hold."""
        if half in self._common:
            return half, half + 1
        number = self.number(half)
        return self.edge(number), self.edge(number + 1)

    def own(self, first: int, end: int) -> list[int]:
        """The common upper halves in the ranges of the shards from one number until before another."""
        start, stop = (bisect_left(self.common, self.edge(min(number, self.shards))) for number in (first, end))
        return list(self.common[start:stop])

    def place(self, half: int, group: int) -> int:
        """Where the followers of a shard stand in the file of its group: common ones behind the others."""
        number = self.number(half)
        first = number - number % group
        if half not in self._common:
            return number - first
        return min(group, self.shards - first) + bisect_left(self.own(first, first + group), half)

    @cached_property
    def _common(self) -> frozenset[int]:
        return frozenset(self.common)

    @cached_property
    def is_common(self) -> NDArray[np.bool_]:
        """Of each upper half, whether it is common."""
        found = np.zeros(65536, bool)
        found[list(self.common)] = True
        return found

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
    places = read_positions(sample, tier.homes)
    pairs = distinct(places.keys.astype(np.uint64) << np.uint64(16) | places.texts)
    keys, counts = np.unique(pairs >> np.uint64(16), return_counts=True)
    halves = np.unique(keys[counts * tier.often >= len(sample)] >> np.uint64(16))
    return Layout(tier.shards, tuple(halves.tolist()))
