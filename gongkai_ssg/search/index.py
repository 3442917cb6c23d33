"""Entries → the files of the index, tier by tier.

A tier is made in two rounds of tasks, each of which any process may do. First its texts, some thousands at a time, are
cut into places of terms, which go to a file ordered by key (a *run*). Then, for one range of keys after the other (a
*part*), the places of all runs are sorted, grouped and written as shards. So memory does not grow with the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from gongkai_ssg.search import bits
from gongkai_ssg.search.documents import File, document_files, stamp_of
from gongkai_ssg.search.entry import Entry
from gongkai_ssg.search.layout import Layout, layout_of
from gongkai_ssg.search.positions import U8, Positions, read_positions
from gongkai_ssg.search.postings import Postings, gather, joined, length_buckets
from gongkai_ssg.search.shards import binary_script, follower_texts, script
from gongkai_ssg.search.tiers import Tier

RUN = 4096
"""How many texts make a run."""

_BATCH = 128
"""Texts cut at once: the arrays stay near the processor."""

_PART = 120
"""About how many texts' worth of places are sorted at once, for the same reason."""


@dataclass(frozen=True, slots=True)
class Run:
    """The places of terms of consecutive texts, in a file: keys, texts, marks, each ordered by key.

    :param places: how many.
    :param cuts: where the places of each part begin, and the last one's end.
    :param buckets: the length buckets of the texts.
    """

    path: str
    places: int
    cuts: tuple[int, ...]
    buckets: U8

    def part(self, number: int) -> Positions:
        """The places of one part."""
        start, end = self.cuts[number : number + 2]
        with open(self.path, "rb", buffering=0) as file:
            keys, texts = (
                np.fromfile(file, np.uint32, end - start, offset=4 * (base + start) - file.tell())
                for base in (0, self.places)
            )
            marks = np.fromfile(file, np.uint8, end - start, offset=8 * self.places + start - file.tell())
        return Positions(keys, texts, marks, np.empty(0, np.uint32))


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

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-self.layout.shards // self._step)

    @property
    def _step(self) -> int:
        groups = -(-self.layout.shards // self.tier.group)
        return -(-groups // max(1, self.tier.items // _PART)) * self.tier.group

    def run(self, first: int, texts: Sequence[bytes]) -> Run:
        """Cut up to ``RUN`` packed texts.

        :param first: the number of the first of them.
        """
        batches = []
        for start in range(0, len(texts), _BATCH):
            places = read_positions(texts[start : start + _BATCH])
            np.add(places.texts, np.uint32(first + start), out=places.texts)
            batches.append(places)
        places = joined(batches)
        high = (places.keys >> np.uint32(16)).astype(np.uint16)
        order = np.argsort(high, kind="stable")
        edges = np.array([*(self.layout.edge(first) for first in range(0, self.layout.shards, self._step)), 65536])
        path = f"{self.folder}/{self.tier.name}-{first}"
        with open(path, "wb", buffering=0) as file:
            for values in (places.keys, places.texts, places.marks):
                values[order].tofile(file)
        cuts = np.searchsorted(high[order].astype(np.uint32), edges).tolist()
        return Run(path, len(order), tuple(cuts), length_buckets(places.lengths))

    def part(self, number: int, runs: Sequence[Run]) -> Iterator[File]:
        """The files of one part.

        :param runs: of all texts, in order.
        """
        places = joined([run.part(number) for run in runs])
        buckets = np.concatenate([run.buckets for run in runs])
        own = self.layout.is_common[places.keys >> np.uint32(16)]
        masks = (~own, own) if own.any() else (slice(None),)
        postings = [
            gather(
                Positions(places.keys[mask], places.texts[mask], places.marks[mask], places.lengths),
                buckets,
                self.tier.dropped,
            )
            for mask in masks
        ]
        first = number * self._step
        yield from part_files(self.tier, self.stamp, self.layout, postings, first, first + self._step)


def tier_files(tier: Tier, entries: Sequence[Entry]) -> Iterator[File]:
    """All files of a tier, made in this process.

    :param entries: its items, ordered by :attr:`Entry.place`.
    """
    layout = layout_of(tier, [entries[number].text for number in tier.sample])
    stamp = stamp_of((entry.code for entry in entries), layout)
    yield from document_files(tier, stamp, entries)
    with TemporaryDirectory() as folder:
        terms = TierTerms(tier, stamp, layout, Path(folder).as_posix())
        runs = [terms.run(first, [entry.text for entry in entries[first : first + RUN]]) for first in terms.runs]
        for number in range(terms.parts):
            yield from terms.part(number, runs)


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


def index_file(tiers: Sequence[tuple[Tier, Sequence[str], Sequence[bytes]]]) -> File:
    """The file that is read first.

    :param tiers: with the codes of their items and the packed texts of their samples, the oldest first.
    """
    rows = []
    for tier, codes, sample in tiers:
        layout = layout_of(tier, sample)
        stamp = stamp_of(codes, layout)
        rows.append([tier.name, stamp, tier.items, tier.shards, tier.block, tier.group, tier.dropped, layout.written()])
    return "index.js", script("index", "", {"tiers": rows})
