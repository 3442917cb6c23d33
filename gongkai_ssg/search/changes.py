"""An item's text changed, its place did not: the few shards that hold what differs are mended, not made anew.

What comes out is what a clean build writes, byte for byte.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise

import numpy as np

from gongkai_ssg.search import bits
from gongkai_ssg.search.documents import File, shown_row
from gongkai_ssg.search.entry import Entry
from gongkai_ssg.search.layout import ALPHABET, Layout
from gongkai_ssg.search.positions import read_positions
from gongkai_ssg.search.postings import SEVERAL, gather, words_of
from gongkai_ssg.search.shards import binary_script, read_binary_script, read_script, script
from gongkai_ssg.search.tiers import Tier

Posting = tuple[int, tuple[int, ...]]
"""A term in a text: its level, and what follows it there, ascending."""

ReadFile = Callable[[str], bytes]
"""Gives a file of the index as it stands, by its address below ``search/``."""


def postings_of(text: bytes, tier: Tier) -> dict[int, Posting]:
    """The postings of one packed text of a tier, by key."""
    found = gather(words_of(read_positions([text], tier.homes), 0, tier.dropped))
    several = iter(np.split(found.several, np.cumsum(found.several_sizes)[:-1]))
    return {
        key: (level, tuple(next(several)[1:].tolist()) if follower == SEVERAL else (follower,))
        for key, level, follower in zip(
            found.keys.tolist(), found.levels.tolist(), found.followers.tolist(), strict=True
        )
    }


def mended_files(
    tier: Tier, layout: Layout, changes: Mapping[int, tuple[bytes, bytes]], read: ReadFile
) -> Iterator[File]:
    """The files of terms and followers that differ.

    :param layout: that of the files, and of the tier as it is now: they are the same, or the tier must be made anew.
    :param changes: number in the tier → packed text before and after.
    :raises ValueError, OSError: if a file is not what the last build wrote; the tier must be made anew then.
    """
    per_key: dict[int, dict[int, Posting | None]] = defaultdict(dict)
    for number, (before, after) in changes.items():
        old, new = postings_of(before, tier), postings_of(after, tier)
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                per_key[key][number] = new.get(key)
    per_group: dict[int, dict[str, dict[int, dict[int, Posting | None]]]] = defaultdict(lambda: defaultdict(dict))
    for key, postings in per_key.items():
        half = key >> 16
        per_group[layout.number(half) // tier.group][layout.name(half)][key] = postings
    for group, shards in sorted(per_group.items()):
        name = f"{tier.name}/f{group}"
        stamp, followers = read_script(read(f"{name}.js"))
        for shard, keys in sorted(shards.items()):
            address = f"{tier.name}/{shard}"
            half = next(iter(keys)) >> 16
            place = layout.place(half, tier.group)
            _, data = read_binary_script(read(f"{address}.js"))
            first, end = layout.range(half)
            base, universe = first << 16, (end - first) << 16
            opened = _Opened.of(bits.read_shard(data, tier.items, tier.dropped, base, universe), *followers[place])
            for key, postings in keys.items():
                opened.change(key, postings, tier.items)
            yield (
                f"{address}.js",
                binary_script(address, stamp, bits.write_shard(opened.shard, tier.dropped, base, universe)),
            )
            followers[place] = opened.texts()
        yield f"{name}.js", script(name, stamp, followers)


def mended_blocks(tier: Tier, entries: Mapping[int, Entry], read: ReadFile) -> Iterator[File]:
    """The files of what hits show that hold some items.

    :param entries: number in the tier → the item as it is now.
    :raises ValueError, OSError: as above.
    """
    blocks: dict[int, list[int]] = defaultdict(list)
    for number in entries:
        blocks[number // tier.block].append(number)
    for block, numbers in sorted(blocks.items()):
        name = f"{tier.name}/d{block}"
        stamp, rows = read_script(read(f"{name}.js"))
        for number in numbers:
            rows[number % tier.block] = shown_row(entries[number])
        yield f"{name}.js", script(name, stamp, rows)


@dataclass(slots=True)
class _Opened:
    """A shard taken apart, with the followers of its terms: one character a posting, and the lists of ``SEVERAL``."""

    shard: bits.Shard
    mains: list[str]
    mores: list[list[str]]

    @classmethod
    def of(cls, shard: bits.Shard, main: str, more: str) -> _Opened:
        """:param main: of all postings; :param more: the lists of those with several followers, one after another."""
        ends = list(accumulate(shard.counts, initial=0))
        mains = [main[start:end] for start, end in pairwise(ends)]
        lists = []
        at = 0
        while at < len(more):
            end = at + 1 + _NUMBERS[more[at]]
            lists.append(more[at:end])
            at = end
        rest = iter(lists)
        return cls(shard, mains, [list(islice(rest, each.count(_SEVERAL))) for each in mains])

    def change(self, key: int, postings: Mapping[int, Posting | None], texts: int) -> None:
        """Put in, replace or take out postings of a term."""
        shard = self.shard
        place = bisect_left(shard.keys, key)
        if place < len(shard.keys) and shard.keys[place] == key:
            numbers, levels = bits.decode_list(shard.lists[place], shard.counts[place], texts)
        else:
            numbers = levels = np.zeros(0, np.int64)
            shard.keys.insert(place, key)
            shard.counts.insert(place, 0)
            shard.lists.insert(place, np.zeros(0, np.uint8))
            self.mains.insert(place, "")
            self.mores.insert(place, [])
        for number, posting in postings.items():
            at = int(np.searchsorted(numbers, number))
            if at < len(numbers) and numbers[at] == number:
                numbers, levels = np.delete(numbers, at), np.delete(levels, at)
                self._forget(place, at)
            if posting is not None:
                numbers, levels = np.insert(numbers, at, number), np.insert(levels, at, posting[0])
                self._put(place, at, _written(posting[1]))
        if len(numbers):
            shard.counts[place] = len(numbers)
            shard.lists[place] = bits.encode_list(numbers, levels, self._mask(place), texts)
        else:
            del shard.keys[place], shard.counts[place], shard.lists[place], self.mains[place], self.mores[place]

    def _forget(self, place: int, at: int) -> None:
        main = self.mains[place]
        if main[at] == _SEVERAL:
            del self.mores[place][main.count(_SEVERAL, 0, at)]
        self.mains[place] = main[:at] + main[at + 1 :]

    def _put(self, place: int, at: int, written: str) -> None:
        main = self.mains[place]
        if len(written) > 1:
            self.mores[place].insert(main.count(_SEVERAL, 0, at), written)
            written = _SEVERAL
        self.mains[place] = main[:at] + written + main[at:]

    def _mask(self, place: int) -> int:
        """A bit for each follower of a term in any text."""
        letters = set(self.mains[place]).union(*(each[1:] for each in self.mores[place])) - {_SEVERAL}
        return sum(1 << _NUMBERS[letter] for letter in letters)

    def texts(self) -> list[str]:
        """The two texts of the shard's followers."""
        return ["".join(self.mains), "".join(chain.from_iterable(self.mores))]


_NUMBERS = {letter: number for number, letter in enumerate(ALPHABET)}
_SEVERAL = ALPHABET[SEVERAL]


def _written(followers: tuple[int, ...]) -> str:
    if len(followers) == 1:
        return ALPHABET[followers[0]]
    return ALPHABET[len(followers)] + "".join(ALPHABET[each] for each in followers)
