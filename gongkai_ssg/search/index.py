"""Texts → the files of terms of a tier, and the file that names the tiers.

A tier is made in two rounds of tasks, each of which any process may do. First its texts, some thousands at a time, are
cut into places of terms, which go to a file ordered by part (a *run*). Then, for one range of keys after the other (a
*part*), the places of all runs are sorted, grouped and written as shards. So memory does not grow with the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search import bits
from gongkai_ssg.search.documents import File
from gongkai_ssg.search.layout import Layout
from gongkai_ssg.search.positions import read_positions
from gongkai_ssg.search.postings import U64, Postings, gather, words_of
from gongkai_ssg.search.shards import binary_script, follower_texts, script
from gongkai_ssg.search.tiers import Tier

RUN = 4096
"""How many texts make a run."""

_BATCH = 128
"""Texts cut at once: the arrays stay near the processor."""


@dataclass(frozen=True, slots=True)
class TierTerms:
    """The making of a tier's files of terms.

    :param folder: where runs are kept until the tier is made.
    """

    tier: Tier
    stamp: str
    layout: Layout
    folder: str

    @property
    def runs(self) -> range:
        """The number of the first text of each run."""
        return range(0, self.tier.items, RUN)

    def run(self, first: int, texts: Iterable[bytes]) -> None:
        """Cut up to ``RUN`` packed texts, and keep their places in a file.

        :param first: the number of the first of them.
        """
        tier = self.tier
        piece_of = self._pieces()
        pieces = 2 * tier.parts
        batches: list[U64] = []
        ends: list[NDArray[np.int64]] = []
        rest = iter(texts)
        while batch := list(islice(rest, _BATCH)):
            words = words_of(read_positions(batch, tier.homes), first, tier.dropped)
            piece = piece_of[(words >> np.uint64(48)).astype(np.uint16)]
            batches.append(words[np.argsort(piece, kind="stable")])
            ends.append(np.cumsum(np.bincount(piece, minlength=pieces)))
            first += len(batch)
        cuts = np.concatenate(([0], np.sum(ends, axis=0)))
        bounds = [[0, *each.tolist()] for each in ends]
        with open(self._path(first), "wb", buffering=0) as file:
            cuts.tofile(file)
            for first_piece in range(0, pieces, _ROW):
                row = range(first_piece, min(first_piece + _ROW, pieces))
                np.concatenate(
                    [words[at[each] : at[each + 1]] for each in row for words, at in zip(batches, bounds, strict=True)]
                ).tofile(file)

    def part(self, number: int) -> Iterator[File]:
        """The files of one part, when all runs are there."""
        tier = self.tier
        shared, own = [], []
        head = 8 * (2 * tier.parts + 1)
        for first in self.runs:
            with open(self._path(min(first + RUN, tier.items)), "rb", buffering=0) as file:
                start, middle, end = np.fromfile(file, np.int64, 3, offset=16 * number).tolist()
                file.seek(head + 8 * start)
                words = np.fromfile(file, np.uint64, end - start)
                shared.append(words[: middle - start])
                own.append(words[middle - start :])
        postings = [gather(np.concatenate(words)) for words in (shared, own) if words is shared or any(map(len, words))]
        first = number * tier.step
        yield from part_files(tier, self.stamp, self.layout, postings, first, first + tier.step)

    def _pieces(self) -> NDArray[Any]:
        """The piece of a run in which the words of each upper half stand: two a part, the second for common halves."""
        edges = [*(self.layout.edge(first) for first in range(0, self.layout.shards, self.tier.step)), 65536]
        kind = np.uint8 if self.tier.parts <= 128 else np.uint16  # the smaller ones are sorted sooner
        pieces: NDArray[Any] = np.repeat(np.arange(0, 2 * self.tier.parts, 2, dtype=kind), np.diff(edges))
        pieces += self.layout.is_common
        return pieces

    def _path(self, end: int) -> str:
        return f"{self.folder}/{self.tier.name}-{end}"


_ROW = 64
"""Pieces written at once."""


def part_files(
    tier: Tier, stamp: str, layout: Layout, postings: Sequence[Postings], first: int, end: int
) -> Iterator[File]:
    """The files of the shards in a range.

    :param postings: of the terms whose upper halves are not common, then of the others, if there are any.
    :param first: the number of the first of the shards that are no common half's own, a multiple of the tier's ``group``.
    :param end: the number behind the last; there may be fewer.
    """
    numbers = range(first, min(end, layout.shards))
    own = layout.own(first, numbers.stop)
    names = [[str(number) for number in numbers], [f"c{half}" for half in own]]
    ranges = [
        [(layout.edge(number), layout.edge(number + 1)) for number in numbers],
        [(half, half + 1) for half in own],
    ]
    texts = []
    for found, each, held in zip(postings, names, ranges, strict=False):
        for name, data in zip(each, bits.encode(found, tier.items, tier.dropped, held), strict=True):
            yield f"{tier.name}/{name}.js", binary_script(f"{tier.name}/{name}", stamp, data)
        texts += follower_texts(found, bits.key_cuts(found.keys, held))
    common = dict(zip(own, texts[len(numbers) :], strict=True))
    for start in range(first, numbers.stop, tier.group):
        name = f"{tier.name}/f{start // tier.group}"
        behind = [common[half] for half in layout.own(start, min(start + tier.group, layout.shards))]
        together = texts[start - first : min(start + tier.group, numbers.stop) - first] + behind
        yield f"{name}.js", script(name, stamp, together)


def index_file(tiers: Sequence[tuple[Tier, str, Layout, object]], names: Mapping[str, object]) -> File:
    """The file that is read first.

    :param tiers: with their stamps, layouts and cells, the oldest first.
    :param names: of units and categories, and everyday words.
    """
    rows = [
        [
            *(tier.name, stamp, tier.items, tier.shards, tier.block, tier.group, tier.dropped, tier.homes),
            *(layout.written(), cells),
        ]
        for tier, stamp, layout, cells in tiers
    ]
    return "index.js", script("index", "", {"tiers": rows, "names": names})
