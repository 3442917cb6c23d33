"""Entries → the files of the index, tier by tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gongkai_ssg.search import bits
from gongkai_ssg.search.documents import File, document_files, stamp_of
from gongkai_ssg.search.entry import Entry
from gongkai_ssg.search.positions import Positions, read_positions
from gongkai_ssg.search.postings import Postings, gather, joined, length_buckets
from gongkai_ssg.search.shards import binary_script, follower_texts, script
from gongkai_ssg.search.tiers import Tier

BATCH = 128
"""Texts cut at once: the arrays stay near the processor."""

_PART = 120_000
"""About how many places are sorted at once, for the same reason."""


def tier_files(tier: Tier, entries: Sequence[Entry]) -> Iterator[File]:
    """All files of a tier.

    :param entries: its items, ordered by :attr:`Entry.place`.
    """
    stamp = stamp_of(entry.code for entry in entries)
    yield from document_files(tier, stamp, entries)
    yield from term_files(tier, stamp, [entry.text for entry in entries])


def term_files(tier: Tier, stamp: str, texts: Sequence[bytes]) -> Iterator[File]:
    """The files of a tier's terms and followers."""
    batches = [_numbered(texts, start) for start in range(0, len(texts), BATCH)]
    buckets = length_buckets(np.concatenate([batch.lengths for batch in batches]))
    bounds = bits.shard_bounds(tier.shards)
    total = sum(len(batch.keys) for batch in batches)
    groups = -(-tier.shards // tier.group)
    step = -(-groups // max(1, total // _PART)) * tier.group
    firsts = range(0, tier.shards, step)
    edges = [bounds[first] for first in (*firsts, tier.shards)]
    cuts = [np.searchsorted(batch.keys >> np.uint32(16), edges).tolist() for batch in batches]
    for part, first in enumerate(firsts):
        places = joined([_slice(batch, *cut[part : part + 2]) for batch, cut in zip(batches, cuts, strict=True)])
        yield from part_files(tier, stamp, gather(places, buckets, tier.dropped), first, bounds[first : first + step + 1])


def _numbered(texts: Sequence[bytes], start: int) -> Positions:
    places = read_positions(texts[start : start + BATCH])
    order = np.argsort((places.keys >> np.uint32(16)).astype(np.uint16), kind="stable")
    return Positions(places.keys[order], places.texts[order] + np.uint32(start), places.marks[order], places.lengths)


def _slice(places: Positions, start: int, end: int) -> Positions:
    return replace(
        places, keys=places.keys[start:end], texts=places.texts[start:end], marks=places.marks[start:end]
    )


def part_files(tier: Tier, stamp: str, postings: Postings, first: int, bounds: list[int]) -> Iterator[File]:
    """The files of consecutive shards, from the first on.

    :param first: a multiple of the tier's ``group``.
    :param bounds: of the shards, from :func:`bits.shard_bounds`.
    """
    for number, data in enumerate(bits.encode(postings, tier.items, tier.dropped, bounds), first):
        yield f"{tier.name}/{number}.js", binary_script(f"{tier.name}/{number}", stamp, data)
    cuts = bits.key_cuts(postings.keys, bounds)
    texts = follower_texts(postings, cuts)
    for start in range(0, len(texts), tier.group):
        name = f"{tier.name}/f{(first + start) // tier.group}"
        yield f"{name}.js", script(name, stamp, texts[start : start + tier.group])


def index_file(tiers: Sequence[tuple[Tier, str]]) -> File:
    """The file that is read first.

    :param tiers: with their stamps, the oldest first.
    """
    rows = [[tier.name, stamp, tier.items, tier.shards, tier.block, tier.group, tier.dropped] for tier, stamp in tiers]
    return "index.js", script("index", "", {"tiers": rows})
