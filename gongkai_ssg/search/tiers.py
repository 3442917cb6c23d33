"""Which days share a tier. A function of the day of the build and of how many items each day has, of nothing else.

Three ranges: *hot*, small enough that a new item changes few files; on large sites *warm*, the rest of the running
64 days; *cold*, what is older, in one tier or, where that would grow too large, in halves of halves cut at fixed days.
A tier is named by its first day, so that it keeps its addresses while it grows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

HOT_ITEMS = 64
WARM_DAYS = 64
COLD_ITEMS = 131_072
SMALL = 16_384
"""A cold range of up to so many items is written anew each time the hot range moves on; a larger one, every 64 days."""

_PART = 120
"""About how many texts' worth of places are sorted at once: few enough for a processor's own memory."""

_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = -(1 << 20), 1 << 22
SAMPLE = 256
SAMPLED = 4_096
"""Larger tiers keep the terms that stand in very many texts apart."""


class _Division(NamedTuple):
    """Into what files a tier of some size is divided; see the properties of :class:`Tier`.

    :ivar shards: at most: they take time to write, and a host counts files.
    :ivar blocks: so many at most, however many items there are.
    """

    shards: int
    often: int
    block: int
    group: int
    dropped: int
    blocks: int | None = None


_HOT = _Division(shards=49, often=8, block=8, group=49, dropped=12, blocks=4)
"""Each of these files changes with every new item, so that there must be few, whatever a single day brings."""
_SMALL = _Division(shards=4_240, often=8, block=4, group=8, dropped=4)
_TINY = _SMALL._replace(block=6, dropped=8)
_LARGE = _Division(shards=5_760, often=24, block=28, group=16, dropped=2)
_TINY_ITEMS = 256


@dataclass(frozen=True, slots=True)
class Tier:
    """Days from ``first`` until before ``end``, with ``items`` items."""

    first: int
    end: int
    items: int
    hot: bool = False

    @property
    def name(self) -> str:
        """Its folder below ``search/``."""
        if self.first == _FIRST:
            return "old"
        return (_EPOCH + timedelta(self.first)).strftime("%Y%m%d")

    @property
    def _division(self) -> _Division:
        if self.hot:
            return _HOT
        return _TINY if self.items <= _TINY_ITEMS else _SMALL if self.items <= SMALL else _LARGE

    @property
    def shards(self) -> int:
        """How many files its terms are divided among: more items, more files, but each a little larger too.

        Where common terms have files of their own, which are not counted here, a multiple of :attr:`group`.
        """
        if self.hot:
            return max(1, min(self._division.shards, self.items))
        if self.items <= SAMPLED:
            return max(1, min(int(56 * self.items**0.5), self.items * 7 // 10))
        return min(int(56 * self.items**0.5), self._division.shards) // self.group * self.group

    @property
    def homes(self) -> int:
        """Among how many files terms are divided by the rarer of their two units, not by their keys; 0 for none.

        Neighbouring pairs of a query then often share a file. Where there are more files than units that are in use, those
        of common units would grow too large.
        """
        return self.shards if self.hot else 0

    @property
    def sample(self) -> range:
        """The numbers of the texts that tell which terms are common; none where no list grows long."""
        return range(0, self.items, -(-self.items // SAMPLE)) if self.items > SAMPLED else range(0)

    @property
    def often(self) -> int:
        """A term in one of so many texts of the sample is common: the longer lists are, the more it takes to share a file."""
        return self._division.often

    @property
    def block(self) -> int:
        """How many items share a file of what hits show."""
        division = self._division
        return max(division.block, -(-self.items // division.blocks)) if division.blocks else division.block

    @property
    def group(self) -> int:
        """How many shards share a file of followers: those are asked for less often."""
        return self._division.group

    @property
    def step(self) -> int:
        """How many shards are made at once, a multiple of ``group``."""
        groups = -(-self.shards // self.group)
        return -(-groups // max(1, self.items // _PART)) * self.group

    @property
    def parts(self) -> int:
        """How many times shards are made."""
        return -(-self.shards // self.step)

    @property
    def dropped(self) -> int:
        """How many low bits of a key are not written: the fewer terms, the fewer bits tell them apart."""
        return self._division.dropped


def edge(number: int, shards: int) -> int:
    """The first upper half of a key in a shard's range; 65,536 behind the last shard."""
    return -(-number * 65536 // shards)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def tiers(today: int, counts: Mapping[int, int]) -> list[Tier]:
    """The tiers that hold anything, the oldest first.

    :param counts: the number of items of each day that has any; days after today belong to the hot range.
    """
    days = sorted(counts)
    sums = [0, *accumulate(counts[day] for day in days)]

    def held(first: int, end: int) -> int:
        return sums[bisect_left(days, end)] - sums[bisect_left(days, first)]

    warm = today - today % WARM_DAYS
    width = WARM_DAYS
    while width > 1 and held(today - today % width, _LAST) > HOT_ITEMS:
        width //= 2
    hot = today - today % width
    if held(_FIRST, hot) <= SMALL:
        warm = hot
    found = [*_cold(_FIRST, warm, held), Tier(warm, hot, held(warm, hot)), Tier(hot, _LAST, held(hot, _LAST), hot=True)]
    return [tier for tier in found if tier.items]


def _cold(first: int, end: int, held: Callable[[int, int], int]) -> Iterator[Tier]:
    items = held(first, end)
    if items <= COLD_ITEMS or end - first <= 1:
        yield Tier(first, end, items)
        return
    width = 1 << 22
    while -(-(first + 1) // width) * width >= end:
        width //= 2
    middle = -(-(first + 1) // width) * width
    yield from _cold(first, middle, held)
    yield from _cold(middle, end, held)
